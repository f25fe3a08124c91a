"""Telemetry while what it looks at changes: counters that begin anew, GeoIP files, the kernel's parameter."""

import signal

from lab import geoip, observed
from lab.flows import pings
from lab.gateway import DONE, ERROR
from lab.namespace import wait_for
from lab.observed import GERMANY, Observed

MEGABYTE = 1_000_000


def test_counters_that_begin_anew_lose_nothing_and_count_nothing_twice(lab, gateway):
    office = Observed(lab, gateway, geography=False)
    office.serve()
    key, device = office.device.public_key, office.device
    gw = gateway.namespace

    # The peer, by hand and between two looks, so that the controller sees no difference.
    office.send(GERMANY, 3 * MEGABYTE)
    first = office.settled()
    endpoint = next(line.split("\t")[1] for line in gw.output("wg", "show", "wg0", "endpoints").splitlines() if key in line)
    allowed = f"10.8.0.{device.number}/32,fd42:8::{device.number:x}/128"
    gw.run("wg", "set", "wg0", "peer", key, "remove", "peer", key, "allowed-ips", allowed, "endpoint", endpoint)
    wait_for(lambda: pings(gw, f"10.8.0.{device.number}"), 20, what="a session with the peer made anew")
    # Less than before: nothing tells a counter that is larger again from one that went on.
    office.send(GERMANY, 2 * MEGABYTE)
    assert sum(office.wireguard_traffic()) < sum(first[0])
    second = office.settled((first[0], (0, 0)))

    # The interface: wireguard-go ends with it, and the loop makes another.
    gw.run("ip", "link", "delete", "wg0")
    wait_for(lambda: gateway.has_link() and key in gateway.peers(), 20, what="the interface")
    gateway.wait_in_sync()
    wait_for(lambda: pings(device.namespace, "10.8.0.1", wait=1), 20, what="a session with the interface made anew")
    office.send(GERMANY, MEGABYTE)
    assert sum(office.link_traffic()) < sum(second[1])
    office.settled(second)

    # The daemon: what moves while it is dead is counted too, as WireGuard goes on.
    gateway.stop(signal.SIGKILL)
    office.send(GERMANY, MEGABYTE)
    gateway.serve()
    office.settled(second)
    office.send(GERMANY, MEGABYTE)
    totals = office.settled(second)

    # The other resolutions say the same.
    identifier = office.peer()["id"]
    for resolution in ("daily", "weekly"):
        told = office.get(f"/api/metrics/peers/{identifier}", resolution=resolution)["totals"]
        assert (told["rx"], told["tx"]) == totals[0], resolution
    points = office.get(f"/api/metrics/peers/{identifier}")["points"]
    assert sum(point["rx"] for point in points) == totals[0][0]
    assert max(point["rx_peak_bps"] for point in points) >= 3 * MEGABYTE * 8 / 60
    assert 0 < sum(point["connected_seconds"] for point in points) <= 600


# GeoIP files


def faults(office):
    """Why files can't be used, by their use, as the status says; None for one that is used."""
    told = {row["use"]: row for row in office.get("/api/status")["telemetry"]["geoip"]}
    assert told["country"]["path"].endswith(observed.COUNTRY) and told["asn"]["path"].endswith(observed.ASN)
    return {use: row["failure"] for use, row in told.items()}


def usable(office):
    """The same as alerts ask for it: whether files can be used."""
    return {labels["use"]: value == 1 for labels, value in office.samples()["wirebuddy_geoip_usable"]}


def test_files_may_be_missing_or_broken_and_are_read_again(lab, gateway):
    office = Observed(lab, gateway)
    office.serve()
    office.send(GERMANY, MEGABYTE)
    office.looked()
    assert office.unknown()[0] >= MEGABYTE and office.countries().keys() == {None, "private"}
    assert usable(office) == {"country": False, "asn": False}
    missing = faults(office)
    assert all("no such file" in fault for fault in missing.values()), missing

    (office.folder / observed.COUNTRY).write_bytes(b"no database" * 1000)
    geoip.write(office.folder / observed.ASN, "GeoLite2-ASN", geoip.systems())
    wait_for(lambda: usable(office) == {"country": False, "asn": True}, 20, 0.3, "the file that is good")
    assert faults(office)["country"] not in (None, missing["country"])
    before = office.unknown()
    office.send(GERMANY, MEGABYTE)
    office.looked()
    assert office.unknown()[0] - before[0] >= MEGABYTE and office.systems()[64496][0] >= MEGABYTE

    office.write_places()
    wait_for(lambda: usable(office) == {"country": True, "asn": True}, 20, 0.3, "files that can be used")
    assert faults(office) == {"country": None, "asn": None}
    before = office.unknown()
    office.send(GERMANY, MEGABYTE)
    office.looked()
    assert office.countries()["DE"][0] >= MEGABYTE
    assert office.unknown()[0] - before[0] < 10_000, "pings only"

    # Replaced while it is open, as geoipupdate does it.
    office.write_places(countries=geoip.COUNTRIES | {"198.51.100.0/25": ("AT", "Austria")})

    def went_to_austria():
        office.send(GERMANY, 10_000)
        office.looked()
        return "AT" in office.countries()

    wait_for(went_to_austria, 30, what="the other file")
    assert gateway.plan(expect=DONE), "what a file says is no configuration"


# Settings


def test_what_moved_until_counting_is_switched_off_is_counted(lab, gateway):
    office = Observed(lab, gateway, interval="5m")
    office.write_places()
    office.serve()
    office.send(GERMANY, MEGABYTE)
    assert "DE" not in office.countries(), "listed before the end"
    office.declare_telemetry(geography=False)
    wait_for(lambda: office.countries().get("DE", (0, 0))[0] >= MEGABYTE, 30, 0.3, "the last list")


# The kernel parameter


def test_the_kernel_counts_only_where_it_is_asked_to(lab, gateway):
    parameter = "net.netfilter.nf_conntrack_acct"
    office = Observed(lab, gateway, geography=False)
    office.write_places()
    assert lab.gw.sysctl(parameter) == "0"
    office.serve()
    office.send(GERMANY, MEGABYTE // 10)
    assert lab.gw.sysctl(parameter) == "0", "geography is off"
    told = office.get("/api/metrics/geo/countries")
    assert told["accounting"]["state"] == "off" and told["rows"] == []

    office.declare_telemetry()
    wait_for(lambda: lab.gw.sysctl(parameter) == "1", 20, what="the parameter")
    gateway.wait_in_sync()
    wait_for(lambda: office.get("/api/metrics/geo/countries")["accounting"]["state"] == "accounted", 20, what="accounting")
    office.send(GERMANY, MEGABYTE)
    office.looked()
    assert office.countries()["DE"][0] >= MEGABYTE
    lab.gw.sysctl(parameter, 0)
    wait_for(lambda: lab.gw.sysctl(parameter) == "1", 20, what="the parameter is healed")
    assert gateway.stop() == 0
    gateway.wirebuddy("down")
    assert lab.gw.sysctl(parameter) == "0", "as it was before"
    assert gateway.traces() == []


# Without a daemon


def test_without_a_daemon_there_is_no_history(gateway):
    gateway.interface()
    for words in (["traffic"], ["top", "--once"]):
        assert "wirebuddy serve" in gateway.wirebuddy(*words, expect=ERROR).stderr
