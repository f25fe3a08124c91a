"""The DNS forwarder as devices see it: through the tunnel, with Unbound as upstream over TLS."""

import itertools
import json
import threading
import time

import pytest
from jsonschema import Draft202012Validator
from lab import topology
from lab.daemon import ask
from lab.dig import dig
from lab.gateway import ERROR, ROOT
from lab.namespace import wait_for
from lab.resolver import Certificates, Resolver

SERVER, SERVER6 = "10.8.0.1", "fd42:8::1"

RULES = """kind: DNSRules
rules:
  - {action: block, domain: blocked.example}
  - {action: rewrite, domain: nas.example, answer: 192.168.50.10}
  - {action: rewrite, domain: short.example, answer: target.example}
  - {action: block, domain: games.example, client: device2}
"""

ADS = "kind: Blocklist\nname: ads\nfile: lists/ads.txt\nformat: wildcard_domains\n"
MALWARE = "kind: Blocklist\nname: malware\nfile: lists/malware.txt\nformat: domains\n"


def settings(upstream, **fields):
    lines = {"upstreams": f"[{upstream}]", "timeout": "2s"} | fields
    return "kind: DNSSettings\n" + "".join(f"{key}: {value}\n" for key, value in lines.items())


def shown(gateway, *words, **options):
    """What a command prints as JSON, which is what its schema says."""
    document = gateway.json("dns", *words, **options)
    schema = json.loads((ROOT / f"schemas/output/{document['document']}.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    return document


@pytest.fixture
def certificates(tmp_path):
    folder = tmp_path / "ca"
    folder.mkdir()
    return Certificates(folder)


@pytest.fixture
def resolver(lab, tmp_path, certificates):
    certificates.trust(lab.gw)
    return Resolver(lab.net, tmp_path, certificates)


@pytest.fixture
def served(office, resolver):
    """A gateway that serves DNS to two devices; the second one has its own choice of lists."""
    office.add_device(dns="{blocklists: []}")
    gateway = office.gateway
    gateway.write("dns/settings.yaml", settings(resolver.over_tls()))
    gateway.write("dns/rules.yaml", RULES)
    gateway.write("dns/lists/ads.yaml", ADS)
    gateway.write("dns/lists/malware.yaml", MALWARE)
    gateway.write("lists/ads.txt", "ads.example\n")
    gateway.write("lists/malware.txt", "malware.example\n")
    office.serve()
    first, second = (device.namespace for device in office.devices)
    wait_for(lambda: dig(first, SERVER, "malware.example").values == ["0.0.0.0"], what="the lists")
    return office, first, second


def answers(namespace, server=SERVER, name="site.example"):
    return dig(namespace, server, name, seconds=1).status == "NOERROR"


def test_a_device_gets_what_the_policy_says(served, resolver):
    office, first, second = served
    gateway = office.gateway
    allowed = dig(first, SERVER, "site.example")
    assert allowed.values == ["93.184.216.34"] and "ra" in allowed.flags and "aa" not in allowed.flags
    assert dig(first, SERVER6, "site.example", "AAAA").values == ["2606:2800:220:1::1"]
    assert dig(first, SERVER, "SiTe.ExAmPlE", "A", "+tcp").values == ["93.184.216.34"]
    assert "site.example" in resolver.queries, "it came from the upstream"
    assert resolver.queries.count("site.example") >= 2, "A and AAAA"

    assert dig(first, SERVER, "nas.example").values == ["192.168.50.10"]
    assert dig(first, SERVER, "nas.example", "AAAA").answers == []
    short = dig(first, SERVER, "short.example")
    assert [row[3] for row in short.answers] == ["CNAME", "A"] and short.values[-1] == "93.184.216.36"

    assert dig(first, SERVER, "device2.wg0.vpn.internal").values == ["10.8.0.3"]
    assert dig(first, SERVER, "device2.wg0.vpn.internal", "AAAA").values == ["fd42:8::3"]
    assert dig(first, SERVER, "3.0.8.10.in-addr.arpa", "PTR").values == ["device2.wg0.vpn.internal."]
    assert dig(first, SERVER, "99.0.8.10.in-addr.arpa", "PTR").status == "NXDOMAIN"
    assert dig(first, SERVER, "1.1.168.192.in-addr.arpa", "PTR").status == "NXDOMAIN", "private PTR never leaves"
    assert not [name for name in resolver.queries if name.endswith("arpa")]

    # A list blocks for who has it; a rule for one device for nobody else; an alias to a blocked name is blocked.
    assert dig(first, SERVER, "ads.example").values == ["0.0.0.0"]
    assert dig(second, SERVER, "ads.example").values == ["93.184.216.35"]
    assert dig(first, SERVER, "alias.example").values == ["0.0.0.0"]
    assert dig(second, SERVER, "alias.example").values == ["ads.example."], "Unbound follows none of its own data"
    assert dig(second, SERVER, "games.example").values == ["0.0.0.0"]
    assert dig(first, SERVER, "games.example").status == "NXDOMAIN"
    gateway.peer("device2", office.devices[1].public_key, 3, dns="{blocklists: [malware]}")
    wait_for(lambda: dig(second, SERVER, "malware.example").values == ["0.0.0.0"], what="the subset")
    assert dig(second, SERVER, "ads.example").values == ["93.184.216.35"]
    assert dig(first, SERVER, "rebind.example").answers == [], "no private address for a public name"


@pytest.mark.parametrize(
    "mode,status,values,negative",
    [
        ("null_ip", "NOERROR", ["0.0.0.0"], False),
        ("nxdomain", "NXDOMAIN", [], True),
        ("nodata", "NOERROR", [], True),
        ("refused", "REFUSED", [], False),
        ("[192.0.2.80, 'fd42:8::80']", "NOERROR", ["192.0.2.80"], False),
    ],
)
def test_every_mode_of_blocking(served, resolver, mode, status, values, negative):
    office, first, _ = served
    office.gateway.write("dns/settings.yaml", settings(resolver.over_tls(), blocking=f"{{mode: {mode}, ttl: 10s}}"))
    wait_for(lambda: (dig(first, SERVER, "blocked.example").status, dig(first, SERVER, "blocked.example").values)
             == (status, values), what=f"mode {mode}")  # fmt: skip
    for kind in ("A", "AAAA", "HTTPS", "MX", "TXT"):
        answer = dig(first, SERVER, "www.blocked.example", kind)
        assert answer.status == status and answer.error.startswith("15 (Blocked)"), answer.text
        assert "dns/rules.yaml" in answer.error and "blocked.example" in answer.error
        if negative or (not answer.answers and status == "NOERROR"):
            assert [row[3] for row in answer.authority] == ["SOA"] and answer.authority[0][1] == "10"
    assert dig(first, SERVER, "blocked.example", "A", "+noedns").error == ""


def test_log_statistics_and_explain_agree(served):
    office, first, second = served
    gateway = office.gateway
    shown(gateway, "flush", "--queries")
    asked = [
        (first, "site.example"), (first, "ads.example"), (first, "blocked.example"), (first, "nas.example"),
        (second, "ads.example"), (second, "games.example"), (first, "alias.example"),
        (first, "device2.wg0.vpn.internal"),
    ]  # fmt: skip
    for device, name in asked:
        assert dig(device, SERVER, name).status
    rows = shown(gateway, "queries")["queries"]
    assert all(0 < row["duration_ms"] < 60_000 for row in rows)
    clients = {first: "wg0/device1", second: "wg0/device2"}
    assert [(row["client"], row["domain"]) for row in rows] == [(clients[d], name) for d, name in reversed(asked)]
    for row in rows:
        told = shown(gateway, "explain", row["domain"], "--client", row["client"], "--live")["answers"][0]
        if row["domain"] == "alias.example":
            # Only the answer showed what it leads to.
            assert (row["status"], row["reason"], row["list"]) == ("blocked", "answer", "ads")
            continue
        assert (row["status"] == "blocked") == (told["decision"] == "block"), row
        assert row["source"] == (told["rule"] or {}).get("source"), row
        assert row["rule"] == (told["rule"] or {}).get("text"), row
    status, answer = ask(gateway, "GET", "/api/dns/stats")
    stats = answer["data"]
    assert status == 200 and stats["queries_total"] == len(rows)
    assert stats["queries_blocked"] == sum(row["status"] == "blocked" for row in rows)
    assert {row["domain"] for row in stats["top_blocked"]} == {row["domain"] for row in rows if row["status"] == "blocked"}
    assert stats["unique_clients"] == 2 and stats["unique_domains"] == len({name for _, name in asked})
    status, answer = ask(gateway, "GET", "/api/dns/queries?limit=100")
    assert [(row["client"], row["domain"], row["rule"]) for row in answer["data"]] == [
        (row["client"], row["domain"], row["rule"]) for row in rows
    ]
    blocked = shown(gateway, "queries", "--blocked", "--client", "device1")
    assert [row["domain"] for row in blocked["queries"]] == ["alias.example", "blocked.example", "ads.example"]
    assert blocked["total"] == 3


def test_pauses_end_and_outlive_a_restart(served):
    office, first, second = served
    gateway = office.gateway
    gateway.wirebuddy("dns", "pause", "1h", "--client", "device1")
    assert dig(first, SERVER, "ads.example").values == ["93.184.216.35"]
    assert dig(second, SERVER, "games.example").values == ["0.0.0.0"]
    assert gateway.is_in_sync(), "a pause is no drift"
    gateway.stop()
    gateway.serve()
    wait_for(lambda: answers(first), what="the forwarder")
    assert dig(first, SERVER, "ads.example").values == ["93.184.216.35"]
    listed = shown(gateway, "pause")["pauses"]
    assert [pause["client"] for pause in listed] == ["wg0/device1"]
    gateway.wirebuddy("dns", "pause", "2s")
    assert dig(second, SERVER, "games.example").status == "NXDOMAIN"
    wait_for(lambda: dig(second, SERVER, "games.example").values == ["0.0.0.0"], 5, what="the end of the pause")
    gateway.wirebuddy("dns", "pause", "--end")
    assert dig(first, SERVER, "ads.example").values == ["0.0.0.0"]


def test_the_pause_of_a_peer_that_is_removed_ends_by_its_name(served):
    office, first, _ = served
    gateway = office.gateway
    for device in ("device1", "wg0/device2"):
        gateway.wirebuddy("dns", "pause", "1h", "--client", device)
    gateway.wirebuddy("peer", "remove", "device2")
    assert [pause["client"] for pause in shown(gateway, "pause")["pauses"]] == ["wg0/device1", "wg0/device2"]
    gateway.wirebuddy("dns", "pause", "1h", "--client", "device2", expect=ERROR)
    ended = shown(gateway, "pause", "--end", "--client", "wg0/device2")
    assert [pause["client"] for pause in ended["pauses"]] == ["wg0/device1"]
    gateway.wirebuddy("dns", "pause", "--end", "--client", "wg0/device2", expect=ERROR)
    assert dig(first, SERVER, "ads.example").values == ["93.184.216.35"]


def test_nobody_else_gets_an_answer(served, lab):
    """A host of the LAN asks the tunnel's address, as itself and with the address of a peer."""
    _, first, _ = served
    assert answers(first)
    lab.gw.sysctl("net.ipv4.conf.all.rp_filter", 0)
    lab.gw.sysctl("net.ipv4.conf.eth1.rp_filter", 0)
    lab.lan.run("ip", "address", "add", "10.8.0.2/32", "dev", "lo")
    for options in ([], ["-b", "10.8.0.2"], ["+tcp"]):
        answer = dig(lab.lan, SERVER, "site.example", "A", *options, seconds=1)
        assert answer.status is None, answer.text
    assert dig(lab.net, topology.GATEWAY, "site.example", seconds=1).status is None
    # The gateway itself is no peer.
    assert dig(lab.gw, SERVER, "site.example", seconds=1).status in (None, "REFUSED")


def test_an_upstream_that_fails_costs_the_timeout_at_most(served, resolver, lab):
    office, first, _ = served
    gateway = office.gateway
    gateway.wirebuddy("dns", "flush")
    lab.net.run("nft", "add table inet faults; add chain inet faults input { type filter hook input priority 0; };"
                " add rule inet faults input tcp dport 853 drop")  # fmt: skip
    begin = time.monotonic()
    answer = dig(first, SERVER, "site.example")
    assert answer.status == "SERVFAIL" and time.monotonic() - begin < 3.5, answer.text
    lab.net.run("nft", "delete", "table", "inet", "faults")
    wait_for(lambda: answers(first), what="the upstream again")
    # A certificate for another name: nothing is asked, in no way.
    gateway.write("dns/settings.yaml", settings(f'"{topology.INTERNET}@853#other.test"'))
    fresh = (f"fresh{number}.example" for number in itertools.count())
    wait_for(lambda: dig(first, SERVER, next(fresh)).status == "SERVFAIL", what="the refusal")
    gateway.wirebuddy("dns", "flush")
    before = len(resolver.queries)
    assert dig(first, SERVER, "site.example").status == "SERVFAIL"
    assert len(resolver.queries) == before, "strict TLS leaks nothing"
    # The next upstream answers for one that is dead.
    gateway.write("dns/settings.yaml", settings(f'"udp://198.51.100.99:53", "udp://{topology.INTERNET}:53"'))
    wait_for(lambda: answers(first), what="the second upstream")


def test_an_interface_comes_and_goes_while_devices_ask(served):
    office, first, second = served
    gateway = office.gateway
    daemon = gateway.pid()
    asking, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            asking.append(answers(first))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        # Another address beside the first: whoever asks the first one never notices.
        gateway.interface(address="[10.8.0.1/24, fd42:8::1/64, 10.8.0.254/24]")
        wait_for(lambda: answers(second, "10.8.0.254"), what="the new address")
        gateway.interface()
        wait_for(lambda: not answers(second, "10.8.0.254"), what="the address to go")
    finally:
        stop.set()
        thread.join()
    assert asking and all(asking), f"{asking.count(False)} of {len(asking)} were not answered"
    # The link itself goes behind our back, and comes back with another index.
    gateway.namespace.run("ip", "link", "delete", "wg0")
    gateway.wait_in_sync()
    office.connect()
    wait_for(lambda: answers(first), what="the listener on the new link")
    gateway.interface(address="[10.8.0.254/24, fd42:8::1/64]")
    wait_for(lambda: answers(second, "10.8.0.254") and not answers(first), what="the address to change")
    assert answers(first, SERVER6)
    gateway.interface()
    wait_for(lambda: answers(first) and answers(second, SERVER6), what="the listeners")
    assert gateway.pid() == daemon and gateway.daemon.poll() is None, "no restart"


def test_rules_are_planned_like_any_object(served):
    office, first, _ = served
    gateway = office.gateway
    gateway.stop()
    gateway.write("dns/more.yaml", "kind: DNSRule\naction: block\ndomain: new.example\nclient: device1\n")
    plan = gateway.plan().stdout
    assert "block new.example for device1" in plan, plan
    gateway.serve()
    wait_for(lambda: dig(first, SERVER, "new.example").values == ["0.0.0.0"], what="the rule")


def test_a_device_with_its_own_resolver_is_sent_to_the_forwarder(served, resolver):
    """The first device is enforced, the second one is not."""
    office, first, second = served
    gateway = office.gateway
    elsewhere = topology.INTERNET
    assert dig(first, elsewhere, "blocked.example").status == "NXDOMAIN", "the resolver itself knows no such name"
    assert first.run("nc", "-z", "-w", "3", elsewhere, "853", check=False).returncode == 0
    gateway.peer("device1", office.device.public_key, 2, dns="{enforce: true}")
    wait_for(lambda: dig(first, elsewhere, "blocked.example").values == ["0.0.0.0"], what="the redirection")
    assert dig(first, elsewhere, "blocked.example", "A", "+tcp").values == ["0.0.0.0"]
    assert dig(first, elsewhere, "site.example").values == ["93.184.216.34"]
    assert dig(second, elsewhere, "blocked.example").status == "NXDOMAIN"
    begin = time.monotonic()
    assert first.run("nc", "-z", "-w", "3", elsewhere, "853", check=False).returncode != 0
    assert time.monotonic() - begin < 2, "it is told at once"
    assert second.run("nc", "-z", "-w", "3", elsewhere, "853", check=False).returncode == 0
    assert dig(first, SERVER, "site.example").values == ["93.184.216.34"]
    gateway.peer("device1", office.device.public_key, 2)
    wait_for(lambda: dig(first, elsewhere, "blocked.example").status == "NXDOMAIN", what="the end of it")


def test_a_list_keeps_itself_up_to_date(served, lab, tmp_path, certificates):
    office, first, _ = served
    gateway = office.gateway
    folder, address = tmp_path / "lists", "45.0.2.10"
    folder.mkdir()
    lab.net.run("ip", "address", "add", f"{address}/32", "dev", "lo")
    hosts = tmp_path / "hosts"
    hosts.write_text(f"127.0.0.1 localhost\n{address} lists.test\n192.168.50.10 inside.test\n")
    lab.gw.run("mount", "--bind", hosts, "/etc/hosts")
    script = ROOT / "Tests/IntegrationTests/lab/https_server.py"
    lab.net.python(script, address, *certificates.make("lists.test"), folder)
    wait_for(lambda: lab.net.run("nc", "-z", address, "443", check=False).returncode == 0, what="the server")

    names = [f"tracker{number}.example" for number in range(1000)]
    (folder / "trackers").write_text("\n".join(names))
    gateway.write("dns/lists/trackers.yaml",
                  "kind: Blocklist\nname: trackers\nurl: https://lists.test/trackers\nformat: domains\n")  # fmt: skip
    wait_for(lambda: dig(first, SERVER, "tracker7.example").values == ["0.0.0.0"], what="the list")

    def update(*words, expect=0):
        lists = shown(gateway, "update", "trackers", *words, expect=expect)["lists"]
        assert [row["name"] for row in lists] == ["trackers"]
        return lists[0]

    def still_blocks():
        return dig(first, SERVER, "tracker7.example").values == ["0.0.0.0"]

    unchanged = update()
    assert (unchanged["status"], unchanged["rules"], unchanged["error"]) == ("ready", 1000, None)
    (folder / "trackers").write_text("\n".join(names[:300]))
    assert "1000" in update(expect=1)["error"] and still_blocks()
    (folder / "trackers").write_text("<!DOCTYPE html><title>moved</title>")
    assert "page" in update(expect=1)["error"] and still_blocks()
    (folder / "trackers.endless").touch()
    assert "bytes" in update(expect=1)["error"] or "lines" in update(expect=1)["error"]
    assert still_blocks()
    (folder / "trackers.endless").unlink()
    for target in ("https://inside.test/trackers", "https://127.0.0.1/trackers", "http://lists.test/trackers"):
        (folder / "trackers.location").write_text(target)
        refused = update(expect=1)
        assert (refused["status"], refused["rules"]) == ("stale", 1000) and still_blocks(), refused
    (folder / "trackers.location").unlink()
    (folder / "trackers").unlink()
    assert "404" in update(expect=1)["error"] and still_blocks()

    # A start needs neither the network nor the list's server.
    gateway.stop()
    lab.net.run("ip", "address", "delete", f"{address}/32", "dev", "lo")
    gateway.serve()
    wait_for(lambda: answers(first), what="the forwarder")
    assert still_blocks()
    lab.net.run("ip", "address", "add", f"{address}/32", "dev", "lo")
    (folder / "trackers").write_text("\n".join(names[:300]))
    shrunk = update("--force")
    assert (shrunk["status"], shrunk["rules"], shrunk["error"]) == ("ready", 300, None)
    assert dig(first, SERVER, "tracker7.example").values == ["0.0.0.0"]
    assert dig(first, SERVER, "tracker700.example").status == "NXDOMAIN"


def test_commands_that_need_the_daemon_say_so(served):
    office, _, _ = served
    gateway = office.gateway
    gateway.stop()
    done = gateway.wirebuddy("dns", "queries", expect=ERROR)
    assert "no daemon serves" in done.stderr and "wirebuddy serve" in done.stderr
