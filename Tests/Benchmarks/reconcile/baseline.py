"""What wg takes for the peers, as processes."""

import os
import time
from pathlib import Path

from lab.namespace import Namespace, run, wait_for


class Device:
    """`wg0` by wireguard-go in a namespace of its own."""

    def __init__(self, name="wg"):
        self.namespace = Namespace(name)
        self.namespace.run("wireguard-go", "wg0")
        wait_for(lambda: self.namespace.run("wg", "show", "wg0", check=False).returncode == 0, what="wireguard-go")

    def __enter__(self):
        return self.namespace

    def __exit__(self, *_):
        self.namespace.close()


def configuration(peers, folder):
    """The file `wg setconf` reads."""
    file = folder / "wg0.conf"
    file.write_text(peers.configuration(run("wg", "genkey").stdout.strip()))
    return file


def setconf(file):
    """Seconds of `wg setconf` on an empty device, of a `wg show dump` after it, and wireguard-go's processor time."""
    with Device() as namespace:
        times = stopwatch(namespace, "wg", "setconf", "wg0", file), stopwatch(namespace, "wg", "show", "wg0", "dump")
        return *times, processor_time(namespace.processes("wireguard-go")[0])


def processor_time(pid):
    """Seconds that a process and its threads have run so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(figures, file):
    figures.part("What wg takes", "A namespace of its own with wireguard-go and the same peers; each figure is a process.")
    with Device() as namespace:
        namespace.run("wg", "setconf", "wg0", file)
        figures.timed("wg show dump", lambda: dump(namespace))
        figures.timed("wg syncconf, nothing to do", lambda: namespace.run("wg", "syncconf", "wg0", file))


def dump(namespace):
    return namespace.run("wg", "show", "wg0", "dump").stdout


def stopwatch(namespace, *command):
    start = time.monotonic()
    namespace.run(*command)
    return time.monotonic() - start
