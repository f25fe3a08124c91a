"""A configuration that changes at random, and what the host must look like for it."""

import base64

# The networks and the first port of each interface.
LINKS = {"wg0": ("10.8.0", "fd42:8:", 51820), "wg1": ("10.9.0", "fd42:9:", 51920)}


class Desired:
    """Interfaces, peers, addresses and firewall, changed step by step and written as YAML."""

    def __init__(self, choose):
        self.choose = choose
        self.interfaces = {"wg0": {"host": 1, "port": 0, "input": "allow", "masquerade": True}}
        # By key: interface, number of the address, isolation, network behind it, whether it is enabled.
        self.peers = {}
        for _ in range(8):
            self.add()

    def key(self):
        return base64.b64encode(self.choose.randbytes(32)).decode()

    def number(self, interface):
        used = {peer["number"] for peer in self.peers.values() if peer["interface"] == interface}
        return self.choose.choice([number for number in range(10, 200) if number not in used])

    def route(self):
        used = {peer["route"] for peer in self.peers.values()}
        return self.choose.choice([number for number in range(100, 180) if number not in used])

    def add(self):
        interface = self.choose.choice(sorted(self.interfaces))
        self.peers[self.key()] = {
            "interface": interface, "number": self.number(interface), "isolated": self.choose.random() < 0.3,
            "route": self.route() if self.choose.random() < 0.3 else None, "enabled": True,
        }  # fmt: skip

    def step(self):
        """One to four changes; returns their names."""
        changes = [
            self.add_peers, self.remove_peer, self.readdress_peer, self.swap_peers, self.move_peer, self.toggle_peer,
            self.isolate_peer, self.reroute_peer, self.toggle_interface, self.readdress_interface, self.change_port,
            self.change_firewall,
        ]  # fmt: skip
        chosen = [self.choose.choice(changes) for _ in range(self.choose.randint(1, 4))]
        for change in chosen:
            change()
        return [change.__name__ for change in chosen]

    def peer(self):
        if not self.peers:
            self.add()
        return self.peers[self.choose.choice(sorted(self.peers))]

    def add_peers(self):
        for _ in range(self.choose.randint(1, 5)):
            self.add()

    def remove_peer(self):
        if len(self.peers) > 2:
            del self.peers[self.choose.choice(sorted(self.peers))]

    def readdress_peer(self):
        peer = self.peer()
        peer["number"] = self.number(peer["interface"])

    def swap_peers(self):
        """Two peers exchange addresses: allowed IPs move."""
        first, second = self.peer(), self.peer()
        if first["interface"] == second["interface"]:
            first["number"], second["number"] = second["number"], first["number"]

    def move_peer(self):
        peer = self.peer()
        peer["interface"] = self.choose.choice(sorted(self.interfaces))
        peer["number"] = self.number(peer["interface"])

    def toggle_peer(self):
        peer = self.peer()
        peer["enabled"] = not peer["enabled"]

    def isolate_peer(self):
        peer = self.peer()
        peer["isolated"] = not peer["isolated"]

    def reroute_peer(self):
        peer = self.peer()
        peer["route"] = None if peer["route"] else self.route()

    def toggle_interface(self):
        if "wg1" in self.interfaces:
            del self.interfaces["wg1"]
            self.peers = {key: peer for key, peer in self.peers.items() if peer["interface"] != "wg1"}
        else:
            self.interfaces["wg1"] = {"host": 1, "port": 0, "input": "allow", "masquerade": True}

    def interface(self):
        return self.interfaces[self.choose.choice(sorted(self.interfaces))]

    def readdress_interface(self):
        self.interface()["host"] = self.choose.randint(1, 5)

    def change_port(self):
        self.interface()["port"] = self.choose.randint(0, 9)

    def change_firewall(self):
        interface = self.interface()
        interface["input"] = self.choose.choice(["allow", "dns_only", "[tcp/22, udp/53]"])
        interface["masquerade"] = self.choose.random() < 0.5

    def write(self, gateway):
        """Writes all of it; files that are no longer meant go."""
        meant = {"settings.yaml"}
        gateway.settings(reconcile="{max_deletes: 1000, max_deletes_percent: 100}")
        for name, fields in self.interfaces.items():
            v4, v6, port = LINKS[name]
            gateway.interface(
                name, address=f"[{v4}.{fields['host']}/24, {v6}:{fields['host']}/64]",
                listen_port=port + fields["port"], input=fields["input"], masquerade=fields["masquerade"])  # fmt: skip
            meant.add(f"interfaces/{name}.yaml")
        for key, peer in self.peers.items():
            name = "p" + base64.b64decode(key)[:6].hex()
            routes = {"routes": f"[10.{peer['route']}.0.0/16]"} if peer["route"] else {}
            gateway.peer(
                name, key, peer["number"], peer["interface"], isolated=peer["isolated"], enabled=peer["enabled"],
                ip="[" + ", ".join(self.hosts(peer)) + "]",
                **routes)  # fmt: skip
            meant.add(f"peers/{peer['interface']}/{name}.yaml")
        for file in gateway.config.rglob("*.yaml"):
            if str(file.relative_to(gateway.config)) not in meant:
                file.unlink()

    @staticmethod
    def hosts(peer):
        v4, v6, _ = LINKS[peer["interface"]]
        return [f"{v4}.{peer['number']}", f"{v6}:{peer['number']:x}"]

    # What the host must show

    def allowed_ips(self, interface):
        return {
            key: {f"{address}/{128 if ':' in address else 32}" for address in self.hosts(peer)}
            | ({f"10.{peer['route']}.0.0/16"} if peer["route"] else set())
            for key, peer in self.peers.items()
            if peer["interface"] == interface and peer["enabled"]
        }

    def addresses(self, interface):
        v4, v6, _ = LINKS[interface]
        host = self.interfaces[interface]["host"]
        return {f"{v4}.{host}/24", f"{v6}:{host}/64"}

    def routes(self):
        return {
            (f"10.{peer['route']}.0.0/16", peer["interface"])
            for peer in self.peers.values() if peer["route"] and peer["enabled"]
        }  # fmt: skip

    def isolated(self):
        return {
            text for name in self.interfaces for key, prefixes in self.allowed_ips(name).items()
            if self.peers[key]["isolated"] for text in (prefix.removesuffix("/32").removesuffix("/128") for prefix in prefixes)
        }  # fmt: skip
