"""Ports of the gateway that lead to peers: from the internet, from the LAN and back into the tunnels."""

import concurrent.futures
import itertools
import json
import re
import time

import pytest
from lab import topology
from lab.company import PEERS, Company
from lab.flows import Capture
from lab.gateway import BINARY, Gateway, document
from lab.host import Host, together
from lab.namespace import run, wait_for
from lab.topology import Lab

# Devices dial the first address, so that what they say to the second one can go through the tunnel.
OUTSIDE, SECOND, OUTSIDE6 = topology.GATEWAY, "203.0.113.2", topology.GATEWAY6
NEIGHBOUR, NEIGHBOUR6 = "203.0.113.254", "2001:db8:1::ff"

LIMITED = f"[198.51.100.0/24, '{topology.INTERNET6}/128']"
FORWARDS = {
    "web": {"port": 8443, "to": "{peer: restricted, port: 7001}"},
    "web-quic": {"protocol": "udp", "port": 8443, "to": "{peer: wg0/restricted, port: 7002}"},
    "game": {"port": 9000, "to": "{peer: free, port: 7001}"},
    "game-state": {"protocol": "udp", "port": 9000, "to": "{peer: free, port: 7002}"},
    "same-port": {"interface": "eth0", "port": 7003, "to": "{peer: free}"},
    "limited": {"port": 9100, "to": "{peer: free, port: 7002}", "from": LIMITED},
    "limited-state": {"protocol": "udp", "port": 9100, "to": "{peer: free, port: 7001}", "from": LIMITED},
    "guest": {"port": 9200, "to": "{peer: isolated, port: 7001}"},
    "branch": {"protocol": "udp", "port": 9300, "to": "{peer: site, port: 7001}"},
}
SERVICES = [
    "tcp/8443", "udp/8443", "tcp/9000", "udp/9000", "tcp/7003", "tcp/9100", "udp/9100", "tcp/9200", "udp/9300",
    # These lead nowhere.
    "tcp/8444", "udp/8444", "udp/7003", "tcp/7001", "icmp",
]  # fmt: skip
ACCESS = {
    # What peers may reach holds for what a forward leads them to.
    "contractors": {
        "from": "{labels: {team: contractors}}", "to": "[{peer: restricted}, {peer: site}]",
        "ports": "[tcp/7001, udp/7001]",
    },
    # Who is led to answers, although he reaches nobody.
    "restricted": {"from": "{peers: [restricted]}", "to": topology.LAN, "ports": "tcp/7001"},
}  # fmt: skip


class Outside:
    """The company with forwards: `free` takes packets from anywhere, other devices those of their own interface alone."""

    def __init__(self, lab, gateway):
        self.lab = lab
        self.company = company = Company(lab, gateway)
        lab.address(lab.gw, "eth0", f"{SECOND}/24")
        self.neighbour = Host(lab.net, NEIGHBOUR, NEIGHBOUR6)
        self.plain = company.table()
        for name, interface, *_ in PEERS:
            device = company.devices[name]
            networks = {"wg0": ["10.8.0.0/24", "fd42:8::/64"], "wg1": ["10.9.0.0/24", "fd42:9::/64"]}[interface]
            if name in ("free", "contractor"):
                networks = ["0.0.0.0/0", "::/0"]
            else:
                networks += [f"{SECOND}/32", f"{OUTSIDE6}/128"]
            device.set("peer", gateway.public_key(interface), "allowed-ips", ",".join(networks))
            for prefix in (f"{SECOND}/32", f"{OUTSIDE6}/128", f"{NEIGHBOUR}/32", f"{NEIGHBOUR6}/128"):
                device.namespace.run("ip", "route", "replace", prefix, "dev", device.link)

    @property
    def gateway(self):
        return self.company.gateway

    def declare(self):
        self.company.declare_peers(free={"routing_mode": "full_tunnel"})
        for name, fields in FORWARDS.items():
            self.forward(name, **fields)
        for name, fields in ACCESS.items():
            self.company.access(name, **fields)
        self.gateway.apply()

    def forward(self, name, **fields):
        self.gateway.write(f"forwards/{name}.yaml", document("Forward", name=name, **fields))


    def change(self, names, fields):
        for name in names:
            self.forward(name, **FORWARDS[name] | fields)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    with Lab(devices=len(PEERS)) as lab:
        yield Outside(lab, Gateway(lab.gw, tmp_path_factory.mktemp("forwards") / "gateway"))


@pytest.fixture
def outside(built):
    """The scenario with all its forwards, whatever the test before left."""
    built.declare()
    return built


def explained(outside, questions):
    """The answers about connections to the gateway, by who opens them, service and version of IP."""

    def ask(question):
        words = ["access", "explain", question[0], "gateway", question[1]]
        done = run(BINARY, *words, "--config", outside.gateway.config, "--format", "json")
        return json.loads(done.stdout)["answers"]

    unique = sorted({question[:2] for question in questions})
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        told = dict(zip(unique, pool.map(ask, unique), strict=True))
    found = {}
    for question in questions:
        version = f"gateway over IPv{question[2]}"
        answers = [answer for answer in told[question[:2]] if {"gateway", version} & set(answer["destinations"])]
        assert len(answers) == 1, f"{question}: {answers}"
        found[question] = answers[0]
    return found


def test_every_connection_to_a_port_is_what_explain_says(outside):
    company = outside.company
    # Host, how questions name it at an address, and the addresses that it dials.
    callers = [
        (company["internet"], company.party("internet"), (OUTSIDE, SECOND, OUTSIDE6)),
        (outside.neighbour, company.party("neighbour"), (OUTSIDE, OUTSIDE6)),
        (company["contractor"], company.party("contractor"), (SECOND, OUTSIDE6)),
        (company["other"], company.party("other"), (SECOND, OUTSIDE6)),
        (company["isolated"], company.party("isolated"), (SECOND, OUTSIDE6)),
    ]
    cells = {
        host: [(host.address(to), to, service) for to, service in itertools.product(addresses, SERVICES)]
        for host, _, addresses in callers
    }
    answers = together(list(cells), "reach", {host: (row, 2.4) for host, row in cells.items()})
    version = {address: 6 if ":" in address else 4 for _, _, addresses in callers for address in addresses}
    told = explained(outside, {(party(source), service, version[to])
                               for host, party, _ in callers for source, to, service in cells[host]})  # fmt: skip
    counts, wrong = {"forwarded": 0, "denied": 0, "not forwarded": 0}, []
    for host, party, _ in callers:
        for (source, to, service), (outcome, _) in zip(cells[host], answers[host], strict=True):
            answer = told[party(source), service, version[to]]
            leads = answer["forward"] is not None and answer["decision"] == "allow"
            # The gateway itself has nothing at these ports, and answers an echo wherever that is allowed.
            expected = leads or (service == "icmp" and answer["decision"] == "allow")
            if (outcome == "reached") != expected:
                wrong.append(f"{party(source)} {to} {service}: {outcome}, but {answer['reason']}")
            if service != "icmp":
                counts["forwarded" if leads else "denied" if answer["forward"] else "not forwarded"] += 1
    print(counts)
    assert wrong == [], "\n".join(wrong)
    assert counts["forwarded"] > 50 and counts["denied"] > 15 and counts["not forwarded"] > 40


def sources(outside, host, caller, to, service, there):
    """Whom a peer sees when this connection is opened."""
    together([host], "seen", {})
    assert caller.reaches(to, service)
    return host.ask("seen")["sources"][there]


def test_who_a_peer_sees(outside):
    """A device that takes packets of its own interface alone sees others as the gateway; who takes all sees who it is."""
    company = outside.company
    internet, contractor, other = company["internet"], company["contractor"], company["other"]
    restricted, free, site = company["restricted"], company["free"], company["site"]
    for number, (to, there) in enumerate(((OUTSIDE, SECOND), (OUTSIDE6, OUTSIDE6))):
        wg0, wg1 = (("10.8.0.1", "10.9.0.1"), ("fd42:8::1", "fd42:9::1"))[number]
        real = internet.addresses[number]
        assert sources(outside, restricted, internet, to, "tcp/8443", "tcp/7001") == wg0
        assert sources(outside, restricted, internet, to, "udp/8443", "udp/7002") == wg0
        assert sources(outside, free, internet, to, "tcp/9000", "tcp/7001") == real
        assert sources(outside, free, internet, to, "udp/9000", "udp/7002") == real
        assert sources(outside, site, internet, to, "udp/9300", "udp/7001") == wg1
        assert sources(outside, restricted, contractor, there, "tcp/8443", "tcp/7001") == contractor.addresses[number]
        assert sources(outside, restricted, other, there, "tcp/8443", "tcp/7001") == wg0
        assert sources(outside, free, other, there, "tcp/9000", "tcp/7001") == other.addresses[number]


def test_a_device_reaches_its_own_port_like_everybody(outside):
    """It would drop what seems to come from itself, so that it sees the gateway."""
    free = outside.company["free"]
    for to, gateway in ((SECOND, "10.8.0.1"), (OUTSIDE6, "fd42:8::1")):
        assert sources(outside, free, free, to, "tcp/9000", "tcp/7001") == gateway
        assert sources(outside, free, free, to, "udp/9000", "udp/7002") == gateway


def test_the_lan_uses_a_forward_of_every_link_alone(outside):
    lan = outside.company["lan"]
    for to in (topology.LAN_GATEWAY, topology.LAN_GATEWAY6, OUTSIDE, OUTSIDE6):
        assert lan.reaches(to, "tcp/8443") and lan.reaches(to, "udp/9000")
        assert not lan.reaches(to, "tcp/7003", 1)


def test_tunnel_addresses_are_not_forwarded(outside):
    """The gateway's own service at that port answers there."""
    free, other = outside.company["free"], outside.company["other"]
    for to in ("10.8.0.1", "fd42:8::1"):
        assert not other.reaches(to, "tcp/9000", 1) and not other.reaches(to, "udp/9000", 1)
        free.ask("seen")
        outside.company["contractor"].reaches(to, "tcp/7003", 1)
        assert "tcp/7003" not in free.ask("seen")["sources"]


RUNNING = list(itertools.product((OUTSIDE, OUTSIDE6), ("tcp/8443", "udp/8443")))
WEB = ("web", "web-quic")
CUTS = {
    "removed": lambda outside: [outside.gateway.remove(f"forwards/{name}.yaml") for name in WEB],
    "limited": lambda outside: outside.change(WEB, {"from": "203.0.113.0/24"}),
    "another target": lambda outside: outside.change(WEB, {"to": "{peer: other, port: 7003}"}),
    # The target is one that is still led to.
    "another port": lambda outside: outside.change(WEB, {"port": 8500}),
    "another link": lambda outside: outside.change(WEB, {"interface": "eth1"}),
}


def growing(host, names, seconds=10):
    before = host.received()
    wait_for(lambda: all(host.received()[name] > before[name] + 2 for name in names), seconds, what=f"more of {names}")


def untouched(outside):
    internet = outside.company["internet"]
    return [internet.start(to, "udp/9000") for to in (OUTSIDE, OUTSIDE6)]


def expect_silence(outside, names, peer="restricted", seconds=1.5):
    """Nothing of the flows arrives any more, at neither side."""
    internet, host = outside.company["internet"], outside.company[peer]
    receives = " or ".join(f"dst host {address}" for address in host.addresses)
    there = Capture(host.namespace, "wg0", f"(tcp port 7001 or udp port 7002) and ({receives})")
    here = Capture(internet.namespace, "gw", "src port 8443")

    def amounts():
        return {name: internet.received()[name] for name in names}, host.served()

    before = amounts()
    time.sleep(seconds)
    after = amounts()
    assert before == after
    assert there.stop() == []
    # The gateway may say that there is nothing at its port.
    assert [line for line in here.stop() if "Flags [R" not in line] == []


@pytest.mark.parametrize("cut", CUTS)
def test_a_forward_that_goes_takes_running_connections_along(outside, cut):
    internet = outside.company["internet"]
    names, others = [internet.start(*flow) for flow in RUNNING], untouched(outside)
    growing(internet, names + others)
    CUTS[cut](outside)
    outside.gateway.apply()
    time.sleep(0.2)  # what was on its way
    expect_silence(outside, names)
    internet.stop_complete(others)
    internet.stop(names)
    outside.declare()
    for flow in RUNNING:
        wait_for(lambda flow=flow: internet.reaches(*flow, seconds=1), what="the return")


def test_the_daemon_stops_a_forward_within_a_pass(outside):
    internet = outside.company["internet"]
    outside.gateway.serve()
    try:
        names, others = [internet.start(*flow) for flow in RUNNING], untouched(outside)
        growing(internet, names + others)
        CUTS["removed"](outside)
        begin, latest = time.monotonic(), None
        while (now := [internet.received()[name] for name in names]) != latest or time.monotonic() - begin < 1:
            assert time.monotonic() - begin < 5, "it goes on"
            latest = now
            time.sleep(0.3)
        expect_silence(outside, names)
        internet.stop_complete(others)
        internet.stop(names)
    finally:
        outside.gateway.stop()


def test_without_forwards_nothing_but_the_stop_is_left(outside):
    with_forwards = outside.company.table()
    for name in FORWARDS:
        outside.gateway.remove(f"forwards/{name}.yaml")
    outside.gateway.apply()
    assert "dnat" in with_forwards
    for service in ("tcp/8443", "udp/9000"):
        assert not outside.company["internet"].reaches(OUTSIDE, service, 1)
    for name in ACCESS:
        outside.gateway.remove(f"access/{name}.yaml")
    outside.gateway.apply()
    outside.gateway.plan(expect=0)
    plain, left = (re.sub('comment "wirebuddy .*"', "", text) for text in (outside.plain, outside.company.table()))
    # What was forwarded since the host started may still run, and has to be stopped.
    assert left.count("chain forwarded {\n\t\tct state related return\n\t\tdrop\n\t}\n\n\t") == 1
    left = left.replace("chain forwarded {\n\t\tct state related return\n\t\tdrop\n\t}\n\n\t", "")
    assert re.sub("\t*ct label [0-9]+ jump forwarded\n", "", left) == plain
