"""Other firewall programs that drop our traffic: what the gateway says, what it tells to type, and what it does itself
with firewall.integrate."""

import json
import shutil
from pathlib import Path

import pytest

from lab import topology
from lab.flows import pings
from lab.namespace import wait_for

# What Docker makes: nothing is forwarded but for its own networks.
DOCKER = """
table ip filter {
    chain DOCKER { iifname != "docker0" oifname "docker0" counter drop; }
    chain DOCKER-USER { counter return; }
    chain FORWARD {
        type filter hook forward priority filter; policy drop;
        counter jump DOCKER-USER
        oifname "docker0" ct state related,established counter accept
        oifname "docker0" counter jump DOCKER
        iifname "docker0" counter accept
    }
}
"""


class Host:
    """The office behind another firewall program."""

    def __init__(self, office):
        self.office = office
        self.gateway = office.gateway
        self.namespace = office.lab.gw

    def integrate(self, *programs):
        self.gateway.host_file.write_text(
            f"userspace: wireguard-go\nfirewall: {{integrate: [{', '.join(programs)}]}}\n"
        )

    def load(self, ruleset):
        self.namespace.run("nft", "-f", "-", input=ruleset)

    def rules(self):
        """Our rules in chains of others, as nft prints them."""
        listing = json.loads(self.namespace.output("nft", "-j", "list", "ruleset"))["nftables"]
        found = [entry["rule"] for entry in listing if "rule" in entry and entry["rule"]["table"] != "wirebuddy"]
        return [rule for rule in found if rule.get("comment", "").startswith("wirebuddy:")]

    def foreign(self):
        """Everything of other programs, without handles and counters."""
        listing = json.loads(self.namespace.output("nft", "-j", "list", "ruleset"))["nftables"]
        return [without_figures(entry) for entry in listing if "metainfo" not in entry and not is_ours(entry)]

    def condition(self):
        conditions = self.gateway.json("status", expect=[0, 2])["conditions"]
        return [c["message"] for c in conditions if c["type"] == "BlockedByFirewall" and c["holds"] and c["object"]]

    def carries(self):
        """Whether the device reaches the LAN through the gateway."""
        return pings(self.office.device.namespace, topology.LAN, wait=1)

    def connect(self):
        self.office.device.connect(
            self.gateway.public_key(), f"{topology.GATEWAY}:51820", ["10.8.0.0/24", "192.168.50.0/24"])  # fmt: skip

    def take_down(self):
        """Everything of ours goes, and nothing else."""
        others = [entry for entry in self.foreign() if not entry.get("rule", {}).get("comment", "").startswith("wirebuddy:")]
        self.gateway.wirebuddy("down")
        assert self.rules() == [] and self.foreign() == others


def without_figures(value):
    if isinstance(value, dict):
        return {k: without_figures(v) for k, v in value.items() if k not in ("handle", "packets", "bytes")}
    return [without_figures(item) for item in value] if isinstance(value, list) else value


def is_ours(entry):
    (kind, value), *_ = entry.items()
    return value.get("table", value["name"] if kind == "table" else None) == "wirebuddy"


@pytest.fixture
def host(office):
    office.gateway.settings(reconcile="{interval: 2s}")
    return Host(office)


class Ufw:
    """The real ufw, with configuration files of its own."""

    def __init__(self, host, directory):
        self.host = host
        self.files = directory / "etc-ufw"
        shutil.copytree("/etc/ufw", self.files)
        # As it is installed, whatever this machine made of it.
        for file in [*Path("/usr/share/ufw").glob("*.rules"), Path("/usr/share/ufw/ufw.conf")]:
            shutil.copy(file, self.files)
        self.run("ufw", "--force", "enable")

    def run(self, *words):
        # Its paths are built in, and its files are those of this machine.
        script = f"mount --bind {self.files} /etc/ufw && mount -t tmpfs none /run && {' '.join(words)}"
        return self.host.namespace.run("unshare", "-m", "sh", "-c", script)


def test_docker_is_told_of_and_lifted_by_the_command(host):
    host.load(DOCKER)
    host.gateway.apply()
    host.connect()
    wait_for(lambda: pings(host.office.device.namespace, "10.8.0.1", wait=1), what="a tunnel")
    assert not host.carries()
    (message,) = host.condition()
    assert "ip filter FORWARD drops forwarding" in message
    host.namespace.run("sh", "-c", message.split("let it pass with: ")[1])
    host.gateway.apply()
    assert host.condition() == []
    wait_for(host.carries, 10, what="the LAN")


def test_docker_is_integrated(host):
    host.load(DOCKER)
    before = host.foreign()
    host.integrate("docker")
    plan = host.gateway.json("plan", expect=2)
    names = [row["name"] for row in plan["changes"] if row["name"].startswith("integration")]
    assert names == ["integration ip filter DOCKER-USER iifname wg0", "integration ip filter DOCKER-USER oifname wg0"]
    host.gateway.serve()
    host.connect()
    wait_for(host.carries, 10, what="the LAN")
    assert host.condition() == [] and len(host.rules()) == 2
    assert {rule["comment"] for rule in host.rules()} == {"wirebuddy:wg0"}
    # iptables, with which Docker works, reads them as its own.
    saved = host.namespace.output("iptables", "-S", "DOCKER-USER")
    assert '-A DOCKER-USER -i wg0 -m comment --comment "wirebuddy:wg0" -j ACCEPT' in saved
    # Docker builds its chains anew.
    host.namespace.run("nft", "delete", "table", "ip", "filter")
    host.load(DOCKER)
    wait_for(lambda: len(host.rules()) == 2, 30, what="the rules in the new chains")
    wait_for(host.carries, 10, what="the LAN again")
    # Docker ends: nothing is wanted of it.
    host.namespace.run("nft", "delete", "table", "ip", "filter")
    host.gateway.wait_in_sync(30)
    host.load(DOCKER)
    wait_for(lambda: len(host.rules()) == 2, 30, what="the rules of a Docker that came later")
    host.gateway.stop()
    assert host.gateway.is_in_sync()
    host.take_down()
    assert host.foreign() == before


def test_what_is_no_longer_wanted_goes_and_what_others_wrote_stays(host):
    host.load(DOCKER)
    host.namespace.run("nft", "insert", "rule", "ip", "filter", "DOCKER-USER", "iifname", "eth7", "accept",
                       "comment", '"somebody"')  # fmt: skip
    before = host.foreign()
    host.integrate("docker", "ufw")
    host.gateway.interface("wg1", address="10.9.0.1/24", listen_port=51821)
    host.gateway.apply()
    assert [rule["comment"] for rule in host.rules()].count("wirebuddy:wg1") == 2
    # What bears our mark and is not ours to keep.
    host.namespace.run("nft", "add", "rule", "ip", "filter", "DOCKER", "tcp", "dport", "22", "drop",
                       "comment", '"wirebuddy:wg9"')  # fmt: skip
    host.gateway.remove("interfaces/wg1.yaml")
    plan = host.gateway.json("plan", expect=11)
    digest = plan["refusals"][0]["digest"]
    host.gateway.apply("--approve", digest)
    assert {rule["comment"] for rule in host.rules()} == {"wirebuddy:wg0"}
    host.integrate()
    host.gateway.apply()
    assert host.rules() == [] and host.foreign() == before
    assert len(host.condition()) == 1, "without the integration it is told of again"
    host.integrate("docker")
    host.gateway.apply()
    host.take_down()
    assert host.foreign() == before


def test_ufw_is_told_of_and_lifted_by_the_command(host, tmp_path):
    ufw = Ufw(host, tmp_path)
    host.gateway.apply()
    host.connect()
    assert not host.carries()
    (message,) = host.condition()
    for line in message.split("\n"):
        ufw.run(line.split("let it pass with: ")[1])
    wait_for(host.carries, 10, what="the LAN")
    host.gateway.apply()
    assert host.condition() == []


def test_ufw_is_integrated_and_survives_its_reload(host, tmp_path):
    ufw = Ufw(host, tmp_path)
    host.integrate("ufw")
    host.gateway.apply()
    host.connect()
    wait_for(host.carries, 10, what="the LAN")
    assert host.condition() == []
    rules = host.rules()
    assert {(rule["family"], rule["chain"]) for rule in rules} == {
        (family, chain) for family in ("ip", "ip6") for chain in ("FORWARD", "INPUT")}  # fmt: skip
    assert host.gateway.is_in_sync()
    # Nobody heals: they have to stay by themselves.
    ufw.run("ufw", "reload")
    assert host.rules() == rules and host.carries() and host.gateway.is_in_sync()
    # What an administrator denies is denied: his rules come first.
    ufw.run("ufw", "route", "deny", "in", "on", "wg0", "to", "any", "port", "7000")
    chain = host.namespace.output("iptables", "-S", "FORWARD").splitlines()
    place = next(number for number, rule in enumerate(chain) if "wirebuddy:wg0" in rule)
    assert any("ufw-before-forward" in rule for rule in chain[:place])
    assert any("ufw-after-forward" in rule for rule in chain[place:])
    ufw.run("ufw", "route", "delete", "deny", "in", "on", "wg0", "to", "any", "port", "7000")
    # Somebody takes them out.
    host.gateway.serve()
    for rule in rules:
        host.namespace.run("nft", "delete", "rule", rule["family"], rule["table"], rule["chain"], "handle", rule["handle"])
    wait_for(lambda: len(host.rules()) == len(rules), 30, what="the rules again")
    host.gateway.stop()
    ufw.run("ufw", "--force", "disable")
    ufw.run("ufw", "--force", "enable")
    host.gateway.apply()
    host.take_down()
