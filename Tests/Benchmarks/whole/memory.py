"""Resident memory of one daemon that does everything at once."""

import re
import time
from pathlib import Path

from daemon import serve
from lab.device import Device
from lab.dig import dig
from lab.gateway import Gateway, document
from lab.namespace import wait_for
from lab.resolver import Certificates, Resolver
from lab.topology import GATEWAY, INTERNET, Lab
from names import Names
from peers import Peers, commit, commit_all

SERVER = "10.64.0.1"
GOAL = 160
# A file of the repository has at most 16 MiB.
NAMES_OF_A_LIST = 500_000


def measure(figures, folder, options):
    names = Names(options.names, 1000, 1)
    peers = Peers(options.peers, 1)
    with Lab(devices=1) as lab:
        certificates = folder / "ca"
        certificates.mkdir()
        addresses = peers.addresses(0)
        device = Device(lab.devices[0], [f"{addresses[0]}/32", f"{addresses[1]}/128"])
        peers.keys[0] = device.public_key
        resolver = Resolver(lab.net, folder, Certificates(certificates))
        gateway = Gateway(lab.gw, folder / "gateway")
        peers.repository(gateway.config)
        declare(gateway, names, resolver)
        figures.part(f"One daemon with {options.peers:,} peers and {options.names:,} blocked names", "serve with its DNS forwarder, query "
                     "log, API and telemetry; wireguard-go and git are processes of their own.")  # fmt: skip
        start = time.monotonic()
        passes = serve(gateway)
        first = passes.wait(lambda entry: entry["changes"] != "0", 300, "the first pass")
        assert first["failed"] == "0", f"{first}{gateway.log_tail()}"
        device.connect(gateway.public_key(), f"{GATEWAY}:51820", [f"{SERVER}/32"])
        asking = device.namespace
        last = names.blocked[-1]
        wait_for(lambda: dig(asking, SERVER, last, seconds=1).values == ["0.0.0.0"], 300, 0.2, "the lists")
        figures.add("start that compiles the lists, until the last name is blocked", time.monotonic() - start)
        take(figures, gateway, "after the start that compiles the lists", None)

        gateway.stop(seconds=60)
        start = time.monotonic()
        passes = serve(gateway)
        wait_for(lambda: dig(asking, SERVER, last, seconds=1).values == ["0.0.0.0"], 60, 0.02, "the lists")
        figures.add("start with compiled lists, until the last name is blocked", time.monotonic() - start)
        passes.wait(lambda entry: entry["changes"] == "0", what="a pass with nothing to do")
        take(figures, gateway, "after a start with compiled lists", GOAL)
        token = gateway.wirebuddy("token", "create", "bench", "--permission", "full").stdout.strip()
        load(figures, gateway, asking, names.files(folder), token, options.seconds)
        take(figures, gateway, "under load and after it", GOAL)
        size = (gateway.state / "telemetry.db").stat().st_size
        figures.fact("telemetry has written", size > 0, f"{size:,} bytes")
        gateway.stop(seconds=60)


def declare(gateway, names, resolver):
    """What stands in the repository besides the peers."""
    for number, begin in enumerate(range(0, len(names.blocked), NAMES_OF_A_LIST)):
        part = names.blocked[begin : begin + NAMES_OF_A_LIST]
        gateway.write(f"lists/part{number}.txt", "".join(f"{name}\n" for name in part))
        gateway.write(f"dns/part{number}.yaml", document("Blocklist", name=f"part{number}", file=f"lists/part{number}.txt",
                                                         format="wildcard_domains"))  # fmt: skip
    gateway.write("dns/settings.yaml", document("DNSSettings", upstreams=f'["udp://{INTERNET}:53"]',
                                                rate_limit="{per_second: 1000000, burst: 1000000}"))  # fmt: skip
    gateway.write("users/admin.yaml", document("User", username="admin", role="admin"))
    commit_all(gateway.config)
    commit(gateway.config, "settings.yaml", document(
        "Settings", reconcile="{interval: 5s}", telemetry="{sample_interval: 5s}", rate_limits="{exempt: [127.0.0.0/8]}"))  # fmt: skip


def load(figures, gateway, asking, queries, token, seconds):
    """Queries for blocked names through the tunnel, and reads of the API, one after the other."""
    done = asking.run("dnsperf", "-s", SERVER, "-d", queries["blocked"], "-l", seconds, "-Q", 5000, timeout=seconds + 60)
    figures.add("queries answered meanwhile", float(re.search(r"Queries completed:\s+(\d+)", done.stdout).group(1)), "")
    done = gateway.namespace.run("wrk", "-t1", "-c8", f"-d{seconds}s", "-H", f"Authorization: Bearer {token}",
                                 "http://127.0.0.1:8080/api/peers?limit=50", timeout=seconds + 60)  # fmt: skip
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise AssertionError(done.stdout)
    figures.add("requests answered meanwhile", float(re.search(r"(\d+) requests in", done.stdout).group(1)), "")


def take(figures, gateway, when, goal):
    """Resident memory, which of it is its own, and the highest it was; the goal is about what it has, not what it had."""
    text = Path(f"/proc/{gateway.pid()}/status").read_text()

    def field(name):
        return int(re.search(rf"{name}:\s+(\d+) kB", text).group(1)) / 1024

    figures.add(f"resident {when}", field("VmRSS"), "MB", at_most=goal, is_ratio=True)
    figures.add("  of it anonymous", field("RssAnon"), "MB")
    figures.add("  of it files", field("RssFile"), "MB")
    figures.add("  highest so far", field("VmHWM"), "MB")
