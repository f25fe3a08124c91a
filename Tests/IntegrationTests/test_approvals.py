"""Consent to what rails refuse: documents of the repository, commands, writes."""

import pytest

from lab.gateway import CHANGES, DONE, INVALID, RAIL, document
from lab.namespace import run, wait_for


def git(gateway, *words):
    return run("git", "-C", gateway.config, "-c", "user.name=Anna", "-c", "user.email=anna@example.com", *words).stdout.strip()


@pytest.fixture
def repository(office):
    """An applied gateway whose configuration is a git repository."""
    gateway = office.gateway
    gateway.settings(repository_id="123e4567-e89b-12d3-a456-426614174000")
    git(gateway, "init", "-q", "-b", "main")
    commit(gateway, "begin")
    gateway.apply()
    return gateway


def commit(gateway, message):
    git(gateway, "add", "-A")
    git(gateway, "commit", "-qm", message)


def refusals(gateway):
    return {row["rail"]: row["digest"] for row in gateway.json("plan", expect=[DONE, CHANGES, RAIL])["refusals"]}


def port(gateway):
    return gateway.namespace.output("wg", "show", "wg0", "listen-port")


def test_a_port_changes_with_the_approval_that_is_merged_with_it(repository):
    gateway = repository
    gateway.interface(listen_port=51830)
    commit(gateway, "Move the port")
    refused = refusals(gateway)
    assert list(refused) == ["port-change"]
    gateway.apply(expect=RAIL)
    assert port(gateway) == "51820"
    # One that is over, or about something else, consents to nothing.
    consent = {"digests": f"[{refused['port-change']}]", "reason": "a test", "expires": "2020-01-01T00:00:00Z"}
    gateway.write("approvals/port.yaml", document("Approval", name="port", **consent))
    commit(gateway, "Approve it too late")
    assert "port-change" in refusals(gateway)
    gateway.write("approvals/port.yaml", document("Approval", name="port", **consent | {"expires": "2099-01-01T00:00:00Z"}))
    commit(gateway, "Approve it")
    assert refusals(gateway) == {}
    gateway.apply()
    assert port(gateway) == "51830"


def test_approve_commits_on_top_of_a_refused_head_and_while_other_refusals_stay(repository):
    gateway = repository
    gateway.serve()
    gateway.interface(listen_port=51830)
    gateway.remove("peers/wg0/device1.yaml")
    commit(gateway, "Move the port and lose the peers")
    refused = refusals(gateway)
    assert set(refused) == {"port-change", "empty-kind"}
    # Another write has to wait, and a dry run changes nothing.
    gateway.wirebuddy("peer", "add", "late", expect=RAIL)
    before = git(gateway, "rev-parse", "HEAD")
    words = ["approve", refused["port-change"], "--for", "1d", "--reason", "the provider blocks 51820"]
    assert gateway.json(*words, "--dry-run")["object"]["kind"] == "Approval"
    assert git(gateway, "rev-parse", "HEAD") == before
    written = gateway.json(*words)
    assert written["object"]["kind"] == "Approval" and written["files"][0]["path"].startswith("approvals/")
    assert set(refusals(gateway)) == {"empty-kind"} and port(gateway) == "51820"
    gateway.wirebuddy("approve", refused["empty-kind"], "--for", "1h", "--reason", "they are gone")
    wait_for(lambda: port(gateway) == "51830" and not gateway.peers(), 30, what="what was approved")
    gateway.wirebuddy("approve", "xyz", "--for", "1h", "--reason", "no digest", expect=INVALID)


def test_a_write_that_names_a_port_is_held_before_its_commit(repository):
    gateway = repository
    head = git(gateway, "rev-parse", "HEAD")
    refused = gateway.wirebuddy("interface", "set", "wg0", "listen_port=51831", expect=RAIL)
    assert "port-change" in refused.stderr and git(gateway, "rev-parse", "HEAD") == head
    digest = refused.stderr.split("--approve ")[1][:12]
    gateway.wirebuddy("interface", "set", "wg0", "listen_port=51831", "--approve", digest)
    gateway.apply()
    assert port(gateway) == "51831"
