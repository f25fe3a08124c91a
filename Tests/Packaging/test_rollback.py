"""A change that nobody confirms, under systemd: who undoes it is no part of the unit that made it, and outlives its end."""

import base64
import json
import os
import socket
import time
from datetime import datetime
from pathlib import Path

import pytest
from machine import Machine, wait_for
from test_life import UNIT, is_ready, wait_until_ready

WINDOW = 8
CONFIG = "/etc/wirebuddy"


@pytest.fixture
def machine(root, package):
    root.chroot("dpkg", "--force-unsafe-io", "--install", root.add(package))
    machine = Machine(root)
    yield machine
    machine.stop()


def git(machine, *words):
    identity = ["-c", "user.name=test", "-c", "user.email=test@test.invalid"]
    return machine.output("git", "-C", CONFIG, *identity, *words)


def commit(machine, message):
    git(machine, "add", "-A")
    git(machine, "commit", "-qm", message)
    return git(machine, "rev-parse", "HEAD")


def peer(machine, key, address):
    text = f"kind: Peer\nname: admin\ninterface: wg0\npublic_key: {base64.b64encode(key).decode()}\nip: {address}\n"
    machine.root.write(f"{CONFIG}/peers/admin.yaml", text)


def devices(machine):
    """Allowed IPs by public key, as the device itself tells them (WireGuard's userspace protocol); nothing without one."""
    with socket.socket(socket.AF_UNIX) as device:
        try:
            device.settimeout(5)
            device.connect(str(Path("/proc", str(machine.leader), "root", "run/wireguard/wg0.sock")))
            device.sendall(b"get=1\n\n")
            # An empty line ends the answer; the connection stays open.
            lines = [line.strip() for line in iter(device.makefile().readline, "\n")]
        except (FileNotFoundError, ConnectionError):
            return {}
    found = {}
    for name, _, value in (line.partition("=") for line in lines):
        if name == "public_key":
            key = bytes.fromhex(value)
        elif name == "allowed_ip":
            found.setdefault(key, []).append(value)
    return found


def status(machine):
    return json.loads(machine.run("wirebuddy", "status", "--format", "json", check=False).stdout)


def state(machine):
    return (status(machine)["checkpoint"] or {}).get("state")


def watchdogs(machine):
    """The units that run. One that has ended stays known while the tunnel that it made is in its group."""
    lines = machine.output("systemctl", "list-units", "--state=active", "--plain", "--no-legend", "wirebuddy-watchdog-*")
    return [line.split()[0] for line in lines.splitlines()]


def test_unconfirmed_change_is_undone_without_its_unit(machine):
    key = os.urandom(32)
    machine.root.write(f"{CONFIG}/wg0.yaml",
                       "kind: Interface\nname: wg0\naddress: [10.8.0.1/24]\nlisten_port: 51820\nbackend: userspace\n")  # fmt: skip
    machine.root.write(f"{CONFIG}/settings.yaml", f"kind: Settings\nreconcile: {{interval: 2s, confirm: {WINDOW}s}}\n")
    peer(machine, key, "10.8.0.2")
    machine.run("git", "init", "-q", "-b", "main", CONFIG)
    good = commit(machine, "good")
    machine.run("systemctl", "start", UNIT)
    wait_until_ready(machine)
    assert devices(machine) == {key: ["10.8.0.2/32"]} and watchdogs(machine) == []

    # The watchdog of a change is a unit for itself, outside of the daemon's group of processes.
    peer(machine, key, "10.8.0.77")
    bad = commit(machine, "cut")
    wait_for(lambda: state(machine) == "waiting", 20, "a change on trial")
    assert devices(machine) == {key: ["10.8.0.77/32"]}
    (watchdog,) = watchdogs(machine)
    assert machine.show(watchdog, "Transient") == "yes" and machine.show(watchdog, "ActiveState") == "active"
    process = machine.show(watchdog, "MainPID")
    group = machine.output("cat", f"/proc/{process}/cgroup")
    assert group.endswith(f"/{watchdog}") and machine.show(UNIT, "ControlGroup") not in group
    assert machine.output("readlink", f"/proc/{process}/exe") == "/usr/bin/wirebuddy"

    # Everything of the unit dies in the window, and it does not come back: the daemon, and the tunnel.
    deadline = datetime.fromisoformat(status(machine)["checkpoint"]["deadline"]).timestamp()
    machine.run("systemctl", "kill", "--signal=KILL", UNIT)
    machine.run("systemctl", "stop", UNIT)
    wait_for(lambda: not machine.processes("wireguard-go"), what="no tunnel")
    assert machine.show(UNIT, "MainPID") == "0" and machine.show(watchdog, "ActiveState") == "active"
    assert devices(machine) == {} and time.time() < deadline
    wait_for(lambda: devices(machine) == {key: ["10.8.0.2/32"]}, deadline + 5 - time.time(), "what was confirmed")
    assert time.time() >= deadline - 1

    # It ends when it has read back what it restored, and the tunnel it had to make stays.
    wait_for(lambda: watchdogs(machine) == [], what="the end of the watchdog")
    tunnel = machine.processes("wireguard-go")
    assert len(tunnel) == 1 and machine.show(UNIT, "MainPID") == "0"
    told = status(machine)
    assert told["checkpoint"]["state"] == "rolled-back" and told["checkpoint"]["tried"] == bad
    assert told["last_applied"]["id"] == good
    assert "the host was restored" in machine.journal(watchdog)
    assert f"{good} was restored and read back" in machine.output("wirebuddy", "events")

    # The daemon goes on from there, and does not try again what was undone.
    machine.run("systemctl", "start", UNIT)
    wait_for(lambda: any("rolled-back" in one["message"] for one in status(machine)["conditions"]), what="a refusal")
    assert devices(machine) == {key: ["10.8.0.2/32"]} and machine.processes("wireguard-go") == tunnel
    machine.run("wirebuddy", "rollback", good)
    wait_for(lambda: is_ready(machine), what="the gateway is ready")
    assert devices(machine) == {key: ["10.8.0.2/32"]} and machine.processes("wireguard-go") == tunnel
    assert watchdogs(machine) == []
