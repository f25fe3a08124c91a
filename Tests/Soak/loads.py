"""What happens all the time: packets of untouched peers, transfers, requests, queries, pushes. Each ends with `stop`."""

import json
import subprocess
import threading
import time
from pathlib import Path

from lab import topology
from lab.flows import Probe, fetch, serve
from lab.namespace import run
from scene import SERVER, git

CLIENTS = Path(__file__).with_name("clients")
# What a push may take until the kernel has it: the poll of the remote and a pass, on a machine that is busy.
PUSHED_WITHIN = 30


class Probes:
    """20 numbered packets a second each way, of three devices: to the LAN behind the gateway, to the gateway, to its IPv6 address."""

    def __init__(self, scene):
        serve(scene.lab.lan, "echo", topology.LAN, 7000)
        for address in (SERVER, "fd42:8::1"):
            serve(scene.lab.gw, "echo", address, 7000)
        targets = [topology.LAN, SERVER, "fd42:8::1"]
        self.probes = {
            f"device{number} to {target}": Probe(device.namespace, target)
            for number, (device, target) in enumerate(zip(scene.devices, targets), 2)
        }  # fmt: skip

    def stop(self):
        return {name: probe.stop() for name, probe in self.probes.items()}


class Client:
    """One of the scripts in `clients`, in a namespace."""

    def __init__(self, namespace, script, *arguments):
        self.process = namespace.python(
            CLIENTS / script, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        if self.process.stdout.readline() != "asking\n":
            raise AssertionError(f"{script} did not start")

    def stop(self):
        # What it is at, it finishes.
        told, _ = self.process.communicate(timeout=180)
        return json.loads(told)


class Repeated(threading.Thread):
    """Something that is done again and again until it is stopped; what it raises is raised by `stop`."""

    def __init__(self, pause):
        super().__init__(name=type(self).__name__)
        self.pause = pause
        self.ending = threading.Event()
        self.fault = None
        self.start()

    def run(self):
        try:
            while not self.ending.wait(self.pause):
                self.once()
        except BaseException as error:
            self.fault = error

    def stop(self):
        self.ending.set()
        self.join()
        if self.fault:
            raise self.fault


class Transfers(Repeated):
    """A megabyte from the LAN to a device, again and again."""

    SIZE = 1 << 20

    def __init__(self, scene):
        self.namespace = scene.devices[-1].namespace
        serve(scene.lab.lan, "source", topology.LAN, 7002)
        self.count, self.short = 0, 0
        super().__init__(0.5)

    def once(self):
        self.count += 1
        if fetch(self.namespace, topology.LAN, 7002, self.SIZE)["bytes"] != self.SIZE:
            self.short += 1


class Pushes(Repeated):
    """Somebody with a clone adds and removes peers and pushes; each time the kernel has to follow."""

    KEPT = 5

    def __init__(self, scene):
        self.scene = scene
        self.number, self.retries = 0, 0
        self.present = []
        self.seconds, self.late = [], []
        super().__init__(5)

    def once(self):
        self.number += 1
        name, key = f"pushed{self.number}", self.scene.key()
        gone = self.present.pop(0) if len(self.present) >= self.KEPT else None

        def edit():
            path = self.scene.clone / f"peers/wg1/{name}.yaml"
            path.write_text(f"kind: Peer\nname: {name}\ninterface: wg1\nip: 10.9.0.{100 + self.number % 100}\npublic_key: {key}\n")
            if gone:
                (self.scene.clone / f"peers/wg1/{gone[0]}.yaml").unlink()

        self.push(edit, f"Add {name}")
        self.present.append((name, key))
        began = time.monotonic()
        while not self.is_there(key, gone):
            if time.monotonic() - began > 4 * PUSHED_WITHIN or self.ending.is_set() and time.monotonic() - began > PUSHED_WITHIN:
                self.late.append((name, None))
                return
            time.sleep(0.1)
        self.seconds.append((round(time.time(), 1), round(time.monotonic() - began, 2)))
        if self.seconds[-1][1] > PUSHED_WITHIN:
            self.late.append((name, self.seconds[-1][1]))

    def is_there(self, key, gone):
        peers = self.scene.peers("wg1")
        return peers is not None and key in peers and (gone is None or gone[1] not in peers)

    def push(self, edit, message):
        """Commits on what is there now, and again where the gateway was faster."""
        for _ in range(20):
            git(self.scene.clone, "fetch", "-q")
            git(self.scene.clone, "reset", "-q", "--hard", "origin/main")
            edit()
            git(self.scene.clone, "add", "-A")
            git(self.scene.clone, "commit", "-q", "-m", message)
            if run("git", "-C", self.scene.clone, "push", "-q", check=False).returncode == 0:
                return
            self.retries += 1
        raise AssertionError(f"{message}: 20 pushes were refused")
