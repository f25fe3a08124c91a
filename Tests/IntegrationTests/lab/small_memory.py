"""A control group with little memory, and a program in it that takes it all, so that the kernel ends another one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from .namespace import wait_for

ROOT = Path("/sys/fs/cgroup")
# What it takes is no part of its own size: it is not the largest process of the group.
EATER = """\
import os, sys
with open(sys.argv[1] + "/cgroup.procs", "w") as file:
    file.write("0")
eaten = os.memfd_create("eaten")
def lives(process):
    with open("/proc/" + process + "/stat") as file:
        return file.read().split()[2] not in "ZX"
while os.path.exists("/proc/" + sys.argv[2]) and lives(sys.argv[2]):
    os.write(eaten, bytes(1 << 20))
"""


class SmallMemory:
    """A group of 64 MiB. Where there is none to be had, `is_real` is false and SIGKILL stands for the kernel."""

    def __init__(self):
        memory = ROOT / "memory"
        version1 = (memory / "memory.limit_in_bytes").exists()
        self.group = (memory if version1 else ROOT) / f"wbt-{os.getpid()}"
        self.events = "memory.oom_control" if version1 else "memory.events"
        try:
            self.group.mkdir()
            (self.group / ("memory.limit_in_bytes" if version1 else "memory.max")).write_text(str(64 << 20))
            self.is_real = True
        except OSError as error:
            print(f"no group with a limit of memory here ({error}): SIGKILL stands for the kernel")
            self.is_real = False

    def end(self, process):
        """Let the kernel end a process for want of memory."""
        if not self.is_real:
            os.kill(process, signal.SIGKILL)
            return
        (self.group / "cgroup.procs").write_text(str(process))
        Path(f"/proc/{process}/oom_score_adj").write_text("1000")
        eater = subprocess.Popen([sys.executable, "-c", EATER, self.group, str(process)])
        try:
            wait_for(lambda: self.kills() > 0, 20, what="the kernel that ends a process")
        finally:
            eater.kill()
            eater.wait()

    def kills(self):
        """How many processes the kernel ended here."""
        lines = (self.group / self.events).read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    def close(self):
        if self.group.is_dir():
            wait_for(lambda: not (self.group / "cgroup.procs").read_text(), what="an empty group")
            self.group.rmdir()
