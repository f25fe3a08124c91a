"""A forge that takes commit statuses: answers every POST with 201 and keeps what it was sent.

As a program: `forge.py DIRECTORY`, until its input ends.
"""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Forge:
    """Listens on the loopback interface of a gateway's namespace."""

    def __init__(self, gateway, directory):
        self.directory = directory
        directory.mkdir()
        self.process = gateway.namespace.python(
            __file__, directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def posts(self, path):
        """What was posted there, in order."""
        files = sorted(self.directory.iterdir(), key=lambda file: int(file.name))
        found = [json.loads(file.read_text()) for file in files]
        return [post for post in found if post["path"] == f"/{path}"]

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        place = Path(sys.argv[1]) / str(len(list(Path(sys.argv[1]).iterdir())) + 1)
        headers = {name.lower(): value for name, value in self.headers.items()}
        place.write_text(json.dumps({"path": self.path, "headers": headers, "body": body.decode()}))
        self.send_response(201)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
