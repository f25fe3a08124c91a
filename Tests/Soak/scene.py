"""The gateway of a soak: what is declared, who is connected, and its remote.

    wg0         devices with real traffic and peers that come and go by the API; nobody tampers with it
    wg1         peers, addresses and routes that are tampered with; peers that come and go by pushes
    wg2 … wg5   links that are changed, taken down, deleted, and whose program is killed
"""

import base64
import json
import random

from lab import topology
from lab.device import Device
from lab.dig import dig
from lab.flows import pings
from lab.gateway import Gateway, document
from lab.namespace import run, wait_for
from lab.resolver import Certificates, Resolver

SERVER = "10.8.0.1"
# Three send packets that are counted; the fourth transfers as fast as it can, and may overflow the buffers of its own tunnel.
DEVICES = 4
VICTIMS = 40
ADDRESSES = 8
ROUTES = 8
LINKS = ("wg2", "wg3", "wg4", "wg5")
REPOSITORY = "6a1f3a52-8f0e-4c0b-9a53-2f5c7b3f1d11"
BLOCKED = 20_000


class Scene:
    def __init__(self, lab, folder, seed):
        self.lab, self.folder = lab, folder
        self.random = random.Random(seed)
        self.gateway = Gateway(lab.gw, folder / "gateway")
        self.bare, self.clone = folder / "remote.git", folder / "elsewhere"
        self.devices = [
            Device(namespace, [f"10.8.0.{number}/32", f"fd42:8::{number:x}/128"])
            for number, namespace in enumerate(lab.devices, 2)
        ]  # fmt: skip
        #: Public keys of the peers that are tampered with, by their number.
        self.victims = {number: self.key() for number in range(VICTIMS)}
        certificates = folder / "ca"
        certificates.mkdir()
        names = {f"host{number}.example. A": f"93.184.{number // 200}.{number % 200 + 1}" for number in range(400)}
        self.resolver = Resolver(lab.net, folder, Certificates(certificates), data=names | {"site.example. A": "93.184.216.34"})
        self.declare()
        self.push_all()

    def key(self):
        """A public key of nobody."""
        return base64.b64encode(self.random.randbytes(32)).decode()

    # What is declared

    def declare(self):
        gateway = self.gateway
        gateway.write("settings.yaml", document(
            "Settings", repository_id=REPOSITORY, reconcile="{interval: 5s}", telemetry="{sample_interval: 5s}",
            rate_limits="{exempt: [127.0.0.0/8]}"))  # fmt: skip
        gateway.write("users/admin.yaml", document("User", username="admin", role="admin"))
        # Room for peers that the API makes; what leaves is not translated, so that nothing hangs on the firewall's table.
        gateway.interface(address="[10.8.0.1/16, fd42:8::1/64]", masquerade="false", endpoint=f"{topology.GATEWAY}:51820")
        for number, device in enumerate(self.devices, 2):
            gateway.peer(f"device{number}", device.public_key, number)
        more = ", ".join(f"10.9.{number}.1/24" for number in range(1, ADDRESSES + 1))
        gateway.interface("wg1", address=f"[10.9.0.1/24, {more}]", listen_port=51821, isolate_peers="true")
        for number, key in self.victims.items():
            routes = {"routes": f"[{route(number)}]"} if number < ROUTES else {}
            gateway.peer(f"victim{number}", key, number + 2, "wg1", ip=f"[{victim_address(number)}]", **routes)
        for number, link in enumerate(LINKS):
            gateway.interface(link, address=f"10.1{number}.0.1/24", listen_port=51830 + number, mtu=1400)
            for peer in range(3):
                gateway.peer(f"behind{peer}", self.key(), peer + 2, link, ip=f"[10.1{number}.0.{peer + 2}]")
        gateway.write("dns/settings.yaml", document("DNSSettings", upstreams=f'["udp://{topology.INTERNET}:53"]'))
        gateway.write("dns/list.yaml", document("Blocklist", name="list", file="lists/list.txt", format="wildcard_domains"))
        gateway.write("lists/list.txt", "".join(f"ads{number}.blocked\n" for number in range(BLOCKED)))
        gateway.write("dns/rules.yaml", "kind: DNSRules\nrules:\n  - {action: rewrite, domain: nas.example, answer: 192.168.50.10}\n")

    def expectations(self):
        """Names that devices ask for, and the address that is to be answered."""
        asked = {f"host{number}.example": f"93.184.{number // 200}.{number % 200 + 1}" for number in range(400)}
        asked |= {f"ads{number}.blocked": "0.0.0.0" for number in range(0, BLOCKED, 100)}
        asked |= {f"x.ads{number}.blocked": "0.0.0.0" for number in range(50, BLOCKED, 100)}
        asked |= {f"nothing{number}.example": "" for number in range(50)}
        asked |= {"nas.example": "192.168.50.10", "device2.wg0.vpn.internal": "10.8.0.2"}
        names = list(asked)
        self.random.shuffle(names)
        return {name: asked[name] for name in names}

    # The remote

    def push_all(self):
        config = self.gateway.config
        git(config, "init", "-q", "-b", "main")
        git(config, "add", "-A")
        git(config, "commit", "-q", "-m", "begin")
        run("git", "init", "-q", "--bare", "-b", "main", self.bare)
        git(config, "remote", "add", "origin", self.bare)
        git(config, "push", "-q", "origin", "main")
        run("git", "clone", "-q", self.bare, self.clone)
        self.gateway.host_file.write_text(
            "userspace: wireguard-go\nrepository:\n  remote: origin\n  poll: 5s\napi:\n  metrics_listen: 127.0.0.1:9586\n")  # fmt: skip

    # Life

    def start(self):
        """Serves, connects the devices; returns a token of the API."""
        self.gateway.serve()
        public_key = self.gateway.public_key()
        for device in self.devices:
            device.connect(public_key, f"{topology.GATEWAY}:51820", ["10.8.0.0/16", "fd42:8::/64", "192.168.50.0/24"])
            wait_for(lambda device=device: pings(device.namespace, SERVER, wait=1), what="a tunnel")
        asking, last = self.devices[0].namespace, f"ads{BLOCKED - 1}.blocked"
        wait_for(lambda: dig(asking, SERVER, last, seconds=1).values == ["0.0.0.0"], 300, 0.5, "the list of blocked names")
        return self.gateway.wirebuddy("token", "create", "soak", "--permission", "full").stdout.strip()

    def overflows(self):
        """Datagrams that were thrown away because a buffer was full, by where: no fault of the gateway's configuration."""
        counts = {}
        for namespace in (self.lab.gw, self.lab.lan, *self.lab.devices):
            lines = [line.split()[1:] for line in namespace.output("cat", "/proc/net/snmp").splitlines() if line.startswith("Udp:")]
            counts[f"{namespace.name} UDP"] = int(dict(zip(*lines))["RcvbufErrors"])
        for namespace in (self.lab.gw, *self.lab.devices):
            dropped = namespace.output("cat", "/sys/class/net/wg0/statistics/tx_dropped")
            counts[f"{namespace.name} wg0"] = int(dropped)
        return {where: count for where, count in counts.items() if count}

    def link(self, name):
        """What the kernel says of a link, None where it is gone."""
        done = self.gateway.namespace.run("ip", "-j", "link", "show", "dev", name, check=False)
        return json.loads(done.stdout)[0] if done.returncode == 0 else None

    def peers(self, link):
        """Allowed IPs by public key, as wg shows them; None where it can't be asked."""
        done = self.gateway.namespace.run("wg", "show", link, "allowed-ips", check=False)
        if done.returncode != 0:
            return None
        rows = (line.split("\t") for line in done.stdout.splitlines())
        return {key: set(allowed.split()) for key, allowed in rows}


def victim_address(number):
    return f"10.9.0.{number + 2}"


def route(number):
    """The network behind one of the first victims."""
    return f"192.168.{100 + number}.0/24"


def git(directory, *words, check=True):
    identity = ("-c", "user.name=Soak", "-c", "user.email=soak@example.com", "-c", "gc.auto=0", "-c", "commit.gpgSign=false")
    return run("git", "-C", directory, *identity, *words, check=check).stdout.strip()
