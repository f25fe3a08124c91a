"""A WireGuard endpoint set up by hand with `wg` and `ip`, as a user's device would be."""

from .namespace import run, wait_for


def key_pair():
    private = run("wg", "genkey").stdout.strip()
    return private, run("wg", "pubkey", input=private + "\n").stdout.strip()


class Device:
    """`wg0` in a namespace, by wireguard-go."""

    def __init__(self, namespace, addresses, listen_port=None, link="wg0"):
        self.namespace = namespace
        self.link = link
        self.addresses = addresses
        self.private_key, self.public_key = key_pair()
        # In the foreground: it then belongs to us and ends with the namespace.
        self.process = namespace.start("env", "WG_PROCESS_FOREGROUND=1", "LOG_LEVEL=error", "wireguard-go", "-f", link)
        wait_for(lambda: namespace.run("wg", "show", link, check=False).returncode == 0, what="wireguard-go")
        self.set("private-key", "/dev/stdin", input=self.private_key + "\n")
        if listen_port:
            self.set("listen-port", listen_port)
        for address in addresses:
            namespace.run("ip", "address", "add", address, "dev", link, *(["nodad"] if ":" in address else []))
        namespace.run("ip", "link", "set", link, "mtu", "1420", "up")

    def set(self, *words, **options):
        self.namespace.run("wg", "set", self.link, *words, **options)

    def connect(self, public_key, endpoint=None, allowed_ips=(), keepalive=None):
        """Add a peer and routes to its allowed IPs."""
        words = ["peer", public_key, "allowed-ips", ",".join(allowed_ips)]
        words += ["endpoint", endpoint] if endpoint else []
        words += ["persistent-keepalive", keepalive] if keepalive else []
        self.set(*words)
        for prefix in allowed_ips:
            self.namespace.run("ip", "route", "replace", prefix, "dev", self.link)

    def handshake(self, public_key):
        """Time of the latest handshake with a peer, 0 if there was none."""
        for line in self.namespace.output("wg", "show", self.link, "latest-handshakes").splitlines():
            key, at = line.split("\t")
            if key == public_key:
                return int(at)
        return 0
