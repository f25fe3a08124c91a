"""The lab itself, without WireBuddy: two endpoints set up by hand carry ping, UDP and TCP."""

import os
import subprocess
import sys
import time
from pathlib import Path

from lab import topology
from lab.device import Device
from lab.flows import Capture, measured, pings, serve, transfer
from lab.namespace import NETNS, PREFIX, Namespace, remove_leftovers


def tunnel(lab):
    gateway = Device(lab.gw, ["10.8.0.1/24", "fd42:8::1/64"], listen_port=51820)
    device = Device(lab.devices[0], ["10.8.0.2/32", "fd42:8::2/128"])
    gateway.connect(device.public_key, allowed_ips=["10.8.0.2/32", "fd42:8::2/128"])
    device.connect(gateway.public_key, f"{topology.GATEWAY}:51820", ["10.8.0.0/24", "fd42:8::/64", "192.168.50.0/24"])
    return gateway, device


def test_wires(lab):
    assert pings(lab.devices[0], topology.GATEWAY)
    assert pings(lab.devices[0], topology.INTERNET)
    assert pings(lab.devices[1], topology.INTERNET6)
    assert pings(lab.gw, topology.LAN)
    assert not pings(lab.devices[0], topology.LAN, wait=1)


def test_tunnel_carries_everything(lab):
    gateway, device = tunnel(lab)
    dev = lab.devices[0]
    assert pings(dev, "10.8.0.1") and pings(dev, "fd42:8::1")
    assert gateway.handshake(device.public_key) > 0
    serve(lab.gw, "echo", "10.8.0.1", 7000)
    with measured(dev, "10.8.0.1") as flow:
        time.sleep(1)
    assert flow["lost"] == 0 and flow["sent"] >= 35
    serve(lab.gw, "sink", "10.8.0.1", 7001)
    assert transfer(dev, "10.8.0.1", 7001, 10_000_000)["bytes"] == 10_000_000


def test_probe_sees_silence(lab):
    gateway, device = tunnel(lab)
    serve(lab.gw, "echo", "10.8.0.1", 7000)
    assert pings(lab.devices[0], "10.8.0.1")
    with measured(lab.devices[0], "10.8.0.1") as flow:
        lab.gw.run("ip", "link", "set", "wg0", "down")
        time.sleep(1)
        lab.gw.run("ip", "link", "set", "wg0", "up")
        device.set("peer", gateway.public_key, "endpoint", f"{topology.GATEWAY}:51820")
        time.sleep(1)
    assert flow["lost"] >= 15 and flow["longest_silence"] >= 0.9
    assert len(flow["lost_at"]) == flow["lost"]


def test_capture_sees_untranslated_packets(lab):
    lab.gw.sysctl("net.ipv4.ip_forward", 1)
    tunnel(lab)
    lab.devices[0].run("wg", "set", "wg0", "peer", lab.devices[0].output("wg", "show", "wg0", "peers"),
                       "allowed-ips", f"10.8.0.0/24,{topology.INTERNET}/32")  # fmt: skip
    lab.devices[0].run("ip", "route", "add", f"{topology.INTERNET}/32", "dev", "wg0")
    capture = Capture(lab.net, "gw", "icmp")
    assert not pings(lab.devices[0], topology.INTERNET, wait=1)
    assert any("10.8.0.2 >" in line for line in capture.stop())


def test_leftovers_of_a_killed_run_are_removed():
    here = Path(__file__).parent
    code = "import sys, time; from lab.topology import Lab; Lab(devices=1); print('up', flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=here, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )
    assert process.stdout.readline() == "up\n"
    process.kill()
    process.wait()
    process.stdout.close()
    own = Namespace("stays")
    try:
        left = f"{PREFIX}-{process.pid}-"
        assert any(path.name.startswith(left) for path in NETNS.iterdir())
        remove_leftovers()
        assert not any(path.name.startswith(left) for path in NETNS.iterdir())
        assert (NETNS / own.full_name).exists()
    finally:
        own.close()
    assert not (NETNS / f"{PREFIX}-{os.getpid()}-stays").exists()
