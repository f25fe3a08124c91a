"""`plan --base`: what a checkout changes, without any gateway; its digests are those of a gateway that applied the base."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from lab.device import key_pair
from lab.gateway import BINARY, CHANGES, DONE, ERROR, INVALID, RAIL
from lab.namespace import run
from lab.repository import commit, git

STAND_IN = "planned from the files of"


@pytest.fixture
def history(gateway):
    """A gateway whose configuration is a repository with three peers and two interfaces, applied."""
    gateway.settings(repository_id="123e4567-e89b-12d3-a456-426614174000")
    gateway.interface()
    gateway.interface("wg1", address="10.9.0.1/24", listen_port=51821)
    for number in (2, 3, 4):
        gateway.peer(f"device{number}", key_pair()[1], number)
    git(gateway.config, "init", "-q", "-b", "main")
    gateway.base = commit(gateway.config, "begin")
    gateway.apply()
    gateway.plan(expect=DONE)
    return gateway


def digests(plan):
    return {(change["kind"], change["name"], change["action"]): change["digest"] for change in plan["changes"]}


def offline(gateway, *words, expect=CHANGES):
    return gateway.json("plan", "--base", gateway.base, *words, expect=expect)


def test_the_digests_are_those_of_the_gateway(history):
    gateway = history
    gateway.peer("tablet", key_pair()[1], 9)
    gateway.remove("peers/wg0/device2.yaml")
    key = (gateway.config / "peers/wg0/device3.yaml").read_text().split("public_key: ")[1].split()[0]
    gateway.peer("device3", key, 33)
    gateway.interface("wg1", address="10.9.0.1/24", listen_port=51999)
    commit(gateway.config, "change much")
    live, ours = gateway.json("plan", expect=[CHANGES, RAIL]), offline(gateway, expect=[CHANGES, RAIL])
    assert digests(live) == digests(ours)
    expected = {("Peer", "wg0/tablet", "create"), ("Peer", "wg0/device2", "delete"), ("Peer", "wg0/device3", "update"),
                ("Interface", "wg1", "update")}  # fmt: skip
    assert expected <= set(digests(ours))
    assert [rail["digest"] for rail in live["refusals"]] == [rail["digest"] for rail in ours["refusals"]]
    assert ours["id"] == live["id"] and ours["exit_code"] == live["exit_code"]
    assert ours["simulation"]["base"] == gateway.base and "simulation" not in live


def test_an_interface_that_leaves_is_refused_alike(history):
    gateway = history
    gateway.remove("interfaces/wg1.yaml")
    commit(gateway.config, "remove wg1")
    live, ours = gateway.json("plan", expect=RAIL), offline(gateway, expect=RAIL)
    assert digests(live) == digests(ours) and ("Interface", "wg1", "delete") in digests(ours)
    rails = {rail["rail"]: rail["digest"] for rail in ours["refusals"]}
    assert rails == {rail["rail"]: rail["digest"] for rail in live["refusals"]} and "interface-removal" in rails
    approved = [word for digest in rails.values() for word in ("--approve", digest)]
    offline(gateway, *approved)


def test_what_only_the_host_knows_is_not_told(history):
    gateway = history
    # Drift, which a checkout can't see.
    gateway.namespace.run("ip", "link", "set", "wg1", "mtu", "1300")
    assert any(change["reason"] == "drift" for change in gateway.json("plan", expect=CHANGES)["changes"])
    assert offline(gateway, expect=DONE)["changes"] == []
    text = gateway.wirebuddy("plan", "--base", gateway.base).stdout
    assert text.startswith(f"{STAND_IN} {gateway.base}") and "live sessions" in text.splitlines()[0]


def test_heads_and_bases_that_are_not_valid(history):
    gateway = history
    gateway.write("peers/wg0/broken.yaml", "kind: Peer\nname: broken\ninterface: nowhere\n")
    broken = commit(gateway.config, "break it")
    plan = offline(gateway, expect=INVALID)
    assert plan["head_failure"]["type"] == "invalid" and plan["head_failure"]["revision"] == broken
    assert "broken.yaml:" in gateway.wirebuddy("plan", "--base", gateway.base, expect=INVALID).stdout
    gateway.remove("peers/wg0/broken.yaml")
    commit(gateway.config, "mend it")
    failed = gateway.wirebuddy("plan", "--base", broken, expect=ERROR).stderr
    assert "there is nothing to plan from" in failed and "broken.yaml:" in failed
    gateway.wirebuddy("plan", "--base", "HEAD~1", "--head", gateway.base, expect=ERROR)
    gateway.wirebuddy("plan", "--base", gateway.base, expect=DONE)
    assert "no revision nonsense" in gateway.wirebuddy("plan", "--base", "nonsense", expect=ERROR).stderr
    gateway.wirebuddy("plan", "--base", "HEAD", "--worktree", expect=64)
    gateway.wirebuddy("plan", "--head", "HEAD", expect=64)


@pytest.fixture
def public_folder():
    """A folder that everybody may enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="wb-checkout-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_runner_needs_nothing_but_its_checkout(history, public_folder):
    """Nobody's rights, no network, no state directory, a detached head; and nothing is written."""
    gateway = history
    gateway.peer("tablet", key_pair()[1], 9)
    head = commit(gateway.config, "add a tablet")
    checkout = public_folder / "checkout"
    run("git", "clone", "-q", gateway.config, checkout)
    git(checkout, "checkout", "-q", "--detach", head)
    run("chown", "-R", "65534:65534", checkout)
    state, home = public_folder / "state", public_folder / "home"
    home.mkdir(mode=0o755)
    files = {file: file.stat().st_mtime_ns for file in checkout.rglob("*")}

    def plan(*words, expect=CHANGES):
        nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs")
        done = run("unshare", "-n", *nobody, BINARY, "plan", *words, "--config", checkout, "--state", state, check=False,
                   env=os.environ | {"HOME": str(home)})  # fmt: skip
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    found = json.loads(plan("--base", gateway.base, "--format", "json").stdout)
    assert digests(found) == digests(gateway.json("plan", expect=CHANGES))
    assert {file: file.stat().st_mtime_ns for file in checkout.rglob("*")} == files
    assert not state.exists() and list(home.iterdir()) == []

    # Shallow: what is missing is named with the command that fetches it, and that command helps.
    shutil.rmtree(checkout)
    run("git", "clone", "-q", "--depth", "1", f"file://{gateway.config}", checkout)
    run("chown", "-R", "65534:65534", checkout)
    said = plan("--base", gateway.base, expect=ERROR).stderr
    command = said.split("run `")[1].split("`")[0]
    assert command == f"git -C {checkout} fetch --depth 1 origin {gateway.base}"
    run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "git", "-c", "safe.directory=*", "-C", checkout,
        "config", "remote.origin.url", f"file://{gateway.config}")  # fmt: skip
    git(checkout, "-c", "safe.directory=*", *command.split()[3:])
    run("chown", "-R", "65534:65534", checkout)
    assert digests(json.loads(plan("--base", gateway.base, "--format", "json").stdout)) == digests(found)


def test_secrets_are_stand_ins(history):
    gateway = history
    (gateway.state / "secrets").mkdir(mode=0o700, exist_ok=True)
    gateway.interface("wg1", address="10.9.0.1/24", listen_port=51821, private_key="file:nowhere.key")
    commit(gateway.config, "a key that only the host has")
    plan = offline(gateway, expect=[CHANGES, RAIL])
    changed = {change["name"]: change for change in plan["changes"]}["wg1"]
    assert changed["reason"] == "key-rotation" and plan["problems"] == []
    # The same text is the same secret.
    gateway.base = git(gateway.config, "rev-parse", "HEAD")
    gateway.peer("tablet", key_pair()[1], 9)
    commit(gateway.config, "add a tablet")
    assert {name for _, name, _ in digests(offline(gateway))} == {"wg0/tablet"}
