"""A server that takes notifications, and what it was sent."""

import hashlib
import hmac
import json
import subprocess

from .namespace import wait_for

SCRIPT = "ListServer/server.py"


class Receiver:
    """Listens on the loopback interface of a gateway's namespace until its input ends."""

    def __init__(self, gateway, directory, tests):
        self.directory = directory
        directory.mkdir()
        self.process = gateway.namespace.python(
            tests / SCRIPT, "127.0.0.1", directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.port = int(self.process.stdout.readline())

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"

    def posts(self, path=None):
        """What was posted, in order: path, headers and body as it came."""
        files = sorted((self.directory / "posts").glob("*"), key=lambda file: int(file.name))
        found = [json.loads(file.read_text()) for file in files if file.stat().st_size]
        return [post for post in found if path is None or post["path"] == f"/{path}"]

    def messages(self, path=None):
        return [json.loads(post["body"]) for post in self.posts(path)]

    def wait_for(self, kind, state, path=None, seconds=60):
        """The first message of a kind and state."""
        return wait_for(
            lambda: next((m for m in self.messages(path) if (m["kind"], m["state"]) == (kind, state)), None),
            seconds, what=f"{kind} {state}")  # fmt: skip

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def signature(body, key):
    return "sha256=" + hmac.new(key.strip().encode(), body.encode(), hashlib.sha256).hexdigest()
