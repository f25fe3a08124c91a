"""What the verbs of a sequence do to a world."""

import os
import random
import re
import signal
import time
from pathlib import Path

from lab.device import key_pair
from lab.gateway import document

from world import HASH

# The links that may come to any harm; steps about peers, addresses and routes are also about wg0.
ROUGH = ("wg1", "wg2")
ALL = ("wg0", "wg1", "wg2")


def happen(world, step):
    """Let a step happen."""
    kind, _, what = step.verb.partition("-")
    if kind == "push":
        world.pull()
        push(world, what, step)
    elif kind in ("rest", "revoke"):
        rest(world, what, step)
    elif kind in ("row", "forget", "misplace", "garble"):
        tamper_with_rows(world, step)
    elif kind == "kill":
        kill(world, step)
    elif step.verb == "wait":
        time.sleep(step.how / 200)
    elif step.verb == "apply":
        world.quickly("apply")
    else:
        tamper(world, step)


def replace(world, peer, **fields):
    """Write the document of a peer anew with other fields."""
    (world.clone / peer["file"]).unlink()
    interface = int(fields.pop("interface", peer["interface"][-1]))
    kept = {key: peer[key] for key in ("enabled", "isolated", "preshared_key") if key in peer}
    if peer.get("routes"):
        kept["routes"] = "[" + ", ".join(peer["routes"]) + "]"
    name = fields.pop("name", peer["name"])
    key = fields.pop("public_key", peer["public_key"])
    host = int(fields.pop("host", peer["ip"][0].rsplit(".", 1)[1]))
    fields = {name: value for name, value in (kept | fields).items() if value is not None}
    world.write_peer(name, interface, host, key, **fields)


def free_host(world, interface, start):
    used = {int(peer["ip"][0].rsplit(".", 1)[1]) for peer in world.declared("Peer", world.clone)
            if peer["interface"] == f"wg{interface}"}  # fmt: skip
    return next(number for number in range(start, 250) if number not in used)


def push(world, what, step):
    """A commit that somebody pushes."""
    peers, links = world.peers(), [row["name"] for row in world.declared("Interface", world.clone)]
    peer = peers[step.what % len(peers)] if peers else None
    if what == "add" or peer is None:
        world.add_peer(int(links[step.what % len(links)][-1]))
    elif what == "remove":
        if len(peers) > 3:
            (world.clone / peer["file"]).unlink()
    elif what == "rename":
        world.made += 1
        replace(world, peer, name=f"n{world.made}")
    elif what in ("disable", "enable"):
        replace(world, peer, enabled="false" if what == "disable" else "true")
    elif what == "rekey":
        replace(world, peer, public_key=key_pair()[1])
    elif what == "move":
        link = int(links[step.how % len(links)][-1])
        replace(world, peer, interface=link, host=free_host(world, link, 60))
    elif what == "address":
        replace(world, peer, host=free_host(world, peer["interface"][-1], 20 + step.how))
    elif what == "route":
        used = {route for row in peers for route in row.get("routes", [])}
        route = next(f"10.{number}.0.0/16" for number in range(100, 200) if f"10.{number}.0.0/16" not in used)
        replace(world, peer, routes=None if peer.get("routes") else f"[{route}]")
    elif what == "isolate":
        replace(world, peer, isolated="false" if peer.get("isolated") == "true" else "true")
    elif what == "secret":
        replace(world, peer, preshared_key=f"file:psk-{step.how % 3}" if step.how % 4 else None)
    elif what == "interface":
        toggle_interface(world)
    elif what in ("port", "stop") and "wg1" in links:
        fields = {"listen_port": 51920 + step.how % 5} if what == "port" else {"enabled": step.how % 2 == 0}
        world.write_interface(1, **fields)
    elif what == "user":
        role = "admin" if step.how % 3 == 0 else "user"
        world.write("users/anna.yaml", document(
            "User", username="anna", role=role, enabled=step.how % 2 == 0, password_hash=HASH + "Z"))  # fmt: skip
    elif what == "settings":
        file = world.clone / "settings.yaml"
        # A write by REST may have made a block of it.
        text = re.sub(r"^rate_limits:.*\n(?:[ \t]+.*\n)*", "", file.read_text(), flags=re.MULTILINE)
        file.write_text(f"{text}rate_limits: {{anonymous: {{read: {20 + step.how}}}}}\n")
    elif what == "access":
        fields = {"from": "{interfaces: [wg1]}", "to": "[10.60.0.0/24]", "ports": "[tcp/443]"}
        toggle(world, "access/ops.yaml", document("Access", name="ops", **fields))
    elif what == "rule":
        name = f"ads{step.how % 3}"
        toggle(world, f"dns/{name}.yaml", document("DNSRule", action="block", domain=f"{name}.example.com"))
    elif what == "invalid":
        broken(world)
        return
    world.push()


def toggle(world, path, text):
    if (world.clone / path).exists():
        (world.clone / path).unlink()
    else:
        world.write(path, text)


def toggle_interface(world):
    """wg2 with a peer comes, or goes with all of its peers."""
    if (world.clone / "interfaces/wg2.yaml").exists():
        (world.clone / "interfaces/wg2.yaml").unlink()
        for peer in world.peers():
            if peer["interface"] == "wg2":
                (world.clone / peer["file"]).unlink()
    else:
        world.write_interface(2)
        world.add_peer(2)


def broken(world):
    """A revision that can't be used, and the one that mends it."""
    world.write("broken.yaml", "kind: Peer\nname: [\n")
    world.push()
    time.sleep(0.05)
    (world.clone / "broken.yaml").unlink()
    world.push()


def rest(world, what, step):
    """A write at the daemon's socket. One that is refused changes nothing, and that is all that is asked of it here."""
    status, told = world.ask("GET", "/api/peers")
    assert status == 200, f"GET /api/peers: {status} {told}"
    rows = [row for row in told["data"]["peers"] if row["name"] != "device"]
    row = rows[step.what % len(rows)] if rows else None
    if step.verb == "revoke":
        if row:
            key = row["public_key"]
            status, _ = world.ask("POST", "/api/revocations", {"public_key": key, "for": "1h"})
            if status < 300:
                world.expect_gone(key)
                # The end of the block lets him in again.
                world.gone.discard(key)
            world.ask("DELETE", f"/api/revocations?public_key={key.replace('+', '%2B').replace('=', '%3D')}")
    elif what == "add" or row is None:
        world.made += 1
        world.ask("POST", "/api/peers", {"name": f"r{world.made}", "interface": "wg1", "public_key": key_pair()[1]})
    elif what == "patch":
        world.ask("PATCH", f"/api/peers/{row['id']}", {"isolated": step.how % 2 == 0, "description": f"d{step.how}"})
    elif what in ("disable", "delete"):
        path = f"/api/peers/{row['id']}"
        status, _ = world.ask("POST", f"{path}/disable") if what == "disable" else world.ask("DELETE", path)
        if status < 300:
            world.expect_gone(row["public_key"])
    elif what == "enable":
        world.ask("POST", f"/api/peers/{row['id']}/enable")
    elif what == "settings":
        world.ask("PATCH", "/api/settings", {"rate_limits": {"anonymous": {"read": 20 + step.how}}})


def tamper(world, step):
    """What somebody types at the host. He may come too late: what he names may be gone."""
    rough, link = ROUGH[step.what % len(ROUGH)], ALL[step.what % len(ALL)]
    peers = sorted(key for key in world.gateway.peers(link) if key != world.device.public_key)
    planted = key_pair()[1]
    # Who names a peer that is not there makes one.
    peer = peers[step.how % len(peers)] if peers else planted
    other = peers[(step.how + 1) % len(peers)] if peers else planted
    stolen = ",".join(sorted(world.gateway.peers(link).get(other, []))) or "10.97.0.0/16"
    if step.verb == "peer-plant" or peer == planted:
        world.planted.add(planted)
    commands = {
        "link-delete": f"ip link del {rough}",
        "link-down": f"ip link set {rough} down",
        "link-mtu": f"ip link set {rough} mtu {1280 + step.how}",
        "link-unmark": f"ip link set {link} alias other{step.how}",
        "address-add": f"ip address add 10.99.{step.how}.1/24 dev {link}",
        "address-remove": f"ip address flush dev {rough} scope global",
        "peer-remove": f"wg set {link} peer '{peer}' remove",
        "peer-plant": f"wg set {link} peer '{planted}' allowed-ips 10.98.{step.how}.0/24",
        "allowed-steal": f"wg set {link} peer '{peer}' allowed-ips '{stolen}'",
        "port-set": f"wg set {rough} listen-port {40000 + step.how}",
        "key-set": f"wg genkey | wg set {rough} private-key /dev/stdin",
        "route-remove": f"ip route flush dev {link} proto 173",
        "route-plant": f"ip route add 10.96.{step.how}.0/24 dev {link} proto 173",
        "table-delete": "nft delete table inet wirebuddy",
        "table-edit": "nft add chain inet wirebuddy other",
        "element-add": f"nft add element inet wirebuddy isolated_hosts4 '{{ 10.8.0.{100 + step.how} }}'",
        "sysctl-reset": "sysctl -qw net.ipv4.ip_forward=0",
    }  # fmt: skip
    world.namespace.run("sh", "-c", commands[step.verb], check=False)


def tamper_with_rows(world, step):
    """What somebody writes into the database while the daemon lives."""
    link = ALL[step.what % len(ALL)]
    statements = {
        "row-delete": ("DELETE FROM user", "DELETE FROM setting", "DELETE FROM dns_rule"),
        "row-change": ("UPDATE user SET role = 'admin'", "UPDATE user SET enabled = 0",
                       "UPDATE setting SET value = 'x'"),
        "row-plant": (f"INSERT OR IGNORE INTO user VALUES ('{step.how}', 'mallory', '', '', '', 'admin', 1, NULL)",),
        "forget-interface": (f"DELETE FROM interface WHERE name = '{link}'",),
        "misplace-interface": (f"UPDATE interface SET link_index = 9{step.how} WHERE name = '{link}'",
                               f"UPDATE interface SET boot_id = 'another' WHERE name = '{link}'",
                               f"UPDATE interface SET link_index = NULL WHERE name = '{link}'"),
        "forget-records": ("DELETE FROM applied", "DELETE FROM applied WHERE kind = 'Peer'"),
        "garble-records": ("UPDATE applied SET digest = 'garbled'", "UPDATE applied SET digest = ''"),
        "forget-firewall": ("DELETE FROM firewall",),
        "forget-sysctls": ("DELETE FROM sysctl",),
        "forget-peers": ("DELETE FROM peer", "DELETE FROM endpoint"),
    }[step.verb]  # fmt: skip
    world.sql(statements[step.how % len(statements)])


def kill(world, step):
    """`kill -9` of the daemon or of the program behind a link that may come to harm."""
    if step.verb == "kill-userspace":
        link = ROUGH[step.what % len(ROUGH)]
        for pid in world.namespace.processes("wireguard-go"):
            if link in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                os.kill(pid, signal.SIGKILL)
        return
    if step.verb == "kill-after-push":
        world.pull()
        choose = random.Random(step.how)
        push(world, choose.choice(["add", "remove", "rekey", "move", "route", "interface", "isolate"]), step)
        time.sleep(choose.random() * 0.3)
    world.kill_daemon()
