"""A gateway with two managed interfaces, peers of every kind, a LAN and the internet: who reaches whom."""

from . import topology
from .device import Device
from .gateway import document
from .host import Host
from .namespace import wait_for

# Name, interface, number, and what stands in the document besides.
PEERS = [
    ("contractor", "wg0", 2, {"labels": "{team: contractors}"}),
    ("restricted", "wg0", 3, {}),
    ("free", "wg0", 4, {}),
    ("isolated", "wg0", 5, {"isolated": True}),
    ("other", "wg1", 2, {}),
    ("site", "wg1", 3, {"routes": "[192.168.60.0/24, 'fd42:60::/64']"}),
]
BEHIND, BEHIND6 = "192.168.60.10", "fd42:60::10"
NETWORKS = [
    "10.8.0.0/24", "fd42:8::/64", "10.9.0.0/24", "fd42:9::/64", "192.168.50.0/24", "fd00:50::/64", "192.168.60.0/24",
    "fd42:60::/64", f"{topology.INTERNET}/32", f"{topology.INTERNET6}/128",
]  # fmt: skip
PORTS = {"wg0": 51820, "wg1": 51821}


class Company:
    """Hosts by name: those of `PEERS`, `behind` (in the network behind `site`), `lan`, `internet` and `gateway`.

    Peers reach everything on the gateway by `wg0`, and TCP 7001 and ICMP by `wg1`.
    """

    def __init__(self, lab, gateway):
        self.lab = lab
        self.gateway = gateway
        lab.lan6()
        gateway.settings(public_endpoint=topology.GATEWAY)
        gateway.interface()
        gateway.interface("wg1", address="[10.9.0.1/24, 'fd42:9::1/64']", listen_port=PORTS["wg1"],
                          input="[tcp/7001, icmp]")  # fmt: skip
        self.devices = {}
        for namespace, (name, interface, number, _) in zip(lab.devices, PEERS, strict=True):
            addresses = addresses_of(interface, number)
            self.devices[name] = Device(namespace, [f"{addresses[0]}/32", f"{addresses[1]}/128"])
        self.declare_peers()
        gateway.apply()
        for (name, interface, *_), device in zip(PEERS, self.devices.values(), strict=True):
            device.connect(gateway.public_key(interface), f"{topology.GATEWAY}:{PORTS[interface]}", NETWORKS, keepalive=5)
        site = self.devices["site"].namespace
        lab.address(site, "lo", f"{BEHIND}/32", f"{BEHIND6}/128")
        # Networks behind peers keep their addresses, so that who answers them has to know the way.
        lab.net.run("ip", "route", "add", "192.168.60.0/24", "via", topology.GATEWAY)
        lab.net.run("ip", "route", "add", "fd42:60::/64", "via", topology.GATEWAY6)
        self.hosts = {
            name: Host(self.devices[name].namespace, *addresses_of(interface, number))
            for name, interface, number, _ in PEERS
        } | {
            "behind": Host(site, BEHIND, BEHIND6),
            "lan": Host(lab.lan, topology.LAN, topology.LAN6),
            "internet": Host(lab.net, topology.INTERNET, topology.INTERNET6),
            "gateway": Host(lab.gw, *addresses_of("wg0", 1), *addresses_of("wg1", 1)),
        }
        for name, *_ in PEERS:
            for address in self["gateway"].addresses[:2]:
                wait_for(lambda host=self[name], to=address: host.reaches(to, "icmp", 1), what=f"the tunnel of {name}")

    def __getitem__(self, name):
        return self.hosts[name]

    def declare_peers(self, **changed):
        """Write the documents of all peers, some with other fields than `PEERS` says."""
        for name, interface, number, fields in PEERS:
            fields = {"ip": f"[{', '.join(addresses_of(interface, number))}]"} | changed.get(name, fields)
            self.gateway.peer(name, self.devices[name].public_key, number, interface, **fields)

    def party(self, name):
        """How questions name a host that opens connections, by address; peers by name."""
        interface = next((interface for peer, interface, *_ in PEERS if peer == name), None)
        return lambda address: f"{interface}/{name}" if interface else address

    def access(self, name, **fields):
        """Write an Access document."""
        self.gateway.write(f"access/{name}.yaml", document("Access", name=name, **fields))

    def table(self):
        """Our firewall table, as an admin sees it."""
        return self.gateway.namespace.output("nft", "list", "table", "inet", "wirebuddy")


def addresses_of(interface, number):
    return [f"10.8.0.{number}", f"fd42:8::{number:x}"] if interface == "wg0" else [f"10.9.0.{number}", f"fd42:9::{number:x}"]
