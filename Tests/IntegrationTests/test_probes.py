"""What has to answer after a change on trial decides about it, over real sockets of the gateway."""

import json
import re
import subprocess
import sys
import time

import pytest
from lab import topology
from lab.flows import serve
from lab.namespace import wait_for

from test_confirm import CLIENT, ROLLED_BACK, admin, carries, checkpoint, cut, start_apply, wait_state  # noqa: F401
from test_git import commit

WEB = "tcp: '10.8.0.2:7000'"


@pytest.fixture
def probed(admin):  # noqa: F811
    """The device behind the tunnel has to answer at a port."""
    serve(admin.device.namespace, "sink", "0.0.0.0", 7000)
    settle(admin, WEB)
    return admin


def settle(office, *probes, **reconcile):
    """These probes are in force from now on."""
    fields = ", ".join(f"{name}: {value}" for name, value in ({"interval": "2s"} | reconcile).items())
    office.gateway.settings(reconcile=f"{{{fields}}}", probes="[" + ", ".join(f"{{{probe}}}" for probe in probes) + "]")
    commit(office)
    office.gateway.apply("--confirm-within", "0")


def probes(office):
    return {row["target"]: row for row in (checkpoint(office) or {"probes": []})["probes"]}


def events(office):
    return office.gateway.wirebuddy("events").stdout


def test_a_change_that_breaks_a_probe_is_undone_though_nobody_is_locked_out(probed):
    cut(probed)
    started = time.monotonic()
    apply = start_apply(probed, "--confirm-within", "12s")
    wait_state(probed, "waiting")
    wait_for(lambda: probes(probed)["10.8.0.2:7000"]["message"], what="a failure of the probe")
    assert probes(probed)["10.8.0.2:7000"]["state"] == "waiting" and not carries(probed)
    assert re.search(r"probe +tcp 10\.8\.0\.2:7000: waiting \(", probed.gateway.wirebuddy("status", expect=[0, 2]).stdout)
    refused = probed.gateway.wirebuddy("confirm", "--console", expect=1)
    assert "tcp 10.8.0.2:7000" in refused.stderr and "--despite-probes" in refused.stderr
    assert apply.wait(timeout=25) == ROLLED_BACK
    assert time.monotonic() - started < 12 + 5 + 8
    out, err = apply.communicate()
    assert "unless its probes succeed" in out and "probe tcp 10.8.0.2:7000: waiting (" in err
    wait_for(lambda: carries(probed), 5, what="the tunnel again")
    wait_for(lambda: re.search("its probes succeed: tcp 10.8.0.2:7000|probes still fail: tcp 10.8.0.2:7000",
                               events(probed)), 10, what="what the probes say after the restore")  # fmt: skip
    assert probes(probed)["10.8.0.2:7000"]["state"] in ("good", "failing")


def test_a_good_change_is_confirmed_by_itself(probed):
    key = probed.add_stranger()
    head = commit(probed)
    apply = start_apply(probed)
    assert apply.wait(timeout=25) == 0
    out, err = apply.communicate()
    assert "confirmed by its probes (tcp 10.8.0.2:7000)" in err and "probe tcp 10.8.0.2:7000: waiting" in out
    time.sleep(7)
    assert key in probed.gateway.peers() and checkpoint(probed) is None
    assert probed.gateway.json("status")["last_applied"]["id"] == head
    assert f"{head} was confirmed by its probes" in events(probed)


def test_the_daemon_runs_them(probed):
    settle(probed, WEB, confirm="10s")
    probed.gateway.serve()
    key = probed.add_stranger()
    head = commit(probed)
    wait_for(lambda: f"{head} was confirmed by its probes" in events(probed), 15, what="a confirmation")
    wait_for(lambda: probed.gateway.json("status")["last_applied"]["id"] == head, what="the revision counts as applied")
    assert key in probed.gateway.peers()
    cut(probed)
    wait_state(probed, "waiting")
    wait_for(lambda: any(c["type"] == "Waiting" and "tcp 10.8.0.2:7000" in c["message"] for c in
                         probed.gateway.json("status", expect=[0, 2])["conditions"]), what="a condition")  # fmt: skip
    wait_state(probed, "rolled-back")
    wait_for(lambda: carries(probed), 5, what="the tunnel again")
    assert key in probed.gateway.peers()
    probed.gateway.stop()


def test_nobody_confirms_while_a_probe_waits(probed):
    gateway = probed.gateway
    gateway.host_file.write_text("userspace: wireguard-go\napi: {listen: ['0.0.0.0:8080']}\n")
    gateway.write("users/admin.yaml", "kind: User\nusername: admin\nrole: admin\nemail: admin@example.com\n")
    gateway.settings(
        reconcile="{interval: 2s, confirm: 40s}", probes=f"[{{{WEB}}}]",
        repository_id="123e4567-e89b-12d3-a456-426614174000")  # fmt: skip
    commit(probed)
    gateway.apply("--confirm-within", "0")
    gateway.serve()
    token = gateway.wirebuddy("token", "create", "confirm", "--permission", "full").stdout.strip()
    head = cut(probed)
    wait_state(probed, "waiting")
    wait_for(lambda: probes(probed)["10.8.0.2:7000"]["message"], what="a failure of the probe")
    far = probed.lab.net.start(
        sys.executable, "-c", CLIENT, f"{topology.GATEWAY}:8080", token, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert far.stdout.readline().strip() == "200"
    far.stdin.write("new\n")
    far.stdin.flush()
    status, _, body = far.stdout.readline().partition(" ")
    assert status == "409" and "tcp 10.8.0.2:7000" in json.loads(body)["message"]
    gateway.wirebuddy("confirm", "--despite-probes", expect=64)
    gateway.wirebuddy("confirm", "--console", expect=1)
    gateway.wirebuddy("confirm", "--console", "--despite-probes")
    assert "at the console, despite probes: tcp 10.8.0.2:7000" in events(probed)
    time.sleep(3)
    assert checkpoint(probed) is None and gateway.json("status")["last_applied"]["id"] == head
    gateway.stop()


def test_what_fails_before_does_not_count(probed):
    settle(probed, WEB, "tcp: '10.8.0.2:7001'", "http: 'http://192.168.50.10:7000/', timeout: 1s")
    probed.add_stranger()
    commit(probed)
    apply = start_apply(probed)
    assert apply.wait(timeout=25) == 0
    out, err = apply.communicate()
    assert "probe tcp 10.8.0.2:7001: not counted, it failed before the change (connection refused)" in out
    assert "confirmed by its probes (tcp 10.8.0.2:7000)" in err
    # An echo is no HTTP.
    assert "probe http http://192.168.50.10:7000/: not counted" in out
    assert "do not count: tcp 10.8.0.2:7001 (connection refused)" in events(probed)


@pytest.mark.parametrize("address", ["10.8.0.2", "fd42:8::2", topology.INTERNET])
def test_ping_where_the_host_allows_it(admin, address):  # noqa: F811
    admin.gateway.namespace.sysctl("net.ipv4.ping_group_range", "0 0")
    settle(admin, f"ping: '{address}'")
    admin.add_stranger()
    commit(admin)
    done = admin.gateway.wirebuddy("apply", "--confirm-within", "8s")
    assert f"confirmed by its probes (ping {address})" in done.stderr


def test_ping_where_the_host_does_not(admin):  # noqa: F811
    admin.gateway.namespace.sysctl("net.ipv4.ping_group_range", "1 0")
    settle(admin, "ping: 10.8.0.2")
    admin.add_stranger()
    commit(admin)
    apply = start_apply(admin)
    wait_state(admin, "waiting")
    row = probes(admin)["10.8.0.2"]
    assert row["state"] == "not-counted" and "net.ipv4.ping_group_range" in row["message"]
    # Nothing counts: people decide.
    admin.gateway.wirebuddy("confirm", "--console")
    assert apply.wait(timeout=20) == 0


def test_a_ping_into_nothing_takes_its_timeout(admin):  # noqa: F811
    admin.gateway.namespace.sysctl("net.ipv4.ping_group_range", "0 0")
    admin.lab.lan.run("nft", "add table inet hole; add chain inet hole in { type filter hook input priority 0; };"
                      " add rule inet hole in icmp type echo-request drop; add rule inet hole in tcp dport 7000 drop")  # fmt: skip
    settle(admin, f"ping: {topology.LAN}, timeout: 1s", f"tcp: '{topology.LAN}:7000', timeout: 1s")
    admin.add_stranger()
    commit(admin)
    started = time.monotonic()
    apply = start_apply(admin)
    wait_state(admin, "waiting")
    assert time.monotonic() - started < 8
    assert {(row["state"], row["message"]) for row in probes(admin).values()} == {("not-counted", "no answer within 1 s")}
    admin.gateway.wirebuddy("confirm", "--console")
    assert apply.wait(timeout=20) == 0
