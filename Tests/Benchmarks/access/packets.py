"""What a packet of a peer costs on its way through the gateway: without our table, and with those of few and many peers.

The tunnel is a veth pair with the name of the interface: the firewall sees links, and WireGuard would cost a multiple.
"""

import json
import time

from lab.namespace import Namespace, run

# What a peer of group 0 may reach: peer 0 has the first address, and a document names udp/7000 of this network.
SOURCE, TARGET, PORT = "10.64.0.2", "192.168.0.9", 7000


class Path:
    """Three hosts in a row: the peer, the gateway and a host that counts what arrives."""

    def __init__(self):
        self.peer, self.gateway, self.host = (Namespace(name) for name in ("peer", "path", "host"))
        gateway = self.gateway.full_name
        run("ip", "link", "add", "eth0", "netns", self.peer.full_name, "type", "veth",
            "peer", "name", "wg0", "netns", gateway)  # fmt: skip
        run("ip", "link", "add", "eth1", "netns", gateway, "type", "veth",
            "peer", "name", "eth0", "netns", self.host.full_name)  # fmt: skip
        for namespace, link, address in [
            (self.peer, "eth0", f"{SOURCE}/10"), (self.gateway, "wg0", "10.64.0.1/10"),
            (self.gateway, "eth1", "192.168.0.1/24"), (self.host, "eth0", f"{TARGET}/24"),
        ]:  # fmt: skip
            namespace.run("ip", "address", "add", address, "dev", link)
            namespace.run("ip", "link", "set", link, "up")
        self.peer.run("ip", "route", "add", "default", "via", "10.64.0.1")
        self.gateway.sysctl("net.ipv4.ip_forward", 1)
        # What arrives is counted and goes no further.
        self.host.run("nft", "add table ip seen; add counter ip seen arrived;"
                      " add chain ip seen raw { type filter hook prerouting priority raw; };"
                      " add rule ip seen raw udp dport 7000 counter name arrived drop")  # fmt: skip
        self.peer.run("ping", "-c1", "-W2", "10.64.0.1")
        self.gateway.run("ping", "-c1", "-W2", TARGET)

    def send(self, count, folder):
        """Nanoseconds a packet."""
        links = {name: self.link(namespace, link) for name, namespace, link in
                 [("own", self.peer, "eth0"), ("next", self.gateway, "wg0")]}  # fmt: skip
        file = folder / "packet.cfg"
        file.write_text(
            f"{{ eth(da={links['next']}, sa={links['own']}), ipv4(saddr={SOURCE}, daddr={TARGET}, ttl=64),"
            f" udp(sport=4000, dport={PORT}), fill(0x41, 64) }}\n"
        )
        before = self.arrived()
        start = time.monotonic()
        self.peer.run("trafgen", "--dev", "eth0", "--conf", file, "--num", count, "--cpus", 1, "--no-sock-mem",
                      "--qdisc-path", timeout=600)  # fmt: skip
        seconds = time.monotonic() - start
        arrived = self.arrived() - before
        if arrived < count * 0.999:
            raise AssertionError(f"{arrived} of {count} packets arrived")
        return seconds / arrived * 1e9

    def arrived(self):
        listing = json.loads(self.host.output("nft", "-j", "list", "counter", "ip", "seen", "arrived"))
        return listing["nftables"][1]["counter"]["packets"]

    @staticmethod
    def link(namespace, name):
        return json.loads(namespace.output("ip", "-j", "link", "show", "dev", name))[0]["address"]

    def close(self):
        for namespace in (self.peer, self.gateway, self.host):
            namespace.close()


def measure(figures, tables, count, folder):
    path = Path()
    try:
        few, many = sorted(tables)
        rounds = {None: [], few: [], many: []}
        # One after another in each round, so that what changes on the machine meanwhile meets all of them.
        for _ in range(figures.rounds):
            for peers, results in rounds.items():
                path.gateway.run("nft", "flush", "ruleset")
                if peers is not None:
                    file = folder / f"{peers}.nft"
                    file.write_text(tables[peers])
                    path.gateway.run("nft", "-f", file)
                results.append(path.send(count, folder))
        figures.part("A packet through the gateway", f"trafgen sends {count:,} packets through a gateway without our table, and "
                     "with those of few and many peers, in turns.")  # fmt: skip
        figures.add(f"{count:,} packets, no table", rounds[None], unit="ns")
        figures.add(f"{count:,} packets, {few:,} peers", rounds[few], unit="ns", beside=f"{count:,} packets, no table")
        base = figures.medians[f"{count:,} packets, {few:,} peers"]
        figures.add(f"{count:,} packets, {many:,} peers", rounds[many], unit="ns", at_most=base * 1.1,
                    beside=f"{count:,} packets, no table", of=f"1.1 × {few} peers", is_ratio=True)  # fmt: skip
        medians = {name: figures.medians[f"{count:,} packets, {name}"] for name in ("no table", f"{few:,} peers", f"{many:,} peers")}
        figures.plot("packets", "A packet through the gateway", "ns", "", medians, scale="bars")
    finally:
        path.close()
