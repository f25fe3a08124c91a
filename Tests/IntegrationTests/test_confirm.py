"""A change that nobody confirms is undone: by a process outside of the daemon, whatever happens to the daemon."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from lab import topology
from lab.daemon import ask
from lab.flows import pings
from lab.namespace import wait_for

from test_git import commit, git

ROLLED_BACK = 15

# Opens a connection, and for each line of its input asks to confirm: over that one, or over a new one.
CLIENT = """
import http.client, sys
address, token = sys.argv[1:]
def ask(connection, method, path):
    connection.request(method, path, headers={"Authorization": "Bearer " + token})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()
old = http.client.HTTPConnection(address, timeout=20)
print(*ask(old, "GET", "/api/status")[:1], flush=True)
for line in sys.stdin:
    connection = old if line.strip() == "old" else http.client.HTTPConnection(address, timeout=20)
    status, body = ask(connection, "POST", "/api/confirm")
    print(status, body.replace("\\n", " "), flush=True)
"""


@pytest.fixture
def admin(office):
    """A git repository that is in force, and a device whose tunnel is the way in."""
    office.gateway.settings(reconcile="{interval: 2s}")
    git(office, "init", "-q", "-b", "main")
    commit(office)
    office.gateway.apply()
    office.connect()
    yield office
    watchdogs = [pid for pid in office.gateway.namespace.processes("wirebuddy") if "watchdog" in words(pid)]
    for pid in watchdogs:
        os.kill(pid, signal.SIGKILL)


def words(pid):
    try:
        return open(f"/proc/{pid}/cmdline").read().split("\0")
    except OSError:
        return []


def cut(office, number=77):
    """A commit that moves the admin's device to another address: its tunnel carries nothing more."""
    device = office.device
    office.gateway.peer(device.name, device.public_key, number)
    return commit(office, "cut")


def carries(office):
    return pings(office.device.namespace, "10.8.0.1", wait=1)


def start_apply(office, *more):
    return office.gateway.namespace.start(
        *office.gateway.arguments("apply", "--confirm-within", "6s", *more),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def checkpoint(office):
    return office.gateway.json("status", expect=[0, 2, 10, 11, 12, 15])["checkpoint"]


def wait_state(office, state, seconds=30):
    wait_for(lambda: (checkpoint(office) or {}).get("state") == state, seconds, interval=0.3, what=f"state {state}")


def test_unconfirmed_change_is_undone_without_a_daemon(admin):
    good = git(admin, "rev-parse", "HEAD")
    bad = cut(admin)
    started = time.monotonic()
    done = admin.gateway.wirebuddy("apply", "--confirm-within", "6s", expect=ROLLED_BACK)
    assert time.monotonic() - started < 6 + 5 + 3
    assert "is undone at" in done.stdout and f"{good} was restored" in done.stderr
    wait_for(lambda: carries(admin), 5, what="the admin's tunnel again")
    # What was undone does not come back by itself.
    refused = admin.gateway.wirebuddy("apply", expect=11)
    assert "rolled-back" in refused.stdout and carries(admin)
    status = admin.gateway.json("status", expect=11)
    assert status["checkpoint"]["state"] == "rolled-back" and status["checkpoint"]["tried"] == bad
    assert status["last_applied"]["id"] == good
    # Reverted, nothing is pinned any more.
    git(admin, "revert", "--no-edit", "HEAD")
    admin.gateway.apply()
    admin.gateway.plan(expect=0)
    assert carries(admin)


def test_confirmed_change_stays(admin):
    key = admin.add_stranger()
    head = commit(admin)
    apply = start_apply(admin)
    wait_state(admin, "waiting")
    admin.gateway.wirebuddy("confirm", expect=1)
    admin.gateway.wirebuddy("confirm", "--console")
    assert apply.wait(timeout=20) == 0
    assert "at the console" in apply.stderr.read()
    time.sleep(1)
    assert key in admin.gateway.peers()
    admin.gateway.plan(expect=0)
    assert admin.gateway.json("status")["last_applied"]["id"] == head
    assert "was confirmed by" in admin.gateway.wirebuddy("events").stdout
    assert [pid for pid in admin.gateway.namespace.processes("wirebuddy")] == []


def test_json_apply_tells_the_end(admin):
    cut(admin)
    done = admin.gateway.wirebuddy("apply", "--confirm-within", "2s", "--format", "json", expect=ROLLED_BACK)
    document = json.loads(done.stdout)
    assert document["exit_code"] == ROLLED_BACK and document["checkpoint"]["state"] == "rolled-back"


def test_nothing_to_go_back_to(office):
    git(office, "init", "-q", "-b", "main")
    commit(office)
    done = office.gateway.wirebuddy("apply", "--confirm-within", "5s")
    assert "nothing to roll back to" in done.stdout


def test_files_of_a_plain_directory_are_kept(office):
    office.gateway.apply()
    office.connect()
    device = office.device
    office.gateway.peer(device.name, device.public_key, 77)
    office.gateway.wirebuddy("apply", "--confirm-within", "2s", expect=ROLLED_BACK)
    wait_for(lambda: carries(office), 5, what="the admin's tunnel again")
    office.gateway.wirebuddy("apply", expect=11)
    office.gateway.peer(device.name, device.public_key, 2)
    office.gateway.apply()
    key = office.add_stranger()
    office.gateway.apply()
    assert key in office.gateway.peers()
    # Only what may still be needed stays.
    assert len([entry for entry in (office.gateway.state / "checkpoint").iterdir() if entry.is_dir()]) <= 3


def test_failed_restore_is_an_alarm(admin):
    cut(admin)
    apply = start_apply(admin)
    wait_state(admin, "waiting")
    nft = admin.gateway.namespace.output("which", "nft")
    admin.gateway.namespace.run("mount", "--bind", "/bin/false", nft)
    assert apply.wait(timeout=25) == ROLLED_BACK
    assert "THE RESTORE FAILED" in apply.stderr.read()
    admin.gateway.namespace.run("umount", nft)
    # It goes on trying.
    wait_for(lambda: carries(admin), 15, what="the admin's tunnel again")
    wait_state(admin, "rolled-back")
    assert "FAILED" in admin.gateway.wirebuddy("events").stdout


# Holds the lock of passes, as a pass that hangs does.
HOLDER = """
import fcntl, glob, os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
file = open(glob.glob("/run/wirebuddy/netns-*/pass")[0], "r+")
fcntl.flock(file, fcntl.LOCK_EX)
start = open("/proc/self/stat").read().rpartition(")")[2].split()[19]
file.truncate(0)
file.write(f"{os.getpid()}\\n2026-01-01T00:00:00Z\\nwirebuddy apply\\n{start}\\n")
file.flush()
print("held", flush=True)
time.sleep(600)
"""


def test_pass_that_hangs_at_the_deadline_is_ended(admin):
    cut(admin)
    apply = start_apply(admin)
    wait_state(admin, "waiting")
    holder = admin.gateway.namespace.start(sys.executable, "-c", HOLDER, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    assert apply.wait(timeout=6 + 5 + 6) == ROLLED_BACK
    assert holder.wait(timeout=1) == -signal.SIGKILL
    wait_for(lambda: carries(admin), 5, what="the admin's tunnel again")


def test_confirmed_revision_is_applied_after_a_restart(admin, tmp_path):
    """A namespace can't restart: its links go, every process of ours is killed, and the boot has another id."""
    cut(admin)
    apply = start_apply(admin)
    wait_state(admin, "waiting")
    namespace = admin.gateway.namespace
    for number in (1, 2):
        apply.kill()
        for name in ("wirebuddy", "wireguard-go"):
            processes = namespace.processes(name)
            assert processes, f"no {name} is there to be killed"
            for pid in processes:
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not admin.gateway.has_link(), what="no link")
        namespace.run("nft", "flush", "ruleset")
        (tmp_path / f"boot-{number}").write_text(f"00000000-0000-4000-8000-00000000000{number}\n")
        namespace.run("mount", "--bind", tmp_path / f"boot-{number}", "/proc/sys/kernel/random/boot_id")
        if number == 1:
            assert "too late" in admin.gateway.wirebuddy("confirm", "--console", expect=1).stderr
        admin.gateway.serve(wait=False)
        wait_for(lambda: carries(admin), 30, what="the admin's tunnel again")
        wait_state(admin, "rolled-back")
        assert "10.8.0.2/32" in admin.gateway.peers()[admin.device.public_key]


@pytest.mark.parametrize("fate", ["alive", "killed"])
def test_served_change_is_undone(admin, fate):
    """The loop applies a commit with `reconcile.confirm`; the daemon may die in the window."""
    admin.gateway.settings(reconcile="{interval: 2s, confirm: 6s}")
    commit(admin)
    admin.gateway.apply("--confirm-within", "0")
    admin.gateway.serve()
    bad = cut(admin)
    wait_state(admin, "waiting")
    conditions = admin.gateway.json("status", expect=[0, 2])["conditions"]
    assert any(c["type"] == "Waiting" and "waits for its confirmation" in c["message"] for c in conditions)
    assert not carries(admin)
    if fate == "killed":
        admin.gateway.stop(signal.SIGKILL)
    wait_for(lambda: carries(admin), 6 + 5, what="the admin's tunnel again")
    wait_state(admin, "rolled-back", 10)
    if fate == "killed":
        admin.gateway.serve(wait=False)
    # Several passes of the loop later the change is still out.
    time.sleep(5)
    status = admin.gateway.json("status", expect=11)
    assert carries(admin) and status["last_attempted"]["id"] == bad
    assert any("rolled-back" in c["message"] for c in status["conditions"])
    git(admin, "revert", "--no-edit", "HEAD")
    admin.gateway.wait_in_sync()
    admin.gateway.stop()


def test_revocations_run_in_the_window_and_stay(admin):
    keys = {name: admin.add_stranger(name, number) for name, number in
            [("disabled", 30), ("deleted", 31), ("blocked", 32), ("tried", 33), ("merely-absent", 34)]}  # fmt: skip
    admin.gateway.settings(reconcile="{interval: 2s, confirm: 12s}")
    commit(admin)
    admin.gateway.apply("--confirm-within", "0")
    admin.gateway.serve()
    # The tried revision disables one and leaves out another.
    admin.gateway.peer("tried", keys["tried"], 33, enabled=False)
    admin.gateway.remove("peers/wg0/merely-absent.yaml")
    cut(admin)
    apply = start_apply(admin)
    wait_state(admin, "waiting")
    assert keys["tried"] not in admin.gateway.peers()
    # A newer revision waits, but for what it revokes.
    extra = admin.add_stranger("extra", 40)
    admin.gateway.peer("disabled", keys["disabled"], 30, enabled=False)
    commit(admin)
    admin.gateway.wirebuddy("peer", "remove", "wg0/deleted", expect=[0, 14, 16])
    admin.gateway.wirebuddy("revoke", keys["blocked"], "--for", "1h")
    wait_for(lambda: not {keys["disabled"], keys["deleted"], keys["blocked"]} & set(admin.gateway.peers()), 5,
             what="revocations in the window")  # fmt: skip
    assert extra not in admin.gateway.peers()
    wait_state(admin, "rolled-back")
    wait_for(lambda: carries(admin), 5, what="the admin's tunnel again")
    time.sleep(4)
    peers = admin.gateway.peers()
    assert admin.device.public_key in peers and keys["merely-absent"] in peers
    assert not {keys[name] for name in ("disabled", "deleted", "blocked", "tried")} & set(peers)
    assert extra not in peers
    admin.gateway.stop()


def test_confirmed_over_a_new_connection_from_elsewhere(admin):
    gateway, address = admin.gateway, f"{topology.GATEWAY}:8080"
    gateway.host_file.write_text(f"userspace: wireguard-go\napi: {{listen: ['0.0.0.0:8080']}}\n")
    gateway.write("users/admin.yaml", "kind: User\nusername: admin\nrole: admin\nemail: admin@example.com\n")
    gateway.settings(reconcile="{interval: 2s, confirm: 20s}", repository_id="123e4567-e89b-12d3-a456-426614174000")
    commit(admin)
    gateway.apply("--confirm-within", "0")
    gateway.serve()
    token = gateway.wirebuddy("token", "create", "confirm", "--permission", "full").stdout.strip()
    clients = {}
    for name, namespace, where in [("far", admin.lab.net, address), ("own", gateway.namespace, address),
                                   ("loopback", gateway.namespace, "127.0.0.1:8080")]:  # fmt: skip
        clients[name] = namespace.start(
            sys.executable, "-c", CLIENT, where, token, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert clients[name].stdout.readline().strip() == "200"

    def confirm(name, which):
        clients[name].stdin.write(f"{which}\n")
        clients[name].stdin.flush()
        status, _, body = clients[name].stdout.readline().partition(" ")
        return int(status), body

    assert confirm("far", "new")[0] == 409
    key = admin.add_stranger()
    commit(admin)
    wait_state(admin, "waiting")
    status, body = confirm("far", "old")
    assert status == 409 and "older than the change" in body
    for name in ("own", "loopback"):
        status, body = confirm(name, "new")
        assert status == 409 and "this host itself" in body
    status, body = ask(gateway, "POST", "/api/confirm", {})
    assert status == 409 and "unix socket" in body["message"]
    status, body = confirm("far", "new")
    assert status == 200 and json.loads(body)["data"]["state"] == "confirmed", body
    assert "from 203.0.113.254" in gateway.wirebuddy("events").stdout
    time.sleep(3)
    assert key in gateway.peers() and gateway.json("status", expect=[0, 2])["checkpoint"] is None
    gateway.stop()
