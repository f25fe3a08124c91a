"""Traffic between two namespaces of a lab, started and measured."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

SCRIPT = Path(__file__).with_name("traffic.py")
METER = Path(__file__).with_name("meter.py")


def serve(namespace, kind, host, port):
    """Start an `echo`, `sink` or `source` server and wait until it listens."""
    process = namespace.python(SCRIPT, kind, host, port, stdout=subprocess.PIPE, text=True)
    if process.stdout.readline() != "ready\n":
        raise AssertionError(f"{kind} on {host}:{port} in {namespace.name} did not start")
    return process


class Probe:
    """20 packets a second from a device through the tunnel and back."""

    def __init__(self, namespace, host, port=7000, rate=20):
        self.process = namespace.python(SCRIPT, "probe", host, port, rate, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def stop(self):
        """End it and return what it measured: sent, received, lost, longest_silence, lost_at."""
        self.process.terminate()
        out, _ = self.process.communicate(timeout=10)
        return json.loads(out)


@contextlib.contextmanager
def measured(namespace, host, port=7000, settle=0.5, rate=20):
    """Probe while the block runs, and half a second before and after it; the figures are in the yielded dict."""
    result = {}
    probe = Probe(namespace, host, port, rate)
    try:
        time.sleep(settle)
        yield result
        time.sleep(settle)
    finally:
        result.update(probe.stop())


def transfer(namespace, host, port, count, timeout=60):
    """Send `count` bytes by TCP; returns bytes that arrived and seconds."""
    done = namespace.run(sys.executable, SCRIPT, "send", host, port, count, timeout=timeout)
    return json.loads(done.stdout)


def fetch(namespace, host, port, count, timeout=60):
    """Have a `source` send `count` bytes; returns bytes that arrived and seconds."""
    done = namespace.run(sys.executable, SCRIPT, "fetch", host, port, count, timeout=timeout)
    return json.loads(done.stdout)


def pings(namespace, host, count=1, wait=2, size=None):
    """Whether a ping is answered."""
    extra = ["-s", size, "-M", "do"] if size else []
    return namespace.run("ping", "-n", "-q", "-c", count, "-i", "0.2", "-W", wait, *extra, host, check=False).returncode == 0


class Capture:
    """Packets that tcpdump sees on a link, as its lines."""

    def __init__(self, namespace, link, *expression):
        self.process = namespace.start(
            "tcpdump", "-l", "-n", "-i", link, "--immediate-mode", *expression,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while "listening on" not in (line := self.process.stderr.readline()):
            if not line:
                raise AssertionError("tcpdump did not start")

    def stop(self):
        time.sleep(0.2)
        self.process.terminate()
        out, _ = self.process.communicate(timeout=10)
        return [line for line in out.splitlines() if line.strip()]


class Meter:
    """What crosses a tunnel, in bytes of IP packets."""

    def __init__(self, namespace, link="wg0"):
        self.process = namespace.python(METER, link, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise AssertionError(f"the meter on {link} did not start")

    def stop(self):
        """End it: `received` and `sent` of all, and pairs of them by `addresses` of the other end."""
        self.process.terminate()
        out, _ = self.process.communicate(timeout=30)
        counted = json.loads(out)
        if counted["dropped"]:
            raise AssertionError(f"the meter missed {counted['dropped']} packets")
        return counted
