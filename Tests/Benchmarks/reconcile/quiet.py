"""Proof that a pass with nothing to do writes nothing: neither to kernel, nor database, nor disk."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

CALLS = [
    "write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg", "openat", "open", "creat",
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "link", "linkat", "symlink",
    "symlinkat", "truncate", "ftruncate", "fallocate", "fsync", "fdatasync", "sync_file_range", "chmod", "fchmod",
    "fchmodat", "utimensat", "setsockopt", "ioctl", "execve", "clone", "clone3", "fork", "vfork",
]  # fmt: skip
LINE = re.compile(r"^(?:\[pid\s+\d+\]\s+|\d+\s+)?(\w+)\((.*)$")


class Trace:
    """The system calls of a process and its children while the block runs."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        self.file = tempfile.NamedTemporaryFile(mode="r", prefix="wirebuddy-trace-", suffix=".txt")
        self.process = subprocess.Popen(
            ["strace", "-f", "-qq", "-yy", "-s", "65536", "-e", "trace=" + ",".join(CALLS), "-e", "signal=none",
             "-o", self.file.name, "-p", str(self.pid)],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        # Attached once every thread has a tracer.
        threads = Path(f"/proc/{self.pid}/task")
        for _ in range(500):
            if all("TracerPid:\t0\n" not in status(thread) for thread in threads.iterdir()):
                break
            self.process.poll()
            if self.process.returncode is not None:
                raise AssertionError("strace can't attach")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.lines = self.file.read().splitlines()
        self.file.close()

    def calls(self):
        """Name and arguments of each call; the second half of an interrupted one is left out."""
        for line in self.lines:
            if match := LINE.match(line):
                yield match.group(1), match.group(2)


def status(thread):
    """What the kernel says of a thread, nothing of one that has ended."""
    try:
        return (thread / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_harmless(name, arguments, log):
    """Whether a call writes nothing that anybody could see: it reads, wakes a thread, or is the log we asked for."""
    target = arguments.split(",", 1)[0]
    if name in ("openat", "open"):
        return not re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", arguments) or is_lock(arguments)
    if name in ("write", "writev") and ("eventfd" in target or "pipe:" in target or log in target):
        return True
    if name in ("clone", "clone3"):
        return "CLONE_THREAD" in arguments
    if name == "setsockopt":
        return True  # on a socket of our own
    if "NETLINK" in target:
        kinds = set(re.findall(r"(?:nlmsg_type|type)=([\w:]+)", arguments))
        return bool(kinds) and not any(re.search(r"NEW|DEL|SET", kind) for kind in kinds)
    if name in ("sendto", "sendmsg") and "UNIX" in target:
        # The question to the userspace device, and the one to the running git.
        return re.search(r'"(get=1\\n\\n|(contents )?refs/heads/\S+\^\{commit\}\\n(flush\\n)?)"', arguments) is not None
    return False


def is_lock(arguments):
    """The lock of the pass is a file that is opened for writing, as flock(2) over NFS asks for, and not written."""
    return re.search(r'/netns-\d+/pass"', arguments) is not None


def contents(folder):
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in Path(folder).rglob("*") if path.is_file()
    }  # fmt: skip


def written_bytes(pid):
    """What the kernel counted as written to disk by the process."""
    return int(re.search(r"^write_bytes: (\d+)", Path(f"/proc/{pid}/io").read_text(), re.M).group(1))


def check(figures, gateway, passes, is_idle, count=3):
    """Traces whole passes and compares the files of state and repository before and after."""
    passes.new()
    passes.wait(is_idle)
    before = contents(gateway.state) | contents(gateway.config)
    written = written_bytes(gateway.pid())
    with Trace(gateway.pid()) as trace:
        passes.new()
        for _ in range(count):
            passes.wait(is_idle)
    log = os.path.realpath(gateway.log)
    writes = [f"{name}({arguments[:160]}" for name, arguments in trace.calls() if not is_harmless(name, arguments, log)]
    figures.fact("idle pass: calls that write", not writes, f"{len(writes)} in {count} passes")
    for line in sorted(set(writes))[:20]:
        print(f"    {line}")
    after = contents(gateway.state) | contents(gateway.config)
    moved = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    figures.fact("idle pass: files of state and repository", not moved, f"{len(moved)} changed")
    for path in moved[:10]:
        print(f"    {path}")
    # The log line of each pass is the only thing that may reach a disk.
    grown = written_bytes(gateway.pid()) - written
    figures.fact("idle pass: bytes to disk but the log", grown <= 4096 * (count + 2), str(grown))


def uapi_writes(gateway, act, wait):
    """How many peers are named in what is written to the userspace device between an act and the pass after it."""
    with Trace(gateway.pid()) as trace:
        act()
        wait()
    peers = 0
    for name, arguments in trace.calls():
        if name in ("sendto", "sendmsg") and "set=1\\n" in arguments:
            peers += arguments.count("public_key=")
    return peers
