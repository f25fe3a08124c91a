"""Who reaches whom, packet by packet, and what `access explain` says of it."""

import collections
import concurrent.futures
import dataclasses
import itertools
import json
import shutil
import time

import pytest
from jsonschema import Draft202012Validator
from lab import topology
from lab.company import PEERS, Company
from lab.company_access import CONTRACTORS, DOCUMENTS, EXPECTED
from lab.flows import Capture
from lab.gateway import BINARY, ROOT, Gateway
from lab.host import together
from lab.namespace import run, wait_for
from lab.topology import Lab

SERVICES = ["tcp/7001", "tcp/7002", "udp/7001", "udp/7002", "icmp"]


@dataclasses.dataclass(frozen=True)
class Cell:
    """One new connection."""

    host: str
    source: str
    party: str
    target: str
    to: str
    service: str

    def __str__(self):
        return f"{self.party} {self.to} {self.service}"


def cells(company):
    """All there are between the hosts, of both families; the ones that would not cross the gateway are left out."""
    here = {"site": "site", "behind": "site"}
    sources = [name for name, *_ in PEERS] + ["behind", "lan"]
    for name, target in itertools.product(sources, company.hosts):
        if here.get(name, name) == here.get(target, target):
            continue
        if name == "lan" and target in ("internet", "gateway"):
            continue
        for to, service in itertools.product(company[target].addresses, SERVICES):
            source = company[name].address(to)
            yield Cell(name, source, company.party(name)(source), target, to, service)


def probed(company):
    """What really happens, for all cells at once: whether they are answered. What is not answered is silent, and of it no
    datagram came through."""
    wanted = collections.defaultdict(list)
    for cell in cells(company):
        wanted[company[cell.host]].append(cell)
    hosts = list(company.hosts.values())
    together(hosts, "seen", {})
    answers = together(
        list(wanted), "reach",
        {host: ([(cell.source, cell.to, cell.service) for cell in row], 2.4) for host, row in wanted.items()},
    )  # fmt: skip
    arrived = {token for told in together(hosts, "seen", {}).values() for token in told["datagrams"]}
    found = {}
    for host, row in wanted.items():
        for cell, (outcome, datagram) in zip(row, answers[host], strict=True):
            assert outcome in ("reached", "silence"), f"{cell}: {outcome}"
            found[cell] = outcome == "reached"
            if cell.service.startswith("udp"):
                assert (datagram in arrived) == found[cell], f"{cell}: {outcome}, but at the other side it is not so"
    return found


def explained(company, found):
    """What is said about each cell, offline: the answer that holds its address."""
    validator = Draft202012Validator(json.loads((ROOT / "schemas/output/access-explanation.schema.json").read_text()))

    def ask(question):
        done = run(BINARY, "access", "explain", *question, "--config", company.gateway.config, "--format", "json")
        explanation = json.loads(done.stdout)
        validator.validate(explanation)
        return explanation["answers"]

    # Peers are asked about by name, which is one question for both families.
    names = {address: company.party(name)(address) for name, host in company.hosts.items() for address in host.addresses}
    questions = {cell: (cell.party, names[cell.to], cell.service) for cell in found}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        unique = sorted(set(questions.values()))
        told = dict(zip(unique, pool.map(ask, unique), strict=True))
    return {
        cell: next(answer for answer in told[question] if cell.to in answer["destinations"])
        for cell, question in questions.items()
    }


def table(found):
    """What happened, as expectations for `access test`."""
    return "".join(f"{cell} -> {'allow' if answer else 'deny'}\n" for cell, answer in found.items())


def counted(found, kind):
    """How many cells were answered and how many were not, printed."""
    counts = collections.Counter(found.values())
    print(f"{kind}: {counts[True]} cells allowed, {counts[False]} denied")
    return counts[True], counts[False]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The scenario without Access documents, and its table."""
    with Lab(devices=len(PEERS)) as lab:
        company = Company(lab, Gateway(lab.gw, tmp_path_factory.mktemp("access") / "gateway"))
        company.plain = company.table()
        yield company


@pytest.fixture
def company(built):
    """The scenario with its documents, whatever the test before left."""
    built.declare_peers()
    for name, fields in DOCUMENTS.items():
        built.access(name, **fields)
    built.gateway.apply()
    yield built
    for path in (built.gateway.config / "access").iterdir():
        path.unlink()


def test_every_new_connection_is_what_explain_says(company, tmp_path):
    found = probed(company)
    file = tmp_path / "expected.txt"
    file.write_text(EXPECTED)
    run(BINARY, "access", "test", file, "--config", company.gateway.config)
    for line in filter(None, EXPECTED.splitlines()):
        source, target, service, _, action = line.split()[:5]
        rows = {answer for cell, answer in found.items() if cell.service == service
                and source in (cell.host, cell.source) and target in (cell.target, cell.to)}  # fmt: skip
        assert rows == {action == "allow"}, line

    wrong = [
        f"{cell}: {'reached' if found[cell] else 'not reached'}, but {answer['reason']}"
        for cell, answer in explained(company, found).items() if (answer["decision"] == "allow") != found[cell]
    ]  # fmt: skip
    assert wrong == [], "\n".join(wrong)
    allowed, denied = counted(found, "new connections")
    assert allowed > 400 and denied > 150
    for service, version in itertools.product(SERVICES, (4, 6)):
        results = [answer for cell, answer in found.items()
                   if cell.service == service and (":" in cell.to) == (version == 6)]  # fmt: skip
        assert results.count(True) > 20 and results.count(False) > 10, f"{service} of IPv{version}"


def test_without_documents_nothing_is_as_if_there_never_were_any(company, tmp_path):
    with_documents = company.table()
    assert "access" in with_documents and "access" not in company.plain
    for name in DOCUMENTS:
        company.gateway.remove(f"access/{name}.yaml")
    company.gateway.apply()
    assert company.table() == company.plain
    found = probed(company)
    company.gateway.plan(expect=0)
    allowed, denied = counted(found, "without documents")
    # What is denied is what isolation and `input` deny.
    assert allowed > 400 and denied > 100
    for cell, answer in found.items():
        peers = {name for name, *_ in PEERS} | {"behind"}
        isolated = "isolated" in (cell.host, cell.target) and {cell.host, cell.target} <= peers
        closed = cell.target == "gateway" and cell.host in ("other", "site", "behind")
        open_there = cell.service in ("tcp/7001", "icmp")
        assert answer == (not isolated and (not closed or open_there)), str(cell)
    file = tmp_path / "found.txt"
    file.write_text(table(found))
    run(BINARY, "access", "test", file, "--config", company.gateway.config)


def contents(company):
    """Our table: chains and rules with their handles, and the members of the sets."""
    listing = json.loads(company.gateway.namespace.output("nft", "-j", "-a", "list", "table", "inet", "wirebuddy"))
    structure, members = [], {}
    for row in listing["nftables"]:
        kind, fields = next(iter(row.items()))
        elements = fields.pop("elem", None)
        structure.append((kind, fields))
        if kind in ("set", "map"):
            members[fields["name"]] = sorted(json.dumps(element) for element in elements or [])
    return structure, members


@pytest.mark.parametrize("field", ["to", "ports"])
def test_one_more_address_or_port_changes_members_only(company, field):
    to, service = {"to": (topology.INTERNET, "udp/7002"), "ports": (topology.LAN, "tcp/7002")}[field]
    contractor = company["contractor"]
    assert not contractor.reaches(to, service, 1)
    structure, members = contents(company)
    fields = CONTRACTORS | {
        "to": {"to": f"[{topology.INTERNET}, {CONTRACTORS['to'][1:]}"},
        "ports": {"ports": f"[tcp/7002, {CONTRACTORS['ports'][1:]}"},
    }[field]
    company.access("contractors", **fields)
    assert "contractors" in company.gateway.plan().stdout
    company.gateway.apply()
    assert contractor.reaches(to, service)
    assert contents(company)[0] == structure and contents(company)[1] != members
    company.access("contractors", **CONTRACTORS)
    assert "contractors" in company.gateway.plan().stdout
    company.gateway.apply()
    assert not contractor.reaches(to, service, 1)
    assert contents(company) == (structure, members)


def test_a_peer_that_joins_a_group_changes_members_only(company):
    """Its class is there already."""
    free = company["free"]
    assert free.reaches(topology.LAN, "tcp/7002")
    company.access("contractors-extra", **DOCUMENTS["contractors-extra"] | {"from": "{labels: {team: contractors}}"})
    company.gateway.apply()
    structure, members = contents(company)
    company.declare_peers(free={"labels": "{team: contractors}"})
    company.gateway.apply()
    assert contents(company)[0] == structure
    assert not free.reaches(topology.LAN, "tcp/7002", 1) and free.reaches(topology.LAN, "tcp/7001")
    company.declare_peers()
    company.gateway.apply()
    assert contents(company) == (structure, members)
    assert free.reaches(topology.LAN, "tcp/7002")


CUTS = {
    "its destination": {"contractors": CONTRACTORS | {"to": "[{peer: free}]"}},
    "its port": {"contractors": CONTRACTORS | {"ports": "[tcp/9000]"}},
    "a denial": {"stop": {"from": "{peers: [contractor]}", "to": f"[{topology.LAN}, '{topology.LAN6}']", "action": "deny"}},
}
RUNNING = list(itertools.product((topology.LAN, topology.LAN6), ("tcp/7001", "udp/7002", "icmp")))
# What the flows above send, and what comes back; those of others use other ports.
TO_LAN = f"dst host {topology.LAN} and (tcp port 7001 or udp port 7002 or icmp[icmptype] == icmp-echo)" \
         f" or dst host {topology.LAN6} and (tcp port 7001 or udp port 7002 or icmp6[0] == 128)"  # fmt: skip
FROM_LAN = f"src host {topology.LAN} or src host {topology.LAN6}"


def growing(host, names, seconds=10, what="the flows"):
    """Wait until more comes back of every one of these flows."""
    before = host.received()
    wait_for(lambda: all(host.received()[name] > before[name] + 2 for name in names), seconds, what=f"{what} of {names}")


def silent(host, seen_there, lan, seconds=1.5):
    """Whether nothing arrives any more, at neither side: none of the packets, and none of what they carry."""
    there, here = Capture(seen_there, "eth0", TO_LAN), Capture(host.namespace, "wg0", FROM_LAN)
    before = host.received(), lan.served()
    time.sleep(seconds)
    after = host.received(), lan.served()
    lines = there.stop() + here.stop()
    assert lines == []
    assert before[0] == after[0]
    assert {key: before[1].get(key) for key in ("tcp/7001", "udp/7002")} \
        == {key: after[1].get(key) for key in ("tcp/7001", "udp/7002")}  # fmt: skip


@pytest.mark.parametrize("cut", CUTS)
def test_an_allowance_that_goes_takes_running_connections_along(company, cut):
    contractor, free, lan = company["contractor"], company["free"], company["lan"]
    names = [contractor.start(*flow) for flow in RUNNING]
    untouched = [free.start(topology.LAN, "udp/7003"), free.start(topology.LAN6, "udp/7003")]
    growing(contractor, names)
    growing(free, untouched)
    for name, fields in CUTS[cut].items():
        company.access(name, **fields)
    company.gateway.apply()
    time.sleep(0.2)  # what was on its way
    silent(contractor, company.lab.lan, lan)
    company.access("contractors", **CONTRACTORS)
    if cut == "a denial":
        company.gateway.remove("access/stop.yaml")
    company.gateway.apply()
    growing(contractor, [name for name in names if "tcp" not in name], what="the return")
    free.stop_complete(untouched)
    contractor.stop(names)


def test_connections_that_others_opened_go_on(company):
    """What the LAN opened towards the contractor is not the document's business, also while it is running."""
    lan, contractor = company["lan"], company["contractor"]
    names = [lan.start(address, service) for address in contractor.addresses for service in ("tcp/7002", "udp/7003", "icmp")]
    growing(lan, names)
    company.access("contractors", **CONTRACTORS | {"to": "[{peer: free}]"})
    company.gateway.apply()
    growing(lan, names)
    lan.stop_complete(names)


def test_what_belongs_to_no_connection_does_not_pass(company):
    """The second packet of a handshake that nobody began, to where the contractor may go: nobody can say who opened it."""
    ends = [topology.LAN, topology.LAN6]
    capture = Capture(company.lab.lan, "eth0", "tcp port 7001")
    for name in ("contractor", "free"):
        for to in ends:
            company[name].ask("stray", company[name].address(to), to, 7001)
    # Whom no document is about, sends what he wants: it is not translated, since it is no connection.
    assert sorted(set(sent_from(capture.stop()))) == sorted(f"{address}.7001" for address in company["free"].addresses)


def sent_from(lines):
    """The sources of what a capture holds, but not of the answers."""
    return [words[2] for words in map(str.split, lines) if "Flags [S.]" in " ".join(words)]


def test_errors_about_what_is_allowed_come_back(company):
    """Nobody listens at udp/7005, which the contractor may reach, and a host says so."""
    contractor = company["contractor"]
    cells = [(contractor.address(to), to, "udp/7005") for to in (topology.LAN, topology.LAN6, *company["free"].addresses)]
    outcomes = [outcome for outcome, _ in contractor.ask("reach", cells, 2)]
    assert all("Connection refused" in outcome for outcome in outcomes), outcomes


def git(gateway, *words):
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    gateway.namespace.run("git", "-C", gateway.config, *identity, *words)


@pytest.fixture
def served(company):
    """`serve` follows commits."""
    git(company.gateway, "init", "-q", "-b", "main")
    commit(company.gateway, "begin")
    company.gateway.serve()
    yield company
    company.gateway.stop()
    shutil.rmtree(company.gateway.config / ".git")


def commit(gateway, message):
    git(gateway, "add", "-A")
    git(gateway, "commit", "-q", "-m", message)


def test_the_daemon_stops_running_connections_within_a_pass(served):
    contractor, free = served["contractor"], served["free"]
    names = [contractor.start(*flow) for flow in RUNNING]
    untouched = [free.start(topology.LAN, "udp/7003"), free.start(topology.LAN6, "udp/7003")]
    growing(contractor, names)
    growing(free, untouched)
    served.access("contractors", **CONTRACTORS | {"to": "[{peer: free}]"})
    commit(served.gateway, "take the LAN away")
    begin, latest = time.monotonic(), None
    while (now := contractor.received()) != latest or time.monotonic() - begin < 1:
        assert time.monotonic() - begin < 5, f"it goes on{served.gateway.log_tail()}"
        latest = now
        time.sleep(0.3)
    silent(contractor, served.lab.lan, served["lan"])
    served.access("contractors", **CONTRACTORS)
    commit(served.gateway, "give it back")
    growing(contractor, [name for name in names if "tcp" not in name], what="the return")
    free.stop_complete(untouched)
    contractor.stop(names)
