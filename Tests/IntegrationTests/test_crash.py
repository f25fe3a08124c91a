"""kill -9 at random points of apply: the next start converges to an empty plan and leaves no orphan."""

import os
import random
import subprocess
import time

import pytest

from lab.gateway import document
from lab.office import count

pytestmark = pytest.mark.crash


def write_some_state(gateway, choose, round_number, keys):
    """A different desired state every round: interfaces come and go, peers move and change."""
    for path in sorted(gateway.config.rglob("*.yaml")):
        path.unlink()
    gateway.settings(reconcile="{max_deletes: 1000, max_deletes_percent: 100}")
    gateway.interface("wg0", listen_port=51820 + round_number % 3)
    if choose.random() < 0.5:
        gateway.interface("wg1", address="10.11.0.1/24", listen_port=51900)
    for number, key in enumerate(choose.sample(keys, 8), start=10):
        routes = {"routes": f"[10.{100 + number}.0.0/16]"} if choose.random() < 0.4 else {}
        gateway.peer(f"peer{number}", key, number, isolated=choose.random() < 0.3, **routes)


def apply_through_rails(gateway):
    """Removing an interface needs an approval, which a test gives."""
    done = gateway.wirebuddy("apply", expect=[0, 11])
    if done.returncode == 11:
        words = [word for refusal in gateway.json("plan", expect=11)["refusals"] for word in ("--approve", refusal["digest"])]
        gateway.apply(*words)


def test_kill_at_random_points(office):
    from lab.device import key_pair

    gateway = office.gateway
    seed = int(os.environ.get("WIREBUDDY_SEED", time.time_ns() % 10**9))
    print(f"WIREBUDDY_SEED={seed}")
    choose = random.Random(seed)
    keys = [key_pair()[1] for _ in range(16)]
    gateway.apply()
    start = time.monotonic()
    gateway.apply()
    typical = max(0.3, time.monotonic() - start)
    for number in range(count(200)):
        write_some_state(gateway, choose, number, keys)
        process = gateway.namespace.start(*gateway.arguments("apply"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(choose.random() * typical * 1.5)
        process.kill()
        process.wait()
        apply_through_rails(gateway)
        gateway.plan(expect=0)
        programs = gateway.namespace.processes("wireguard-go")
        links = 1 + (gateway.config / "interfaces/wg1.yaml").exists()
        assert len(programs) == links, f"round {number}, seed {seed}: {len(programs)} wireguard-go for {links} links"
        assert gateway.namespace.processes("wirebuddy") == []
    gateway.wirebuddy("down")
    assert gateway.traces() == []


def test_kill_of_the_daemon_while_the_folder_changes(office):
    gateway = office.gateway
    office.serve()
    choose = random.Random(7)
    for number in range(count(40)):
        gateway.write("peers/wg0/extra.yaml", document(
            "Peer", name="extra", interface="wg0", ip=f"10.8.0.{100 + number}", routing_mode="vpn_only",
            public_key=office.device.public_key[:-4] + "AAA="))  # fmt: skip
        time.sleep(choose.random() * 0.5)
        gateway.daemon.kill()
        gateway.daemon.wait()
        gateway.serve()
        assert len(gateway.namespace.processes("wireguard-go")) == 1
    gateway.stop()
