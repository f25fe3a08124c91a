"""The lab's wires and addresses.

    dev1 192.0.2.0/27 ─┐
    dev2 192.0.2.32/27 ┼─ net (router, and "the internet" 198.51.100.10) ─ 203.0.113.0/24 ─ gw ─ 192.168.50.0/24 ─ lan
    dev3 192.0.2.64/27 ┘

`net` has no route to tunnel or LAN addresses: what a gateway sends out untranslated is seen there and gets no answer.
"""

from .namespace import Namespace

GATEWAY = "203.0.113.1"
GATEWAY6 = "2001:db8:1::1"
INTERNET = "198.51.100.10"
INTERNET6 = "2001:db8:ffff::10"
LAN = "192.168.50.10"
LAN_GATEWAY = "192.168.50.1"
# Only with `lan6`.
LAN6 = "fd00:50::10"
LAN_GATEWAY6 = "fd00:50::1"


class Lab:
    """Namespaces `gw`, `net`, `lan` and one per device; closed as a whole."""

    def __init__(self, devices=2):
        self.namespaces = []
        try:
            self.net = self.add("net")
            self.gw = self.add("gw")
            self.lan = self.add("lan")
            self.wire(self.net, "gw", self.gw, "eth0")
            self.address(self.net, "gw", "203.0.113.254/24", "2001:db8:1::ff/64")
            self.address(self.gw, "eth0", f"{GATEWAY}/24", f"{GATEWAY6}/64")
            self.default_route(self.gw, "203.0.113.254", "2001:db8:1::ff")
            self.net.run("ip", "address", "add", f"{INTERNET}/32", "dev", "lo")
            self.net.run("ip", "address", "add", f"{INTERNET6}/128", "dev", "lo")
            self.net.sysctl("net.ipv4.ip_forward", 1)
            self.net.sysctl("net.ipv6.conf.all.forwarding", 1)
            self.wire(self.gw, "eth1", self.lan, "eth0")
            self.address(self.gw, "eth1", f"{LAN_GATEWAY}/24")
            self.address(self.lan, "eth0", f"{LAN}/24")
            self.lan.run("ip", "route", "add", "default", "via", LAN_GATEWAY)
            self.devices = [self.attach(f"dev{number + 1}", number) for number in range(devices)]
        except BaseException:
            self.close()
            raise

    def add(self, name):
        namespace = Namespace(name)
        self.namespaces.append(namespace)
        return namespace

    def attach(self, name, number):
        """A new namespace behind the internet, on a network of its own; `number` is at most 7."""
        namespace = self.add(name)
        self.wire(self.net, name, namespace, "eth0")
        router = f"192.0.2.{number * 32 + 1}"
        self.address(self.net, name, f"{router}/27", f"2001:db8:2:{number}::1/64")
        self.address(namespace, "eth0", f"192.0.2.{number * 32 + 2}/27", f"2001:db8:2:{number}::2/64")
        self.default_route(namespace, router, f"2001:db8:2:{number}::1")
        return namespace

    def lan6(self):
        """Give the LAN IPv6 too."""
        self.address(self.gw, "eth1", f"{LAN_GATEWAY6}/64")
        self.address(self.lan, "eth0", f"{LAN6}/64")
        self.default_route(self.lan, LAN_GATEWAY6)

    @staticmethod
    def wire(left, left_name, right, right_name):
        """A veth pair between two namespaces, both ends up."""
        left.run("ip", "link", "add", "name", left_name, "type", "veth",
                 "peer", "name", right_name, "netns", f"/proc/{right.holder.pid}/ns/net")  # fmt: skip
        left.run("ip", "link", "set", left_name, "up")
        right.run("ip", "link", "set", right_name, "up")

    @staticmethod
    def address(namespace, link, *addresses):
        for address in addresses:
            # nodad: an IPv6 address is usable at once.
            extra = ["nodad"] if ":" in address else []
            namespace.run("ip", "address", "add", address, "dev", link, *extra)

    @staticmethod
    def default_route(namespace, *routers):
        for router in routers:
            family = "-6" if ":" in router else "-4"
            namespace.run("ip", family, "route", "add", "default", "via", router)

    def close(self):
        for namespace in reversed(self.namespaces):
            namespace.close()
        self.namespaces = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
