"""A git repository: the commit at the head of the branch is what counts."""

import time

from lab.device import key_pair
from lab.namespace import wait_for


def git(office, *words):
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    return office.gateway.namespace.output("git", "-C", office.gateway.config, *identity, *words)


def commit(office, message="change"):
    git(office, "add", "-A")
    git(office, "commit", "-q", "-m", message)
    return git(office, "rev-parse", "HEAD")


def test_commits_count_and_edits_do_not(office):
    git(office, "init", "-q", "-b", "main")
    commit(office)
    office.gateway.serve()
    key = office.add_stranger()
    time.sleep(2)
    assert key not in office.gateway.peers()
    office.gateway.plan(expect=0)
    assert "dirty" in office.gateway.wirebuddy("status").stdout
    assert "stranger" in office.gateway.wirebuddy("plan", "--worktree", expect=2).stdout
    commit(office)
    wait_for(lambda: key in office.gateway.peers(), 3, what="the commit is applied")


def test_invalid_commit_is_refused_with_its_line(office):
    git(office, "init", "-q", "-b", "main")
    good = commit(office)
    office.gateway.serve()
    office.gateway.peer("stranger", "not-a-key", 9)
    bad = commit(office)
    time.sleep(2)
    status = office.gateway.wirebuddy("status", expect=[0, 2, 10]).stdout
    assert "peers/wg0/stranger.yaml:" in status and bad[:7] in status
    assert office.device.public_key in office.gateway.peers()
    office.gateway.plan(expect=10)
    git(office, "reset", "-q", "--hard", good)
    office.gateway.wait_in_sync()


def test_init_makes_a_repository_that_applies(lab, gateway):
    gateway.wirebuddy("init")
    gateway.wirebuddy("validate")
    gateway.apply()
    gateway.plan(expect=0)
    gateway.peer("laptop", key_pair()[1], 2, ip="10.8.0.2")
    gateway.wirebuddy("down")
    assert gateway.traces() == []
