"""The daemon at its unix socket, as the commands reach it."""

import http.client
import json
import os
import socket


class Local(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        # By its directory: the path of a test may be longer than the name of a socket.
        directory = os.open(self.path.parent, os.O_PATH)
        try:
            self.sock.connect(f"/proc/self/fd/{directory}/{self.path.name}")
        finally:
            os.close(directory)


def answer(gateway, method, path, body=None):
    """The status, the headers and the bytes of an answer at the daemon's socket."""
    connection = Local(gateway.state / "wirebuddy.sock")
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    got = connection.getresponse()
    return got.status, got.headers, got.read()


def ask(gateway, method, path, body=None):
    """The status and the JSON of an answer at the daemon's socket."""
    status, _, content = answer(gateway, method, path, body)
    return status, json.loads(content)
