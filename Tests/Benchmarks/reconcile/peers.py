"""The same peers as a git repository of one file per peer and as a configuration of wg, from a fixed seed."""

import base64
import random
import subprocess

from lab.gateway import document
from lab.namespace import run

INTERFACE = {"address": "[10.64.0.1/10, fd42:8::1/64]", "listen_port": 51820, "backend": "userspace"}


class Peers:
    def __init__(self, count, seed):
        self.random = random.Random(seed)
        #: What stands in every document besides.
        self.fields = {}
        # Any 32 bytes are a public key; nobody has the private parts.
        self.keys = [self.key() for _ in range(count)]

    def key(self):
        return base64.b64encode(self.random.randbytes(32)).decode()

    def addresses(self, number):
        number += 2
        return f"10.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}", f"fd42:8::{number:x}"

    def configuration(self, private_key):
        """What `wg setconf` reads."""
        text = [f"[Interface]\nPrivateKey = {private_key}\nListenPort = 51820\n"]
        for number, key in enumerate(self.keys):
            v4, v6 = self.addresses(number)
            text.append(f"[Peer]\nPublicKey = {key}\nAllowedIPs = {v4}/32, {v6}/128\n")
        return "".join(text)

    def document(self, number, key, **fields):
        v4, v6 = self.addresses(number)
        return document("Peer", name=f"peer{number:05}", interface="wg0", ip=f"[{v4}, {v6}]", public_key=key,
                        routing_mode="vpn_only", **self.fields | fields)  # fmt: skip

    def path(self, number):
        return f"peers/wg0/peer{number:05}.yaml"

    def files(self):
        """Path and text of every file."""
        yield "settings.yaml", document("Settings", reconcile="{interval: 2s}")
        yield "interfaces/wg0.yaml", document("Interface", name="wg0", **INTERFACE)
        for number, key in enumerate(self.keys):
            yield self.path(number), self.document(number, key)

    def repository(self, folder):
        """Makes `folder` a git repository with one commit of all files, as `git add` and `git commit` would."""
        git(folder, "init", "-q", "-b", "main")
        stream = [b"commit refs/heads/main\ncommitter bench <bench@localhost> 1700000000 +0000\ndata 5\npeers\n"]
        for path, text in self.files():
            data = text.encode()
            stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
        subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input=b"".join(stream), check=True)
        git(folder, "reset", "-q", "--hard")


def git(folder, *words):
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0"]
    return run("git", "-C", folder, *identity, *words).stdout.strip()


def commit(folder, path, text):
    """Writes one file and commits it."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    commit_all(folder, path)


def commit_all(folder, path="."):
    """Commits what was written at a path, or everything."""
    git(folder, "add", path)
    git(folder, "commit", "-q", "-m", path)
