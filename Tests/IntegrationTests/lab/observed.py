"""An office whose gateway looks at its traffic every few seconds, and knows the places of the lab's internet."""

from urllib.parse import urlencode

from prometheus_client.parser import text_string_to_metric_families

from . import geoip, topology
from .daemon import answer, ask
from .flows import pings, serve, transfer
from .namespace import wait_for
from .office import Office

# Addresses of the internet by what the files of `geoip` say about them: country and system.
GERMANY = topology.INTERNET
FRANCE = "198.51.100.130"
FRANCE_TRANSIT = "198.51.100.200"
JAPAN = topology.INTERNET6
NOWHERE = "203.0.113.254"
PLACES = {
    GERMANY: ("DE", 64496), FRANCE: ("FR", 64497), FRANCE_TRANSIT: ("FR", 64496), JAPAN: ("JP", 64498),
    NOWHERE: (None, None),
}  # fmt: skip
SINK, SOURCE = 7001, 7002
METRICS = "127.0.0.1:9586"
# The files that the settings name.
COUNTRY, ASN = "country.mmdb", "asn.mmdb"
# How far a count of packets may be from a capture of them.
TOLERANCE = 0.01


class Observed(Office):
    """`wg0` with devices that send to the addresses of `PLACES`, where a sink and a source wait."""

    def __init__(self, lab, gateway, geography=True, interval="5s"):
        super().__init__(lab, gateway)
        self.interval = interval
        self.folder = gateway.directory / "geoip"
        self.folder.mkdir()
        with open(gateway.host_file, "a") as file:
            file.write(f"geoip_directory: {self.folder}\napi:\n  metrics_listen: {METRICS}\n")
        self.declare_telemetry(geography=geography)
        lab.address(lab.net, "lo", f"{FRANCE}/32", f"{FRANCE_TRANSIT}/32")
        # A host that hands over many segments as one would make connection tracking count one header for all of them.
        lab.net.run("ip", "link", "set", "dev", "gw", "gso_max_segs", 1)
        for address in PLACES:
            serve(lab.net, "sink", address, SINK)
            serve(lab.net, "source", address, SOURCE)

    def declare_telemetry(self, geography=True, **fields):
        """Write the settings: geography with both files, or without."""
        fields = {"sample_interval": self.interval, "geography": str(geography).lower(),
                  "geoip": f"{{country: {COUNTRY}, asn: {ASN}}}"} | fields  # fmt: skip
        inner = ", ".join(f"{key}: {value}" for key, value in fields.items())
        self.gateway.settings(telemetry=f"{{{inner}}}", reconcile="{interval: 5s}")

    def write_places(self, countries=geoip.COUNTRIES, systems=geoip.SYSTEMS):
        """Write both files."""
        geoip.write(self.folder / COUNTRY, "GeoLite2-Country", geoip.countries(countries))
        geoip.write(self.folder / ASN, "GeoLite2-ASN", geoip.systems(systems))

    def connect(self, *more):
        super().connect(*(f"{address}/{128 if ':' in address else 32}" for address in PLACES), *more)

    def send(self, address, count, device=None):
        """Send bytes from a device to a sink; all of them arrive."""
        arrived = transfer((device or self.device).namespace, address, SINK, count)["bytes"]
        if arrived != count:
            raise AssertionError(f"{arrived} of {count} bytes arrived at {address}")

    # What the daemon says

    def get(self, path, **query):
        """The data of an answer of the API."""
        status, told = ask(self.gateway, "GET", path + ("?" + urlencode(query) if query else ""))
        if status != 200:
            raise AssertionError(f"GET {path} {query}: {status} {told}{self.gateway.log_tail()}")
        return told["data"]

    def csv(self, path, **query):
        """The bytes of an answer as CSV, and its headers."""
        status, headers, content = answer(self.gateway, "GET", f"{path}?{urlencode(query | {'format': 'csv'})}")
        if status != 200:
            raise AssertionError(f"GET {path} {query}: {status} {content}{self.gateway.log_tail()}")
        return content, headers

    def peer(self, device=None):
        """The API's row of a device."""
        device = device or self.device
        return next(row for row in self.get("/api/peers")["peers"] if row["name"] == device.name)

    def peer_traffic(self, device=None):
        """What the history says of a device, of the last 24 hours: received and sent."""
        totals = self.get(f"/api/metrics/peers/{self.peer(device)['id']}")["totals"]
        return totals["rx"], totals["tx"]

    def interface_traffic(self):
        """What the history says of wg0."""
        totals = self.get("/api/metrics/interfaces/wg0")["totals"]
        return totals["rx"], totals["tx"]

    def countries(self, **query):
        """Where forwarded traffic went: pairs by code, None for what no country is known of, `private`."""
        told = self.get("/api/metrics/geo/countries", **query)
        return {row["code"]: (row["rx"], row["tx"]) for row in told["rows"]} | self.rest(told)

    def systems(self, **query):
        """The same by the number of the autonomous system."""
        told = self.get("/api/metrics/geo/asn", **query)
        return {row["asn"]: (row["rx"], row["tx"]) for row in told["rows"]} | self.rest(told)

    @staticmethod
    def rest(told):
        return {key: (told[name]["rx"], told[name]["tx"]) for key, name in ((None, "unknown"), ("private", "private"))}

    def unknown(self):
        """What went to places of which no country is known."""
        return self.countries()[None]

    def scrape(self):
        """What Prometheus would get."""
        return self.gateway.namespace.run("curl", "-sS", "--fail", f"http://{METRICS}/metrics").stdout

    def samples(self):
        """The same, read: lists of labels and values by the names of series."""
        return samples(self.scrape())

    # What is true

    def wireguard_traffic(self, device=None):
        """What `wg show transfer` says of a device."""
        key = (device or self.device).public_key
        rows = self.gateway.namespace.output("wg", "show", "wg0", "transfer").splitlines()
        return next((int(received), int(sent)) for name, received, sent in map(str.split, rows) if name == key)

    def link_traffic(self):
        """The counters of wg0, which is a tun device: inner bytes."""
        files = [f"/sys/class/net/wg0/statistics/{side}_bytes" for side in ("rx", "tx")]
        return tuple(int(line) for line in self.gateway.namespace.output("cat", *files).split())

    # Waiting

    def settled(self, before=((0, 0), (0, 0))):
        """Wait until the histories of the device and of wg0 say exactly what the counters say, plus what counters that are
        gone had counted, and return that: of the device, and of wg0."""
        told = {}

        def look():
            for _ in range(2):
                told["counted"] = plus(before[0], self.wireguard_traffic()), plus(before[1], self.link_traffic())
                told["history"] = self.peer_traffic(), self.interface_traffic()
                if told["history"] != told["counted"]:
                    return False
            return True

        try:
            wait_for(look, 40, 0.3, "a history that says what the counters say")
        except AssertionError as error:
            raise AssertionError(f"{error}: {told}{self.gateway.log_tail()}") from None
        return told["history"]

    def looked(self, device=None):
        """Wait for one more look at all flows: when it has seen a ping to nowhere, it has seen what was before it."""
        before = self.unknown()
        if not pings((device or self.device).namespace, NOWHERE):
            raise AssertionError("no answer from nowhere")
        wait_for(lambda: sum(self.unknown()) > sum(before), 30, 0.3, "another look at flows")


def samples(text):
    """All samples of a scrape: lists of labels and values by the names of series."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def plus(a, b):
    """The sum of two pairs."""
    return a[0] + b[0], a[1] + b[1]


def minus(a, b):
    """The difference of two pairs."""
    return a[0] - b[0], a[1] - b[1]


def agrees(counted, captured):
    """Whether two pairs are as close as the promise is."""
    return all(abs(a - b) <= TOLERANCE * b for a, b in zip(counted, captured, strict=True))
