"""`/metrics` as Prometheus reads it, and the examples that ask for what it says."""

import json
import re
import subprocess

import pytest
from lab import observed
from lab.daemon import answer
from lab.device import key_pair
from lab.dig import dig
from lab.gateway import ROOT, Gateway, document
from lab.namespace import wait_for
from lab.observed import GERMANY, Observed, samples
from lab.topology import Lab
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

MEGABYTE = 1_000_000
HOSTILE = ["=1+1", "a=b, c", "John's (old) phone: #1", "日本語 🎉", "le", "+Inf", "@x", "NaN"]

MONITORING = ROOT / "examples/monitoring"
RULES = MONITORING / "prometheus/alerts.yml"
DASHBOARD = MONITORING / "grafana/wirebuddy.json"
# What stands in the dashboard for a span that depends on who looks at it.
VARIABLES = {"$__rate_interval": "5m", "$__range": "1h"}


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A gateway with everything that has metrics, and peers whose names are made to break their text."""
    with Lab(devices=1) as lab:
        office = Observed(lab, Gateway(lab.gw, tmp_path_factory.mktemp("prometheus") / "gateway"))
        office.write_places()
        for number, name in enumerate(HOSTILE):
            office.gateway.write(f"peers/wg0/p{number}.yaml", document(
                "Peer", name=json.dumps(name, ensure_ascii=False), interface="wg0", dns_name=f"p{number}",
                ip=f"10.8.0.{100 + number}", public_key=key_pair()[1]))  # fmt: skip
        office.gateway.write("dns/settings.yaml", f"kind: DNSSettings\nupstreams: ['udp://{GERMANY}:53']\n")
        office.gateway.write("dns/lists/ads.yaml", "kind: Blocklist\nname: ads\nfile: lists/ads.txt\nformat: domains\n")
        office.gateway.write("lists/ads.txt", "ads.example\n")
        office.serve()
        yield office


@pytest.fixture(scope="module")
def scrape(watched):
    """What Prometheus reads after all kinds of things have happened."""
    watched.send(GERMANY, MEGABYTE)
    answer(watched.gateway, "GET", "/api/peers")
    wait_for(lambda: dig(watched.device.namespace, "10.8.0.1", "ads.example").values == ["0.0.0.0"], what="the forwarder")
    watched.settled()
    return watched.scrape()


def test_a_parser_reads_every_name(watched, scrape):
    found = samples(scrape)
    peers = [labels for labels, _ in found["wirebuddy_peer_received_bytes_total"]]
    assert {labels["name"] for labels in peers} == {*HOSTILE, "device1"}
    device = next(labels for labels in peers if labels["name"] == "device1")
    for direction, counted, inner in zip(("received", "sent"), watched.wireguard_traffic(), watched.link_traffic()):
        of_peer = next(value for labels, value in found[f"wirebuddy_peer_{direction}_bytes_total"] if labels == device)
        of_interface = found[f"wirebuddy_interface_{direction}_bytes_total"][0][1]
        assert MEGABYTE // 100 < of_interface <= inner and of_interface < of_peer <= counted
    assert found["wirebuddy_peer_up"][peers.index(device)] == (device, 1)


def test_metrics_have_a_listener_of_their_own(watched):
    gw = watched.gateway.namespace
    head = gw.output("curl", "-sS", "-D", "-", "-o", "/dev/null", f"http://{observed.METRICS}/metrics")
    assert "text/plain; version=0.0.4" in head

    def status(url):
        return gw.output("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", url)

    assert status(f"http://{observed.METRICS}/api/peers") == "404", "nothing else is there"
    assert status("http://127.0.0.1:8080/metrics") != "200", "at the API's address it needs a token"


def test_promtool_finds_nothing(scrape):
    done = promtool("check", "metrics", input=scrape)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def promtool(*words, **options):
    done = subprocess.run([ROOT / "scripts/promtool", *words], capture_output=True, text=True, **options)
    if done.returncode == 71:
        pytest.skip(f"SKIPPED: {done.stderr.strip()}")
    return done


def test_examples_ask_for_what_there_is(scrape):
    asked = {name for text in expressions() for name in re.findall(r"\b(?:wirebuddy|process)_\w+", text)}
    assert len(asked) > 20
    assert asked - series(scrape) == set()


def expressions():
    """Every question that the examples ask of Prometheus."""
    rules = YAML(typ="safe").load(RULES)
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    pending = [json.loads(DASHBOARD.read_text())]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            asked += [value[key] for key in ("expr", "query") if isinstance(value.get(key), str)]
        pending += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return asked


def series(text):
    """The names of all time series of a scrape, as they are asked for."""
    found = set()
    for family in text_string_to_metric_families(text):
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(family.type, [""])
        found |= {family.name + ending for ending in endings}
    return found


def test_promtool_takes_the_examples(tmp_path):
    for words in (["check", "config", MONITORING / "prometheus/prometheus.yml"], ["check", "rules", RULES],
                  ["test", "rules", MONITORING / "prometheus/alerts.test.yml"]):  # fmt: skip
        done = promtool(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    # What the dashboard asks, as rules: Grafana itself would only show an empty panel.
    rules = []
    for number, text in enumerate(sorted(set(expressions()))):
        if "wirebuddy_" in text or "process_" in text:
            text = re.sub(r"label_values\((.*), \w+\)", r"\1", text)
            for name, value in VARIABLES.items():
                text = text.replace(name, value)
            rules.append({"record": f"dashboard:{number}", "expr": text})
    assert len(rules) > 20
    file = tmp_path / "dashboard.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    done = promtool("check", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_names_may_be_left_out(watched):
    watched.declare_telemetry(peer_metrics="false")
    wait_for(lambda: HOSTILE[0] not in watched.scrape(), 20, what="metrics without peers")
    found = watched.samples()
    assert not [name for name in found if name.startswith("wirebuddy_peer_")]
    assert "wirebuddy_interface_received_bytes_total" in found
    watched.declare_telemetry()
    wait_for(lambda: HOSTILE[0] in watched.scrape(), 20, what="metrics with peers")
