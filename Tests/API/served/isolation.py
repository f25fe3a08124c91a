"""A network of one's own for the whole test process: the gateway, its clients and we ourselves live in it."""

import ctypes
import os
import signal
import subprocess
import time

from lab.namespace import processes_in, run

CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000
MS_REC, MS_PRIVATE = 16384, 1 << 18

_libc = ctypes.CDLL(None, use_errno=True)


def isolate():
    """Moves this process into new network and mount namespaces with an empty /run. What it starts lives there too.

    Each gateway of a test run has its own: where one is closed, the process goes back to where it was before.
    """
    before = [os.open(f"/proc/self/ns/{name}", os.O_RDONLY) for name in ("net", "mnt")]
    _check(_libc.unshare(CLONE_NEWNET | CLONE_NEWNS), "unshare")
    _check(_libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount --make-rprivate /")
    _check(_libc.mount(b"tmpfs", b"/run", b"tmpfs", 0, None), "mount /run")
    run("ip", "link", "set", "lo", "up")
    return Here(before)


def _check(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


class Here:
    """The namespaces of this process, with the methods of the lab's `Namespace`."""

    def __init__(self, before):
        self.before = before
        self.network = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.started = []

    def run(self, *command, **options):
        return run(*command, **options)

    def output(self, *command, **options):
        return run(*command, **options).stdout.strip()

    def start(self, *command, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen([str(word) for word in command], **options)
        self.started.append(process)
        return process

    def close(self):
        """Ends what was started here, and what that left behind, as wireguard-go."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
        deadline = time.monotonic() + 5
        while others := [pid for pid in processes_in(f"/proc/self/fd/{self.network}") if pid != os.getpid()]:
            if time.monotonic() > deadline:
                raise AssertionError(f"processes that don't end: {others}")
            for pid in others:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.02)
        os.close(self.network)
        for namespace in self.before:
            _check(_libc.setns(namespace, 0), "setns")
            os.close(namespace)
