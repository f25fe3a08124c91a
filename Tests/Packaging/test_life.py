"""A package's life on a booted Debian: installed, configured, restarted, upgraded, removed, purged."""

import json
import re

import pytest
from conftest import version
from machine import Machine, wait_for

UNIT = "wirebuddy.service"
HOME = "/root"
# CAP_NET_BIND_SERVICE and CAP_NET_ADMIN of capability(7), nothing else.
TWO_RIGHTS = 1 << 10 | 1 << 12

DNS = """\
kind: DNSSettings
enabled: true
upstreams: ["udp://192.0.2.53:53"]
"""


@pytest.fixture
def machine(root, package, newer_package):
    root.add(package)
    root.add(newer_package)
    machine = Machine(root)
    yield machine
    machine.stop()


def dpkg(machine, *arguments):
    return machine.run("dpkg", "--force-unsafe-io", *arguments, timeout=180)


def status(machine, process):
    return dict(re.findall(r"(?m)^(\w+):\s*(.*)$", machine.output("cat", f"/proc/{process}/status")))


def main_process(machine):
    return machine.show(UNIT, "MainPID")


def is_ready(machine):
    """Whether the daemon says that everything is as it should be."""
    answer = machine.run("wirebuddy", "status", "--format", "json", check=False)
    if answer.returncode not in (0, 2):
        return False
    conditions = json.loads(answer.stdout)["conditions"]
    return any(one["type"] == "Ready" and one["object"] is None and one["holds"] for one in conditions)


def wait_until_ready(machine):
    try:
        wait_for(lambda: is_ready(machine), 60, "the gateway is ready")
    except AssertionError as error:
        said = machine.run("wirebuddy", "status", check=False)
        raise AssertionError(f"{error}\n{said.stdout}{said.stderr}{machine.journal()}") from None


def tunnel(machine):
    """What has to stay over restarts: the process of the tunnel, the link, its key."""
    process = machine.processes("wireguard-go")
    link = json.loads(machine.output("ip", "-json", "link", "show", "dev", "wg0"))[0]["ifindex"]
    seen = json.loads(machine.run("wirebuddy", "status", "--format", "json", check=False).stdout)
    return process, link, seen["interfaces"][0]["public_key"]


def test_a_life(machine, package, newer_package):
    root = machine.root
    before = root.tree()

    # Installed on a host that nobody configured: enabled, and not started.
    dpkg(machine, "--install", f"/srv/{package.name}")
    assert machine.output("systemctl", "is-enabled", UNIT) == "enabled"
    assert machine.show(UNIT, "ActiveState") == "inactive"
    assert machine.show(UNIT, "ConditionResult") == "no"
    assert machine.run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", UNIT).stderr == ""
    assert machine.output("getent", "group", "wirebuddy").startswith("wirebuddy:x:")
    assert machine.output("stat", "-c", "%a %U:%G", "/var/lib/wirebuddy") == "700 root:root"
    assert machine.output("ls", "-A", "/var/lib/wirebuddy") == ""
    assert machine.run("wirebuddy", "doctor", check=False).returncode in (0, 1)

    # Configured and started, under the restrictions of its unit.
    machine.run("wirebuddy", "init")
    root.write("/etc/wirebuddy/dns/settings.yaml", DNS)
    machine.run("git", "-C", "/etc/wirebuddy", "add", "-A")
    machine.run("git", "-C", "/etc/wirebuddy", "-c", "user.name=test", "-c", "user.email=test@test.invalid",
                "commit", "-qm", "DNS")  # fmt: skip
    started = machine.run("systemctl", "start", UNIT, check=False)
    assert started.returncode == 0, started.stderr + machine.journal()
    wait_until_ready(machine)
    # systemd heard that it is ready, watches it, and keeps its DNS sockets.
    assert machine.show(UNIT, "Type") == "notify" and machine.show(UNIT, "StatusText")
    assert machine.show(UNIT, "WatchdogUSec") == "1min" and int(machine.show(UNIT, "NFileDescriptorStore")) > 0
    daemon = main_process(machine)
    for process in [daemon, *machine.processes("wireguard-go")]:
        facts = status(machine, process)
        assert int(facts["CapBnd"], 16) == int(facts["CapEff"], 16) == TWO_RIGHTS
        assert facts["NoNewPrivs"] == "1" and facts["Seccomp"] == "2"
    in_unit = ["nsenter", "--mount", f"--target={daemon}", "--", "sh", "-c"]
    for path in ("/usr/bin/x", "/etc/x", f"{HOME}/x", "/proc/sys/kernel/core_pattern", "/sys/fs/cgroup/cgroup.freeze"):
        refused = machine.run(*in_unit, f"echo x >{path}", check=False)
        assert refused.returncode != 0 and re.search("[Rr]ead-only|nonexistent", refused.stderr), (path, refused)
    # That device of the host, and what every process may have.
    devices = machine.output(*in_unit, "cd /dev && for name in net/* [!sp]*; do test -c $name && echo $name; done; true")
    assert set(devices.split()) == {"net/tun", "full", "null", "random", "tty", "urandom", "zero"}

    # What it has to be able to do there: parameters, firewall, port 53, commits to the repository, other programs.
    assert machine.output("cat", "/proc/sys/net/ipv4/ip_forward") == "1"
    assert "table inet wirebuddy" in machine.output("nft", "list", "tables")
    assert ":53" in machine.output("ss", "-Hlnu", "sport", "=", ":53")
    token = json.loads(machine.output("wirebuddy", "token", "create", "test", "--permission", "full", "--format", "json"))
    answer = machine.in_network(
        "curl", "--silent", "--show-error", "--fail-with-body", "--header", f"Authorization: Bearer {token['token']}",
        "--json", '{"name": "phone", "interface": "wg0"}', "http://127.0.0.1:8080/api/peers")  # fmt: skip
    assert json.loads(answer.stdout)["success"]
    assert machine.output("git", "-C", "/etc/wirebuddy", "status", "--porcelain") == ""
    assert "phone" in machine.output("git", "-C", "/etc/wirebuddy", "log", "-1", "--stat")
    # A transient unit, asked for from within: so the watchdog of an unconfirmed change gets out.
    machine.run(*in_unit, "exec setpriv --no-new-privs --bounding-set=-all,+net_admin,+net_bind_service "
                          "systemd-run --quiet --collect --unit=watchdog sleep 600")  # fmt: skip
    assert machine.show("watchdog", "ActiveState") == "active" and machine.show("watchdog", "NoNewPrivileges") == "no"
    machine.run("systemctl", "stop", "watchdog")

    # Reload, restart and the death of the daemon leave the tunnel alone.
    lasting = tunnel(machine)
    machine.run("systemctl", "reload", UNIT)
    assert main_process(machine) == daemon
    machine.run("systemctl", "restart", UNIT)
    wait_until_ready(machine)
    assert main_process(machine) != daemon and tunnel(machine) == lasting
    daemon = main_process(machine)
    machine.run("kill", "-KILL", daemon)
    wait_for(lambda: main_process(machine) not in ("0", daemon), 30, "a new daemon")
    wait_until_ready(machine)
    assert tunnel(machine) == lasting
    machine.run("systemctl", "stop", UNIT)
    assert machine.processes("wireguard-go") == lasting[0] and machine.run("ls", "/run/wirebuddy").stdout
    machine.run("systemctl", "start", UNIT)

    # A newer package and an older one again: a new daemon, the same tunnel.
    for file in (newer_package, package):
        daemon = main_process(machine)
        dpkg(machine, "--install", f"/srv/{file.name}")
        assert machine.output("dpkg-query", "--show", "--showformat=${Version}", "wirebuddy") == version(file)
        wait_until_ready(machine)
        assert main_process(machine) not in ("0", daemon) and tunnel(machine) == lasting

    # Removed: the tunnel ends, keys and database stay, so that a new installation is the same gateway.
    dpkg(machine, "--remove", "wirebuddy")
    assert machine.run("ip", "link", "show", "dev", "wg0", check=False).returncode != 0
    wait_for(lambda: not machine.processes("wireguard-go") + machine.processes("wirebuddy"), what="no process")
    assert "wirebuddy" not in machine.output("nft", "list", "tables")
    assert machine.output("ls", "/var/lib/wirebuddy")
    dpkg(machine, "--install", f"/srv/{package.name}")
    wait_until_ready(machine)
    assert tunnel(machine)[2] == lasting[2]

    # Purged: nothing is left but what people wrote themselves.
    dpkg(machine, "--purge", "wirebuddy")
    assert machine.output("systemctl", "list-units", "--all", "--no-legend", "wirebuddy*") == ""
    assert not machine.processes("wireguard-go") + machine.processes("wirebuddy")
    assert machine.run("getent", "group", "wirebuddy", check=False).returncode == 2
    assert machine.output("sh", "-c", "ls -d /run/wirebuddy* 2>/dev/null || true") == ""
    machine.run("rm", "-r", "/etc/wirebuddy")
    left = {line for line in root.tree() - before if not line.startswith("/etc/systemd/system/wirebuddy.service.d")}
    assert left == set()
    assert before - root.tree() == set()
