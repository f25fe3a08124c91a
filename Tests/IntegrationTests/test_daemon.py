"""Commands let the daemon do their work where one serves the same gateway."""

import os
import subprocess

import pytest

from lab.daemon import ask
from lab.device import key_pair
from lab.gateway import BINARY, DONE, ERROR, RAIL, STALE


def git(gateway, *words):
    return gateway.namespace.output("git", "-C", gateway.config, *words)


@pytest.fixture
def served(gateway):
    gateway.wirebuddy("init")
    gateway.wirebuddy("interface", "set", "wg0", f"backend={gateway.backend}", "endpoint=192.0.2.1:51820")
    gateway.apply()
    gateway.serve()
    return gateway


def test_the_daemon_says_who_it_is_at_its_socket_only(served):
    status, answer = ask(served, "GET", "/api/daemon")
    assert status == 200 and answer["data"]["config"] == str(served.config.resolve())
    assert answer["data"]["state"] == str(served.state.resolve()) and answer["data"]["protocol"] == 1
    over_tcp = served.namespace.run(
        "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:8080/api/daemon", check=False)  # fmt: skip
    assert over_tcp.stdout == "404"


def test_a_write_is_the_daemons_and_is_answered_after_the_pass(served):
    before = git(served, "rev-parse", "HEAD")
    made = served.json("peer", "add", "phone", env=os.environ | {"SUDO_USER": "anna"})
    assert made["state"] == "applied" and made["revision"] != before
    assert git(served, "log", "-1", "--format=%an %(trailers:key=Via,valueonly)").split() == ["anna", "cli"]
    key = served.json("peer", "show", "phone")["peer"]["public_key"]
    assert key in served.peers()
    done = served.wirebuddy("peer", "disable", "phone")
    assert "blocked, read back from the host" in done.stdout and key not in served.peers()


def test_texts_and_exit_codes_are_those_of_the_command(served):
    served.wirebuddy("peer", "add", "phone")
    twice = served.wirebuddy("peer", "add", "phone", expect=STALE)
    assert "nothing was changed" in twice.stderr and twice.stdout == ""
    assert served.json("peer", "add", "phone", expect=STALE)["document"] == "error"
    missing = served.wirebuddy("peer", "set", "phome", "enabled=false", expect=ERROR)
    assert "did you mean phone?" in missing.stderr and "wirebuddy:" in missing.stderr
    assert served.json("plan", expect=DONE)["in_sync"] is True
    assert served.json("drift", expect=DONE)["document"] == "drift"
    assert served.json("status")["daemon"].startswith(f"process {served.pid()} ")
    assert served.json("apply")["results"] == []
    suspended = served.wirebuddy("suspend", "--for", "1h", "testing").stdout
    assert suspended.startswith("suspended until 20") and "Z: testing (" in suspended
    assert served.wirebuddy("resume").stdout == "resumed\n"
    key = key_pair()[1]
    assert "no interface has this key" in served.wirebuddy("revoke", key, "--for", "1h").stdout
    assert key in served.wirebuddy("revoke", "--list").stdout
    served.wirebuddy("revoke", key, "--remove")
    served.wirebuddy("rollback", "HEAD~1", expect=RAIL)


def test_a_daemon_of_another_gateway_is_not_asked(served, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    command = [BINARY, "plan", "--config", other, "--state", served.state, "--host-file", served.host_file]
    refused = served.namespace.run(*command, check=False)
    assert refused.returncode == ERROR and "not " + str(other) in refused.stderr and "--config" in refused.stderr
    elsewhere = subprocess.run(
        ["unshare", "-n", *map(str, served.arguments("plan"))], capture_output=True, text=True, check=False)  # fmt: skip
    assert elsewhere.returncode == ERROR and "another network namespace" in elsewhere.stderr


def test_without_a_daemon_commands_work_alone(served):
    served.stop()
    assert "not applied, no daemon runs here" in served.wirebuddy("peer", "add", "phone").stdout
    served.apply()
    served.plan(expect=DONE)


def test_only_commands_that_need_nothing_else_are_passed_on(served):
    for words in (["down"], ["serve"], ["secret", "keygen"], ["user", "add", "x", "--password-stdin"], ["nonsense"]):
        status, answer = ask(served, "POST", "/api/cli", {"arguments": words, "author": "anna", "style": []})
        assert status == 409, (words, answer)
    status, _ = ask(served, "POST", "/api/cli", {"arguments": ["plan"], "uid": 0})
    assert status == 422
