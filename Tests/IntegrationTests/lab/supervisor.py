"""A small service manager that speaks sd_notify(3) for real: what is told, kept descriptors, the watchdog's pings."""

import array
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .namespace import wait_for

FIRST = 3


class Supervisor:
    """Starts `serve` of a gateway with a notify socket and hands kept descriptors over at each start."""

    def __init__(self, gateway, abstract=False, watchdog=None, path=None, stranger=False):
        self.gateway = gateway
        self.watchdog = watchdog
        self.path = path
        self.stranger = stranger  # the watchdog is another process's
        self.told = []
        self.store = []  # (name, descriptor)
        self.lock = threading.Lock()
        self.folder = Path(tempfile.mkdtemp(prefix="wbs"))
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        if abstract:
            # An abstract name belongs to a network namespace: the daemon's.
            self.name = f"@wirebuddy-test-{os.getpid()}"
            self.socket.close()
            self.socket = bound_in(gateway.namespace, "\0" + self.name[1:])
        else:
            self.name = str(self.folder / "notify")
            self.socket.bind(self.name)
        self.process = None
        self.is_ending = False
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        self.socket.settimeout(0.2)
        while not self.is_ending:
            try:
                text, control, _, _ = self.socket.recvmsg(4096, 8192)
            except TimeoutError:
                continue
            descriptors = array.array("i")
            for level, kind, data in control:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
            self.take(text.decode().split("\n"), list(descriptors))

    def take(self, lines, descriptors):
        fields = dict(line.split("=", 1) for line in lines)
        with self.lock:
            self.told.append((time.monotonic(), fields))
            name = fields.get("FDNAME")
            if fields.get("FDSTORE") == "1":
                assert ":" not in name and len(name) <= 255
                self.store += [(name, descriptor) for descriptor in descriptors]
                return
            if fields.get("FDSTOREREMOVE") == "1":
                for kept, descriptor in self.store:
                    if kept == name:
                        os.close(descriptor)
                self.store = [pair for pair in self.store if pair[0] != name]
        for descriptor in descriptors:
            os.close(descriptor)

    def start(self, ready=True):
        with self.lock:
            kept = list(self.store)
        since = len(self.told)
        environment = os.environ | {"NOTIFY_SOCKET": self.name, "FDSTORE": "64"}
        if self.path:
            environment["PATH"] = f"{self.path}:{environment['PATH']}"
        if self.watchdog:
            environment["WATCHDOG_USEC"] = str(int(self.watchdog * 1_000_000))

        words = self.gateway.namespace.command(*self.gateway.arguments("serve"))
        script = f'export LISTEN_PID=$$ WATCHDOG_PID={1 if self.stranger else "$$"}; exec "$@"'
        if kept:
            environment |= {"LISTEN_FDS": str(len(kept)), "LISTEN_FDNAMES": ":".join(name for name, _ in kept)}

        def place():
            # First out of the way, then to 3 and above in their order.
            high = [os.dup2(descriptor, 200 + index) for index, (_, descriptor) in enumerate(kept)]
            for index, descriptor in enumerate(high):
                os.dup2(descriptor, FIRST + index, inheritable=True)
                os.close(descriptor)

        with open(self.gateway.log, "ab") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", script, "sh", *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                preexec_fn=place, pass_fds=tuple(range(FIRST, FIRST + len(kept))))  # fmt: skip
        self.gateway.namespace.started.append(self.process)
        self.gateway.daemon = self.process
        if ready:
            wait_for(lambda: self.has("READY", since) or self.process.poll() is not None, 40, what="READY=1")
            assert self.process.poll() is None, self.gateway.log_tail()

    def has(self, key, since=0):
        """Whether a message with this key came."""
        return any(key in fields for _, fields in self.told[since:])

    def values(self, key, since=0):
        return [fields[key] for _, fields in self.told[since:] if key in fields]

    def end(self, signal_number=signal.SIGTERM):
        self.process.send_signal(signal_number)
        code = self.process.wait(timeout=20)
        self.gateway.daemon = None
        return code

    def names(self):
        with self.lock:
            return sorted({name for name, _ in self.store})

    def close(self):
        self.is_ending = True
        self.thread.join()
        self.socket.close()
        for _, descriptor in self.store:
            os.close(descriptor)
        self.store = []
        shutil.rmtree(self.folder)


def bound_in(namespace, name):
    """A datagram socket bound in the network namespace of a lab; its thread returns to ours."""
    made = []

    def work():
        with open(f"/proc/{namespace.holder.pid}/ns/net") as other:
            # os.setns came with Python 3.12.
            if ctypes.CDLL(None, use_errno=True).setns(other.fileno(), 0x40000000) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        made.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        made[0].bind(name)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return made[0]
