"""WireBuddy itself, driven as a user would: its release binary, a folder of YAML and a state directory."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

from .namespace import wait_for

ROOT = Path(__file__).parents[3]
BINARY = Path(os.environ.get("WIREBUDDY", ROOT / ".build/release/wirebuddy"))

# Exit codes, the same for every command and output format.
DONE, ERROR, CHANGES, INVALID, RAIL, STALE, LOCKED, PARTLY = 0, 1, 2, 10, 11, 12, 13, 14


class Gateway:
    """A configuration folder applied to one namespace."""

    def __init__(self, namespace, directory, backend="userspace"):
        self.namespace = namespace
        self.directory = Path(directory)
        self.config = self.directory / "config"
        self.state = self.directory / "state"
        self.host_file = self.directory / "wirebuddy.yaml"
        self.backend = backend
        self.daemon = None
        self.config.mkdir(parents=True)
        self.state.mkdir(mode=0o700)
        self.host_file.write_text("userspace: wireguard-go\n")

    # The folder

    def write(self, path, text):
        """Write a file as editors do it: at once, by renaming."""
        file = self.config / path
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}.new")
        temporary.write_text(text)
        temporary.rename(file)

    def remove(self, path):
        (self.config / path).unlink()

    def copy(self, example):
        shutil.copytree(example, self.config, dirs_exist_ok=True)

    def interface(self, name="wg0", **fields):
        fields = {"address": "[10.8.0.1/24, fd42:8::1/64]", "listen_port": 51820, "backend": self.backend} | fields
        self.write(f"interfaces/{name}.yaml", document("Interface", name=name, **fields))

    def peer(self, name, key, number, interface="wg0", **fields):
        fields = {"ip": f"[10.8.0.{number}, fd42:8::{number:x}]", "public_key": key, "routing_mode": "vpn_only"} | fields
        fields = {field: value for field, value in fields.items() if value is not None}
        self.write(f"peers/{interface}/{name}.yaml", document("Peer", name=name, interface=interface, **fields))

    def settings(self, **fields):
        self.write("settings.yaml", document("Settings", **fields))

    # The commands

    def arguments(self, *words):
        return [BINARY, *words, "--config", self.config, "--state", self.state, "--host-file", self.host_file]

    def wirebuddy(self, *words, expect=DONE, timeout=60, **options):
        """Run one command and check its exit code; returns the finished process."""
        done = self.namespace.run(*self.arguments(*words), check=False, timeout=timeout, **options)
        codes = expect if isinstance(expect, (list, tuple)) else [expect]
        if done.returncode not in codes:
            raise AssertionError(
                f"wirebuddy {' '.join(map(str, words))}: exit {done.returncode}, expected {codes}\n"
                f"{done.stdout}{done.stderr}{self.log_tail()}"
            )
        return done

    def json(self, *words, **options):
        return json.loads(self.wirebuddy(*words, "--format", "json", **options).stdout)

    def plan(self, expect=CHANGES):
        return self.wirebuddy("plan", expect=expect)

    def apply(self, *words, expect=DONE):
        return self.wirebuddy("apply", *words, expect=expect)

    def apply_approved(self, *rails):
        """Apply what exactly these rails refuse, by the digests that the plan shows."""
        refusals = self.json("plan", expect=RAIL)["refusals"]
        assert {row["rail"] for row in refusals} == set(rails), refusals
        # Nobody here confirms what may lock him out.
        trial = ["--confirm-within", "0"] if {"admin-path", "remote-path"} & set(rails) else []
        return self.apply(*trial, *[word for row in refusals for word in ("--approve", row["digest"])])

    def is_in_sync(self):
        return self.namespace.run(*self.arguments("plan"), check=False).returncode == DONE

    # The daemon

    @property
    def log(self):
        return self.directory / "serve.log"

    def log_tail(self):
        return "\n-- serve.log --\n" + self.log.read_text()[-4000:] if self.log.exists() else ""

    def serve(self, wait=True):
        before = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.daemon = self.namespace.start(*self.arguments("serve"), stdout=log, stderr=log)
        if wait:
            # An empty plan alone may be the work of the daemon before; this one has begun when it tells its first pass.
            try:
                wait_for(lambda: b"look at it:" in self.log.read_bytes()[before:] or self.daemon.poll() is not None,
                         20, what="the first pass of serve")  # fmt: skip
            except AssertionError as error:
                raise AssertionError(f"{error}{self.log_tail()}") from None
            self.wait_in_sync()
        return self.daemon

    def wait_in_sync(self, seconds=20):
        try:
            wait_for(self.is_in_sync, seconds, interval=0.2, what="an empty plan")
        except AssertionError as error:
            plan = self.namespace.run(*self.arguments("plan"), check=False)
            raise AssertionError(f"{error}\n{plan.stdout}{plan.stderr}{self.log_tail()}") from None

    def pid(self):
        """The daemon's own id: `nsenter` becomes it by exec."""
        return self.daemon.pid

    def stop(self, signal_number=signal.SIGTERM, seconds=15):
        self.daemon.send_signal(signal_number)
        try:
            code = self.daemon.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"serve did not end within {seconds} s{self.log_tail()}") from None
        self.daemon = None
        return code

    # The kernel, as an admin sees it

    def peers(self, link="wg0"):
        """Allowed IPs by public key, as `wg` prints them; empty when there is no such link."""
        done = self.namespace.run("wg", "show", link, "allowed-ips", check=False)
        rows = (line.split("\t") for line in done.stdout.splitlines())
        return {key: set(prefixes.split()) - {"(none)"} for key, prefixes in rows}

    def has_link(self, link="wg0"):
        return self.namespace.run("ip", "link", "show", link, check=False).returncode == 0

    def addresses(self, link="wg0"):
        rows = json.loads(self.namespace.output("ip", "-j", "address", "show", "dev", link))
        return {
            f"{info['local']}/{info['prefixlen']}" for row in rows for info in row.get("addr_info", [])
            if info["scope"] == "global"
        }  # fmt: skip

    def has_table(self):
        return self.namespace.run("nft", "list", "table", "inet", "wirebuddy", check=False).returncode == 0

    def public_key(self, link="wg0"):
        return self.namespace.output("wg", "show", link, "public-key")

    def traces(self):
        """What is left of us on the host: links, tables, userspace programs, routes and rules that are ours."""
        links = json.loads(self.namespace.output("ip", "-j", "-d", "link", "show"))
        found = [link["ifname"] for link in links if "wirebuddy" in link.get("ifalias", "")]
        found += ["table inet wirebuddy"] if self.has_table() else []
        found += [f"wireguard-go {pid}" for pid in self.namespace.processes("wireguard-go")]
        found += [f"wirebuddy {pid}" for pid in self.namespace.processes("wirebuddy")]
        return found


def document(kind, **fields):
    return "".join(f"{key}: {scalar(value)}\n" for key, value in {"kind": kind, **fields}.items())


def scalar(value):
    return {True: "true", False: "false", None: "null"}.get(value, value) if isinstance(value, bool | None) else value
