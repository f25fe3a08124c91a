"""Network namespaces with their own /run, and everything that was started in them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

# Names are wbt-<pid of the test run>-<name>: a later run finds what a crashed one left behind.
PREFIX = "wbt"
NETNS = Path("/run/netns")


def run(*command, check=True, input=None, timeout=60, **options):
    """Run a command without a shell; its output is in the error when it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        capture_output=True,
        text=True,
        timeout=timeout,
        **options,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def wait_for(condition, seconds=10.0, interval=0.05, what="condition"):
    """Call `condition` until it answers something true, and return that."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(interval)


class Namespace:
    """One named network namespace and a mount namespace in which /run is empty and private.

    UAPI sockets of userspace WireGuard ignore network namespaces: without a private /run two gateways of one lab
    would find each other's.
    """

    def __init__(self, name):
        self.name = name
        self.full_name = f"{PREFIX}-{os.getpid()}-{name}"
        self.started = []
        run("ip", "netns", "add", self.full_name)
        self.holder = subprocess.Popen(
            ["ip", "netns", "exec", self.full_name, "sh", "-c",
             "mount --make-rprivate / && mount -t tmpfs tmpfs /run && echo ready && exec sleep infinity"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        if self.holder.stdout.readline() != "ready\n":
            raise AssertionError(f"no mount namespace for {self.full_name}")
        self.run("ip", "link", "set", "lo", "up")

    def command(self, *command):
        """The words that run `command` in this namespace."""
        return ["nsenter", f"--target={self.holder.pid}", "--net", "--mount", "--", *map(str, command)]

    def run(self, *command, **options):
        return run(*self.command(*command), **options)

    def output(self, *command, **options):
        return self.run(*command, **options).stdout.strip()

    def start(self, *command, **options):
        """Start a command that keeps running; it ends with the namespace at the latest."""
        options.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(self.command(*command), **options)
        self.started.append(process)
        return process

    def python(self, script, *arguments, **options):
        """Start one of our own scripts in the namespace."""
        return self.start(sys.executable, script, *arguments, **options)

    def processes(self, name=None):
        """Ids of the processes that live in this network namespace, of one program or all but the holder."""
        return [
            pid for pid in processes_in(NETNS / self.full_name)
            if pid != self.holder.pid and (name is None or program(pid) == name)
        ]  # fmt: skip

    def sysctl(self, key, value=None):
        if value is not None:
            self.run("sysctl", "-qw", f"{key}={value}")
        return self.output("sysctl", "-n", key)

    def close(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
        remove(self.full_name)
        self.holder.wait()
        self.holder.stdout.close()
        for process in self.started:
            process.wait()


def program(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return None


def processes_in(path):
    """Ids of the processes in the network namespace that is mounted at `path`."""
    inode = os.stat(path).st_ino
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if os.stat(f"/proc/{entry.name}/ns/net").st_ino == inode:
                    found.append(int(entry.name))
            except OSError:
                pass
    return found


def remove(full_name):
    """Kill what runs in one of our namespaces and remove it."""
    path = NETNS / full_name
    for _ in range(50):
        pids = processes_in(path)
        if not pids:
            break
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)
    run("ip", "netns", "delete", full_name, check=False)


def remove_leftovers():
    """Remove the namespaces of test runs that no longer live."""
    for path in NETNS.glob(f"{PREFIX}-*-*") if NETNS.is_dir() else []:
        pid = path.name.split("-")[1]
        if pid.isdigit() and int(pid) != os.getpid() and not Path(f"/proc/{pid}").exists():
            remove(path.name)
