"""Looks at the daemon and what belongs to it every few seconds: memory, descriptors, threads, processor time, sizes on the disk."""

import os
import re
import threading
import time
from pathlib import Path

from lab.namespace import program

# Programs of the gateway besides the daemon; devices have namespaces of their own.
PROGRAMS = ("wireguard-go", "git")


class Samples(threading.Thread):
    def __init__(self, scene, pause):
        super().__init__(name="samples")
        self.gateway, self.namespace = scene.gateway, scene.gateway.namespace
        self.pid, self.pause = scene.gateway.pid(), pause
        self.ending = threading.Event()
        self.rows = []
        self.fault = None

    def stop(self):
        self.ending.set()
        self.join()
        if self.fault:
            raise self.fault

    def run(self):
        try:
            while True:
                self.rows.append(self.row())
                if self.ending.wait(self.pause):
                    return
        except BaseException as error:
            self.fault = error

    def row(self):
        row = {"time": round(time.time(), 2)} | process(self.pid)
        for name in PROGRAMS:
            # One that ended meanwhile is none.
            found = [told for pid in self.namespace.processes(name) if (told := process(pid, or_none=True))]
            row[f"{name} processes"] = len(found)
            row[f"{name} rss_mb"] = round(sum(one["rss_mb"] for one in found), 2)
            row[f"{name} descriptors"] = sum(one["descriptors"] for one in found)
        for name in ("wirebuddy", "history", "telemetry"):
            row[f"{name}.db mb"] = size(self.gateway.state.glob(f"{name}.db*"))
        row["log mb"] = size([self.gateway.log])
        if len(self.rows) % 10 == 0:
            row["repository mb"] = size(below(self.gateway.config / ".git"))
        return row


def process(pid, or_none=False):
    """Of one process: memory in MB, threads, descriptors, seconds of processor time."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
        descriptors = len(os.listdir(f"/proc/{pid}/fd"))
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        if or_none:
            return None
        raise
    values = dict(re.findall(r"^(\w+):\s+(\d+)", text, re.M))
    if "VmRSS" not in values:
        if or_none:
            return None  # it has ended, and nobody has asked for its exit code yet
        raise AssertionError(f"{program(pid)} {pid} has ended")
    return {
        "rss_mb": round(int(values["VmRSS"]) / 1024, 2), "anonymous_mb": round(int(values["RssAnon"]) / 1024, 2),
        "threads": int(values["Threads"]), "descriptors": descriptors,
        "processor_s": (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
    }  # fmt: skip


def below(folder):
    """All files; folders that go meanwhile are passed over."""
    return (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)


def size(files):
    total = 0
    for file in files:
        try:
            total += file.stat().st_size
        except OSError:
            pass  # gone between the look at the folder and at the file
    return round(total / 1e6, 3)
