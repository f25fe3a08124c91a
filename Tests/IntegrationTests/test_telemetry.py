"""What is observed, beside what WireGuard, the kernel and a capture on the tunnel count."""

import csv
import io
import json
import subprocess
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from lab import geoip
from lab.flows import Meter, fetch, serve
from lab.gateway import ERROR, ROOT, Gateway
from lab.namespace import run, wait_for
from lab.observed import FRANCE, FRANCE_TRANSIT, GERMANY, JAPAN, PLACES, SINK, SOURCE, Observed, agrees, minus, plus
from lab.office import PROVE
from lab.topology import Lab
from referencing import Registry
from referencing.jsonschema import DRAFT202012

MEGABYTE = 1_000_000
# The large transfer: all of it with the full counts.
LARGE = (100 if PROVE else 20) * MEGABYTE
NOTHING = (0, 0)
REGISTRY = Registry().with_resources(
    (path.name, DRAFT202012.create_resource(json.loads(path.read_text())))
    for path in (ROOT / "schemas/output").glob("*.schema.json")
)


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A gateway with places, and two devices that are connected."""
    with Lab() as lab:
        office = Observed(lab, Gateway(lab.gw, tmp_path_factory.mktemp("telemetry") / "gateway"))
        office.write_places()
        office.add_device()
        office.serve()
        yield office


def captured_places(captured, place):
    """What a meter saw, by one of the two things that are known of a place."""
    sums = {}
    for address, pair in captured["addresses"].items():
        if address in PLACES:
            code = PLACES[address][place]
            sums[code] = plus(sums.get(code, NOTHING), tuple(pair))
    return sums


def test_a_transfer_is_what_wireguard_and_a_capture_count(watched):
    before, countries, systems = watched.settled(), watched.countries(), watched.systems()
    counters = watched.wireguard_traffic()
    meter = Meter(watched.lab.gw)
    watched.send(GERMANY, LARGE)
    watched.send(FRANCE, 2 * MEGABYTE)
    watched.send(FRANCE_TRANSIT, MEGABYTE)
    watched.send(JAPAN, 2 * MEGABYTE)
    assert fetch(watched.device.namespace, GERMANY, SOURCE, 5 * MEGABYTE)["bytes"] == 5 * MEGABYTE
    watched.looked()
    after = watched.settled()
    captured = meter.stop()

    # Encrypted bytes, to the byte.
    of_peer = minus(after[0], before[0])
    assert of_peer == minus(watched.wireguard_traffic(), counters)
    # Inner bytes.
    of_interface = minus(after[1], before[1])
    print(f"peer {of_peer}, interface {of_interface}, captured {captured['received']}, {captured['sent']}")
    assert agrees(of_interface, (captured["received"], captured["sent"]))
    assert all(outer > inner for outer, inner in zip(of_peer, of_interface, strict=True))
    for before, after, place in ((countries, watched.countries(), 0), (systems, watched.systems(), 1)):
        counted = {code: minus(pair, before.get(code, NOTHING)) for code, pair in after.items()}
        expected = captured_places(captured, place)
        print(f"places {counted}, captured {expected}")
        assert counted.pop("private") == NOTHING, "the gateway itself is no place"
        assert counted.keys() == expected.keys()
        # Of pings to nowhere there are only some hundred bytes, and one may be under way.
        expected.pop(None)
        for code, pair in expected.items():
            assert agrees(counted[code], pair), (code, counted[code], pair)


def test_answers_say_what_they_count(watched):
    identifier = watched.peer()["id"]
    of_peer = watched.get(f"/api/metrics/peers/{identifier}")
    assert of_peer["counted"] == "encrypted" and of_peer["resolution"] == "hourly"
    assert watched.get("/api/metrics/interfaces/wg0")["counted"] == "inner"
    told = watched.get("/api/metrics/geo/countries")
    assert told["counted"] == "inner"
    assert told["accounting"]["state"] == "accounted" and told["accounting"]["lost_events"] == 0
    watched.send(GERMANY, MEGABYTE // 10)
    watched.looked()
    names = {row["asn"]: row["name"] for row in watched.get("/api/metrics/geo/asn")["rows"]}
    assert names[64496] == geoip.SYSTEMS["198.51.100.0/24"][1]
    # The endpoint's place, of the device's own address on the internet.
    seen = watched.peer()["observed"]
    assert (seen["country"], seen["asn"]) == ("NL", 64500)


@pytest.fixture
def forgetful(watched):
    """Connection tracking that forgets what has ended at once: what it moved is then told by events only."""
    keys = [f"net.netfilter.nf_conntrack_tcp_timeout_{state}" for state in ("time_wait", "close", "fin_wait", "last_ack")]
    before = {key: watched.lab.gw.sysctl(key) for key in keys}
    for key in keys:
        watched.lab.gw.sysctl(key, 1)
    yield
    for key, value in before.items():
        watched.lab.gw.sysctl(key, value)


def test_flows_that_end_between_two_looks_are_counted(watched, forgetful):
    before = watched.countries().get("FR", NOTHING)
    meter = Meter(watched.lab.gw)
    for _ in range(25):
        watched.send(FRANCE, 40_000)

    def counted():
        return minus(watched.countries().get("FR", NOTHING), before)

    # An event comes when the kernel cleans up, which may be some looks later.
    wait_for(lambda: counted()[0] >= 25 * 40_000, 40, 0.5, "the bytes of short flows")
    watched.looked()
    pair = tuple(meter.stop()["addresses"][FRANCE])
    assert agrees(counted(), pair), (counted(), pair)
    assert watched.get("/api/metrics/geo/countries")["accounting"]["lost_events"] == 0


def test_peers_have_their_own_geography(watched):
    first, second = watched.devices
    before = {device.name: watched.countries(peer=watched.peer(device)["id"]) for device in watched.devices}
    watched.send(JAPAN, MEGABYTE, device=second)
    # Peer to peer, and to the network behind the gateway: private, whatever the files say.
    serve(second.namespace, "sink", f"10.8.0.{second.number}", SINK)
    watched.send(f"10.8.0.{second.number}", MEGABYTE)
    watched.looked()
    after = {device.name: watched.countries(peer=watched.peer(device)["id"]) for device in watched.devices}

    def moved(device, code):
        return minus(after[device.name].get(code, NOTHING), before[device.name].get(code, NOTHING))

    assert moved(second, "JP")[0] >= MEGABYTE and moved(first, "JP") == NOTHING
    assert moved(first, "private")[0] >= MEGABYTE and moved(second, "private")[1] >= MEGABYTE
    assert moved(first, "private") == moved(second, "private")[::-1]
    own = watched.get(f"/api/metrics/peers/{watched.peer(second)['id']}/geo")
    assert {row["code"] for row in own["countries"]["rows"]} >= {"JP"}


# What people and programs read


def table(content):
    """The rows of a CSV text by the rules of RFC 4180, which ends its lines with CR and LF."""
    text = content.decode()
    assert text.endswith("\r\n") and text.count("\n") == text.count("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def sums(rows, received="rx", sent="tx"):
    return sum(int(row[received]) for row in rows), sum(int(row[sent]) for row in rows)


def test_tables_sum_up_to_what_json_says(watched):
    watched.send(GERMANY, MEGABYTE // 10)
    watched.settled()
    identifier = watched.peer()["id"]
    span = {"start": watched.get("/api/metrics/interfaces/wg0")["points"][0]["time"], "end": "2100-01-01T00:00:00Z",
            "resolution": "weekly"}  # fmt: skip
    for path in (f"/api/metrics/peers/{identifier}", "/api/metrics/interfaces/wg0"):
        told = watched.get(path, **span)
        content, headers = watched.csv(path, **span)
        rows = table(content)
        assert [row["time"] for row in rows] == [point["time"] for point in told["points"]]
        assert sums(rows, "rx_bytes", "tx_bytes") == sums(told["points"]) == (told["totals"]["rx"], told["totals"]["tx"])
        assert sum(sums(rows, "rx_bytes", "tx_bytes")) > 0
        assert headers["Content-Type"].startswith("text/csv") and ".csv" in headers["Content-Disposition"]

    everything = watched.get("/api/metrics/export", format="json", **span)["rows"]
    rows = table(watched.csv("/api/metrics/export", **span)[0])
    assert len(rows) == len(everything) > 0
    for row, told in zip(rows, everything, strict=True):
        assert (row["time"], row["kind"], row["name"]) == (told["time"], told["kind"], told["name"] or "")
    assert sums(rows, "rx_bytes", "tx_bytes") == sums(everything)
    own = [row for row in rows if row["id"] == identifier]
    assert sums(own, "rx_bytes", "tx_bytes") == watched.peer_traffic()
    assert {row["counted"] for row in own} == {"encrypted"}
    assert {row["counted"] for row in rows if row["kind"] == "interface"} == {"inner"}


def shown(gateway, *words):
    """What a command prints as JSON, which is what its schema says."""
    document = gateway.json(*words)
    name = f"{document['document']}.schema.json"
    Draft202012Validator({"$ref": name}, registry=REGISTRY).validate(document)
    return document


def test_commands_show_it(watched, tmp_path):
    gateway = watched.gateway
    watched.send(GERMANY, MEGABYTE // 10)
    totals = watched.settled()
    told = shown(gateway, "traffic", "device1", "--since", "1d")
    assert (told["totals"]["rx"], told["totals"]["tx"]) == sums(told["points"]) == watched.peer_traffic()
    text = gateway.wirebuddy("traffic", "device1", "--since", "1d").stdout
    assert "device1" in text and "RECEIVED" in text
    # As bytes: a text would lose the ends of its lines.
    command = gateway.namespace.command(*gateway.arguments("traffic", "device1", "--since", "1d", "--csv"))
    rows = table(subprocess.run(command, capture_output=True, check=True).stdout)
    assert sums(rows, "rx_bytes", "tx_bytes") == totals[0]

    picture = tmp_path / "traffic.svg"
    gateway.wirebuddy("traffic", "wg0", "--since", "7d", "--svg", picture)
    root = ElementTree.parse(picture).getroot()
    assert root.tag.endswith("svg") and "wg0" in "".join(root.itertext())
    run("rsvg-convert", "--output", tmp_path / "traffic.png", picture)

    assert "device1" in gateway.wirebuddy("traffic").stdout, "the top peers"
    refused = gateway.wirebuddy("traffic", "devise1", expect=ERROR)
    assert "did you mean device1?" in refused.stderr
    assert "before" in gateway.wirebuddy("traffic", "--since", "1d", "--until", "2d", expect=64).stderr
    assert "device1" in gateway.wirebuddy("top", "--once").stdout
    shown(gateway, "top", "--once")
