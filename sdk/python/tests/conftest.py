"""A gateway that answers what a test tells it, on a real socket."""

import json
import sys
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))


class Gateway:
    """Answers requests in the order of `answers`, and keeps what was asked."""

    def __init__(self):
        self.answers = deque()
        self.requests = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                gateway.requests.append(
                    {"method": self.command, "path": self.path, "headers": self.headers, "body": body})  # fmt: skip
                status, headers, content = gateway.answers.popleft()
                if status == 0:
                    # The connection breaks before there is an answer.
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if isinstance(content, list):
                    # A stream: it ends with the connection.
                    self.send_header("Connection", "close")
                    self.end_headers()
                    for chunk in content:
                        self.wfile.write(chunk)
                        self.wfile.flush()
                    self.close_connection = True
                    return
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, status=200, body=None, **headers):
        content = body if isinstance(body, (bytes, list)) else json.dumps(body).encode()
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, {"Content-Type": "application/json", **names}, content))

    def refuse(self, status, error, message, details=None, **headers):
        self.answer(status, {"error": error, "message": message, "details": details or {}}, **headers)

    def lose(self):
        self.answers.append((0, {}, b""))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def gateway(monkeypatch):
    monkeypatch.delenv("WIREBUDDY_API_TOKEN", raising=False)
    gateway = Gateway()
    yield gateway
    gateway.close()


@pytest.fixture
def pauses():
    """The waits of a client that does not really wait."""
    return []


@pytest.fixture
def client(gateway, pauses):
    from wirebuddy import Client

    with Client(gateway.url, token="wb_test", sleep=pauses.append) as client:
        yield client
