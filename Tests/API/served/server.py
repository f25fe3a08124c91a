"""`wirebuddy serve` over a repository of `wirebuddy init`, with its API and people who use it."""

import re
import socket
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta

import httpx
from lab.gateway import Gateway
from lab.namespace import wait_for

from .isolation import isolate

URL = "http://127.0.0.1:8080"
SETTINGS = """\
rate_limits:
  exempt: [127.0.0.0/8]
"""


class Server(Gateway):
    """A gateway whose API listens at `URL` of this process's namespaces. Its requests are not limited, unless
    `settings` say otherwise."""

    def __init__(self, directory, settings=SETTINGS, host="", wg0="address+=fd42:8::1/64"):
        super().__init__(isolate(), directory)
        self.host_file.write_text(f"userspace: wireguard-go\napi:\n  listen: [127.0.0.1:8080]\n{host}")
        self.admin_password = self.json("init")["admin"]["password"]
        if settings:
            file = self.config / "settings.yaml"
            file.write_text(file.read_text().rstrip("\n") + "\n" + settings)
            self.commit("Settings of the tests")
        self.wirebuddy("interface", "set", "wg0", f"backend={self.backend}", wg0, "endpoint=vpn.example.com:51820")
        self.tokens = {}
        # A new connection for each request, as the daemon may be another by then; no TLS, so no certificates are read.
        self.http = httpx.Client(verify=False, timeout=90, limits=httpx.Limits(max_keepalive_connections=0))
        #: Namespaces of devices that connect to it.
        self.devices = []

    # Life

    def start(self):
        """Starts the daemon and waits until it is ready."""
        self.serve(wait=False)
        wait_for(self.is_ready, 30, what=f"a gateway that is ready{self.log_tail()}")
        return self

    def is_ready(self):
        if self.daemon.poll() is not None:
            raise AssertionError(f"serve ended with {self.daemon.returncode}{self.log_tail()}")
        try:
            return self.http.get(URL + "/readyz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def close(self):
        if self.daemon is not None and self.daemon.poll() is None:
            self.stop()
        self.http.close()
        self.namespace.close()

    # People

    def token(self, name="full", permission="full", *words):
        """The value of a new token of the admin, made by the command line."""
        made = self.wirebuddy("token", "create", name, "--permission", permission, *words)
        value = made.stdout.strip()
        assert re.fullmatch(r"wb_[0-9A-Za-z]{43,}", value), "the token stands alone on stdout"
        return value

    @property
    def admin(self):
        """A token that may do everything."""
        if "admin" not in self.tokens:
            self.tokens["admin"] = self.token("tests")
        return self.tokens["admin"]

    def session(self, username="admin", password=None):
        """The token of a new session."""
        body = {"username": username, "password": password or self.admin_password}
        return self.post("/api/auth/login", body, token=None).json()["data"]["token"]

    def user(self, username, **fields):
        """A new user, as his GET shows him."""
        body = {
            "username": username,
            "email": f"{username}@example.com",
            "password": "SecurePassword123!",
            "role": "user",
        }
        return self.post("/api/users", body | fields, expect=201).json()["data"]

    def peer(self, name, **fields):
        """A new peer, as its GET shows it."""
        return self.post("/api/peers", {"name": name, "interface": "wg0"} | fields, expect=201).json()["data"]

    # Requests

    @property
    def socket(self):
        """The unix socket of the daemon."""
        return self.state / "wirebuddy.sock"

    def request(self, method, path, body=None, token="admin", expect=None, headers=None, **options):
        """One request; with `expect` its status is checked."""
        headers = dict(headers or {})
        value = self.admin if token == "admin" else token
        if value is not None:
            headers.setdefault("Authorization", f"Bearer {value}")
        if body is not None:
            options["json"] = body
        answer = self.http.request(method, URL + path, headers=headers, **options)
        # The session of a login is that of its token alone.
        self.http.cookies.clear()
        if expect is not None and answer.status_code != expect:
            raise AssertionError(
                f"{method} {path}: {answer.status_code}, expected {expect}\n{answer.text}{self.log_tail()}"
            )
        return answer

    def get(self, path, expect=200, **options):
        return self.request("GET", path, expect=expect, **options)

    def post(self, path, body=None, expect=200, **options):
        return self.request("POST", path, body, expect=expect, **options)

    def put(self, path, body=None, expect=200, **options):
        return self.request("PUT", path, body, expect=expect, **options)

    def patch(self, path, body=None, expect=200, **options):
        return self.request("PATCH", path, body, expect=expect, **options)

    def delete(self, path, expect=200, **options):
        return self.request("DELETE", path, expect=expect, **options)

    def raw(self, data, timeout=10):
        """What the gateway answers to these bytes, until it closes the connection or is silent."""
        with socket.create_connection(("127.0.0.1", 8080), timeout=timeout) as connection:
            try:
                connection.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass
            return received(connection)

    # The repository

    def git(self, *words, check=True):
        done = subprocess.run(["git", "-C", self.config, *words], capture_output=True, text=True)
        if check and done.returncode != 0:
            raise AssertionError(f"git {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def commit(self, message, name="Anna", email="anna@example.com"):
        self.git("add", "-A")
        self.git("-c", f"user.name={name}", "-c", f"user.email={email}", "commit", "-q", "-m", message)

    @property
    def head(self):
        return self.git("rev-parse", "HEAD")

    def file_of(self, name):
        """The text of the file of a peer."""
        (path,) = [path for path in self.config.rglob("*.yaml") if f"\nname: {name}\n" in path.read_text()]
        return path.read_text()

    def database(self, statement, *values):
        """Changes the database behind the gateway's back."""
        with sqlite3.connect(self.state / "wirebuddy.db", timeout=10) as connection:
            return connection.execute(statement, values).fetchall()


def in_an_hour():
    """The time in an hour, as the API takes it."""
    return f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"


def received(connection):
    chunks = []
    try:
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    except (TimeoutError, ConnectionResetError):
        pass
    return b"".join(chunks)
