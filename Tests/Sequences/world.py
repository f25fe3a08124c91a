"""A gateway that serves a git repository in a namespace, with a connected device, and foreign objects beside it."""

import base64
import contextlib
import os
import re
import signal
import sqlite3
from pathlib import Path

from lab import topology
from lab.daemon import ask
from lab.device import Device, key_pair
from lab.gateway import Gateway, document
from lab.namespace import run, wait_for
from lab.topology import Lab

HASH = "$argon2id$v=19$m=65536,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZW"
# Nobody here is asked for consent because of numbers, or confirms what may lock him out.
RECONCILE = "interval: 5s, max_deletes: 1000, max_deletes_percent: 100, confirm: 0s"
ROW = re.compile(r"icmp_seq=(\d+) ttl")


class World:
    """`wg0` has a device that pings all the time and that no step is about; `wg1` and `wg2` may come to any harm."""

    def __init__(self, directory):
        self.lab = Lab(devices=1)
        try:
            self.gateway = Gateway(self.lab.gw, directory / "gateway")
            self.namespace = self.lab.gw
            self.clone = directory / "clone"
            self.outputs = bytearray()
            self.log_read = 0
            self.made = 0
            # The keys that somebody else planted.
            self.planted = set()
            # The keys whose revocation was done in the sequence that runs.
            self.gone = set()
            self.begin()
        except BaseException:
            self.close()
            raise

    def begin(self):
        gateway = self.gateway
        self.device = Device(self.lab.devices[0], ["10.8.0.2/32"])
        self.command("init")
        secrets = gateway.state / "secrets"
        secrets.mkdir(mode=0o700, exist_ok=True)
        self.secrets = [HASH.split("$")[-1]]
        for number in range(3):
            text = key_pair()[0]
            (secrets / f"psk-{number}").write_text(text + "\n")
            (secrets / f"psk-{number}").chmod(0o600)
            self.add_secret(text)
        run("git", "clone", "-q", gateway.config, self.clone)
        for file in self.clone.glob("interfaces/*.yaml"):
            file.unlink()
        for number in range(2):
            self.write_interface(number)
        self.write_peer("device", 0, host=2, public_key=self.device.public_key)
        for number in range(8):
            self.add_peer(number % 2)
        self.write("users/root.yaml", document("User", username="root", role="admin", password_hash=HASH + "Y"))
        self.write("users/anna.yaml", document("User", username="anna", password_hash=HASH + "Z"))
        settings = (self.clone / "settings.yaml").read_text()
        self.write("settings.yaml", f"{settings}reconcile: {{{RECONCILE}}}\n")
        self.push()
        self.command("apply")
        self.foreign()
        gateway.serve()
        for file in (gateway.state / "keys").glob("*"):
            self.add_secret(file.read_text())
        self.device.connect(gateway.public_key("wg0"), f"{topology.GATEWAY}:51820", ["10.8.0.0/24"])
        self.ping_log = gateway.directory / "ping.log"
        with open(self.ping_log, "wb") as log:
            self.ping = self.device.namespace.start("ping", "-n", "-i", "0.2", "10.8.0.1", stdout=log, stderr=log)
        wait_for(lambda: self.answers(), 15, what="an answer through the tunnel")
        self.lost_before = set(range(1, self.answers()[0]))
        self.session = self.live_session()
        self.foreigners = self.look_at_foreigners()

    def close(self):
        self.lab.close()

    # The repository

    def write(self, path, text):
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def write_interface(self, number, **fields):
        fields = {"address": f"[10.{8 + number}.0.1/24, fd42:{8 + number}::1/64]", "listen_port": 51820 + number * 100,
                  "backend": "userspace", "endpoint": f"192.0.2.1:{51820 + number * 100}"} | fields  # fmt: skip
        self.write(f"interfaces/wg{number}.yaml", document("Interface", name=f"wg{number}", **fields))

    def write_peer(self, name, interface, host, public_key, **fields):
        fields = {"ip": f"[10.{8 + interface}.0.{host}, fd42:{8 + interface}::{host:x}]", "public_key": public_key,
                  "routing_mode": "vpn_only"} | fields  # fmt: skip
        text = document("Peer", name=name, interface=f"wg{interface}", **fields)
        self.write(f"peers/wg{interface}/{name}.yaml", text)

    def add_peer(self, interface, **fields):
        """A new peer with a key and a name that nobody had before."""
        self.made += 1
        used = {peer["ip"][0] for peer in self.declared("Peer", self.clone) if peer["interface"] == f"wg{interface}"}
        host = next(number for number in range(10, 250) if f"10.{8 + interface}.0.{number}" not in used)
        self.write_peer(f"p{self.made}", interface, host, key_pair()[1], **fields)

    def pull(self):
        """The clone as the repository is now."""
        self.git("fetch", "-q")
        self.git("reset", "-q", "--hard", "origin/HEAD")

    def push(self):
        """Commits what was written in the clone and pushes it."""
        self.git("add", "-A")
        author = ("-c", "user.name=Anna", "-c", "user.email=anna@example.com")
        self.git(*author, "commit", "-q", "--allow-empty", "-m", "Edit")
        self.git("push", "-q", "origin", "HEAD")

    def git(self, *words):
        return run("git", "-C", self.clone, *words)

    def declared(self, kind, folder=None):
        """The documents of a kind, read without WireBuddy: every field stands on a line of its own here."""
        found = []
        for file in manifests(folder or self.gateway.config):
            fields = {}
            for line in file.read_text().splitlines():
                key, separator, value = line.partition(": ")
                if separator and not line.startswith(("#", " ", "-")):
                    fields[key] = items(value) if value.startswith("[") else value
                    last = key
                elif line.endswith(":") and not line.startswith(("#", " ")):
                    fields[line[:-1]], last = [], line[:-1]
                elif line.lstrip().startswith("- ") and isinstance(fields.get(last), list):
                    fields[last].append(line.strip()[2:].strip('"'))
            if fields.get("kind") == kind:
                found.append(fields | {"file": file.relative_to(folder or self.gateway.config)})
        return found

    def peers(self):
        """The declared peers that steps may be about."""
        return [peer for peer in self.declared("Peer", self.clone) if peer["name"] != "device"]

    def expect_gone(self, key):
        """A revocation was answered: from now on nobody may have the key."""
        assert not self.is_present(key), f"{key} is still there after its revocation was answered"
        self.gone.add(key)

    def back_again(self):
        """Those who are there although their revocation was done and nobody enabled them since."""
        if not self.gone:
            return []
        self.gone -= {row["public_key"] for row in self.declared("Peer") if row.get("enabled", "true") == "true"}
        return [key for key in sorted(self.gone) if self.is_present(key)]

    def is_present(self, key):
        return key in self.namespace.output("wg", "show", "all", "peers")

    # Commands, and what they say

    def command(self, *words, expect=0):
        """A command as a process of its own."""
        done = self.gateway.wirebuddy(*words, expect=expect)
        self.outputs += (done.stdout + done.stderr).encode()
        return done

    def quickly(self, *words):
        """The exit code and the text of a command as the daemon does it for the process that is saved here."""
        status, told = self.ask("POST", "/api/cli", {"arguments": words, "author": "root", "style": []})
        assert status == 200, f"{words}: {status} {told}"
        return told["data"]["exit_code"], told["data"]["output"], told["data"]["messages"]

    def ask(self, method, path, body=None):
        try:
            status, answer = ask(self.gateway, method, path, body)
        except OSError as error:
            raise AssertionError(f"{method} {path}: {error}{self.gateway.log_tail()}") from None
        self.outputs += str(answer).encode()
        return status, answer

    def add_secret(self, text):
        raw = base64.b64decode(text)
        self.secrets += [text.strip().rstrip("="), raw.hex()]

    def told_secrets(self):
        """The places that show a secret among all that was said since the last look."""
        log = self.gateway.log.read_bytes()
        said = [("an output", bytes(self.outputs)), ("the log", log[self.log_read :])]
        self.outputs, self.log_read = bytearray(), max(len(log) - 200, 0)
        return sorted({place for place, text in said for secret in self.secrets if secret.encode() in text})

    def sql(self, statement, *values):
        """Somebody else's statement while the daemon lives."""
        connection = sqlite3.connect(self.gateway.state / "wirebuddy.db", timeout=20)
        try:
            with connection:
                connection.execute(statement, values)
        finally:
            connection.close()

    def adopted(self):
        """The links that were somebody else's: peers that he gives them stay."""
        with contextlib.closing(sqlite3.connect(self.gateway.state / "wirebuddy.db", timeout=20)) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM interface WHERE origin = 'adopted'")}

    # The daemon

    def kill_daemon(self):
        os.kill(self.gateway.pid(), signal.SIGKILL)
        self.gateway.daemon.wait()
        self.gateway.serve(wait=False)
        wait_for(self.is_up, 30, 0.05, "an answer of the daemon")

    def is_up(self):
        if self.gateway.daemon.poll() is not None:
            raise AssertionError(f"serve ended with {self.gateway.daemon.returncode}{self.gateway.log_tail()}")
        try:
            return ask(self.gateway, "GET", "/api/daemon")[0] == 200
        except OSError:
            return False

    # The host

    def foreign(self):
        """What somebody else has on this host."""
        self.corp = Device(self.namespace, ["10.200.0.1/24"], listen_port=50000, link="corp0")
        self.corp.connect(key_pair()[1], "192.0.2.77:51820", ["10.201.0.0/24"])
        self.namespace.run("ip", "link", "add", "other0", "type", "veth", "peer", "name", "other1")
        self.namespace.run("ip", "address", "add", "10.210.0.1/24", "dev", "other0")
        for link in ("other0", "other1"):
            self.namespace.run("ip", "link", "set", link, "up")
        self.namespace.run("ip", "route", "add", "10.211.0.0/24", "dev", "other0", "proto", "static")
        self.namespace.run("ip", "rule", "add", "from", "10.212.0.0/24", "lookup", "100", "priority", "900")
        self.namespace.run("nft", "-f", "-", input="""table inet foreign {
            chain input { type filter hook input priority 5; policy accept; tcp dport 9 drop; }
            set guests { type ipv4_addr; elements = { 10.8.0.77 }; }
        }
        """)

    def look_at_foreigners(self):
        """What an admin sees of them, without what counts."""
        commands = [f"wg show corp0 {what}" for what in ("public-key", "listen-port", "endpoints", "allowed-ips")]
        for link in ("corp0", "other0"):
            commands += [f"ip -o -4 address show dev {link}", f"ip route show dev {link}"]
        commands += ["ip rule show priority 900", "nft list table inet foreign"]
        return self.namespace.output("sh", "-c", "; ".join(commands))

    def answers(self):
        """The numbers of the pings that were answered."""
        return [int(number) for number in ROW.findall(self.ping_log.read_text())]

    def live_session(self):
        """The last handshake with the device, and what it sent."""
        for line in self.namespace.output("wg", "show", "wg0", "dump").splitlines():
            fields = line.split("\t")
            if fields[0] == self.device.public_key:
                return int(fields[4]), int(fields[5])
        raise AssertionError("the device is no peer any more")


def manifests(folder):
    """The YAML files; git's own, which come and go meanwhile, are not looked at."""
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        found += [Path(place, name) for name in files if name.endswith(".yaml")]
    return sorted(found)


def items(text):
    return [item.strip().strip('"') for item in text.strip("[]").split(",") if item.strip()]

