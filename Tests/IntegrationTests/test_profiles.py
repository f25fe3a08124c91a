"""Device configurations, as `wirebuddy peer config` prints them, brought up by the real wg-quick.

The device stands behind a router (the endpoint is off-link) and has a LAN of its own, which only it can reach.
"""

import subprocess

import pytest

from lab import topology
from lab.device import key_pair
from lab.flows import Capture, pings, serve, transfer
from lab.namespace import run
from lab.wg_quick import WgQuick

PRINTER = "192.168.77.20"
PRINTER6 = "fd77::20"
BEHIND_PRINTER = "192.168.78.10"
MODES = ["full_tunnel", "full_tunnel_keep_lan", "vpn_only", "split_tunnel"]


class Home:
    """A gateway, and a device with a LAN of its own."""

    def __init__(self, lab, gateway, directory, dual):
        self.lab, self.gateway, self.directory, self.dual = lab, gateway, directory, dual
        self.device = lab.devices[0]
        self.printer = lab.add("printer")
        lab.wire(self.device, "eth1", self.printer, "eth0")
        lab.address(self.device, "eth1", "192.168.77.1/24", "fd77::1/64")
        lab.address(self.printer, "eth0", f"{PRINTER}/24", f"{PRINTER6}/64")
        self.printer.run("ip", "address", "add", f"{BEHIND_PRINTER}/32", "dev", "lo")
        self.device.run("ip", "route", "add", f"{BEHIND_PRINTER}/32", "via", PRINTER)
        self.private_key, self.key = key_pair()
        secrets = gateway.state / "secrets"
        secrets.mkdir(mode=0o700)
        (secrets / "laptop.psk").touch(mode=0o600)
        (secrets / "laptop.psk").write_text(run("wg", "genpsk").stdout)
        # A dual-stack tunnel is dialled by IPv6, a single one by IPv4.
        address = "[10.8.0.1/24, fd42:8::1/64]" if dual else "[10.8.0.1/24]"
        host = f"[{topology.GATEWAY6}]" if dual else topology.GATEWAY
        gateway.interface(
            address=address, endpoint=f'"{host}:51820"', dns="[10.8.0.1, fd42:8::1]" if dual else "[10.8.0.1]",
            dns_search="[vpn.internal, corp.example]",
        )  # fmt: skip

    def declare(self, mode, **fields):
        if mode == "split_tunnel":
            fields["allowed_ips"] = "[10.8.0.0/24, fd42:8::/64, 192.168.50.0/24]"
        ip = "[10.8.0.2, fd42:8::2]" if self.dual else "[10.8.0.2]"
        if self.dual:
            fields["preshared_key"] = "file:laptop.psk"
        self.gateway.peer("laptop", self.key, 2, ip=ip, routing_mode=mode, **fields)
        self.gateway.apply()

    def connect(self):
        text = self.gateway.wirebuddy("peer", "config", "laptop", "--platform", "linux").stdout
        # The device made its key itself and writes it where the configuration says.
        self.wg_quick = WgQuick(self.device, self.directory, self.with_key(text))
        self.wg_quick.up()
        return text

    def with_key(self, text):
        return text.replace("\nPrivateKey =\n", f"\nPrivateKey = {self.private_key}\n")

    def reaches(self, host):
        return pings(self.device, host)

    def outside(self, *hosts):
        """What leaves the device beside the tunnel while it pings each of `hosts`."""
        capture = Capture(self.lab.net, "dev1", "icmp[0] == 8 or (icmp6 and ip6[40] == 128)")
        for host in hosts:
            pings(self.device, host, wait=1)
        return capture.stop()


@pytest.fixture(params=[False, True], ids=["ipv4", "dual"])
def home(request, lab, gateway, tmp_path):
    return Home(lab, gateway, tmp_path, request.param)


@pytest.fixture
def single(lab, gateway, tmp_path):
    return Home(lab, gateway, tmp_path, dual=False)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_carries_traffic_and_keeps_the_lan(home, mode):
    home.declare(mode)
    serve(home.lab.lan, "sink", topology.LAN, 7001)
    before = home.device.output("ip", "route"), home.device.output("ip", "rule"), home.device.output("nft", "list", "ruleset")
    home.connect()

    # The tunnel carries, also full packets both ways.
    assert home.reaches("10.8.0.1")
    if home.dual:
        assert home.reaches("fd42:8::1")
    if mode != "vpn_only":
        assert home.reaches(topology.LAN)
        assert transfer(home.device, topology.LAN, 7001, 1 << 20)["bytes"] == 1 << 20

    # The device's own LAN, and what lies behind a router of it, stay where they are in every mode: wg-quick leaves
    # routes more specific than /0 in force (suppress_prefixlength), so full_tunnel keeps the LAN on Linux too.
    assert home.reaches(PRINTER) and home.reaches(PRINTER6) and home.reaches(BEHIND_PRINTER)

    # The internet: by the tunnel in the full modes, with nothing beside it, also of a family the tunnel has not.
    outside = home.outside(topology.INTERNET, topology.INTERNET6)
    if mode.startswith("full_tunnel"):
        assert outside == []
        assert home.reaches(topology.INTERNET)
        assert home.reaches(topology.INTERNET6) == home.dual
    else:
        assert len(outside) == 2 and home.reaches(topology.INTERNET) and home.reaches(topology.INTERNET6)

    # Servers and search domains arrive.
    servers = "nameserver 10.8.0.1\n" + ("nameserver fd42:8::1\n" if home.dual else "")
    assert f"{servers}search vpn.internal corp.example\n" in home.wg_quick.dns

    home.wg_quick.down()
    after = home.device.output("ip", "route"), home.device.output("ip", "rule"), home.device.output("nft", "list", "ruleset")
    assert after == before
    assert home.reaches(topology.INTERNET)


def test_the_tunnel_does_not_carry_itself(single):
    """Encrypted packets to the off-link endpoint stay outside: a flood of its own making would be thousands."""
    single.declare("full_tunnel")
    single.connect()
    capture = Capture(single.lab.net, "dev1", "udp port 51820")
    assert pings(single.device, topology.INTERNET, count=5)
    packets = capture.stop()
    assert 10 <= len(packets) <= 40, packets[:5]


def test_a_key_held_by_the_device(single):
    """Refused as it is, up once the device writes its key behind it."""
    single.declare("vpn_only")
    done = single.gateway.wirebuddy("peer", "config", "laptop", "--platform", "linux")
    assert "# PrivateKey = held by the device\nPrivateKey =\n" in done.stdout
    assert "held by the device" in done.stderr
    device = WgQuick(single.device, single.directory, done.stdout)
    assert device.run("up") != 0 and "Line unrecognized: `PrivateKey='" in device.log.read_text()
    assert single.device.run("ip", "link", "show", "wg0", check=False).returncode != 0
    device.write(single.with_key(done.stdout))
    device.up()
    assert single.reaches("10.8.0.1")


def test_keys_made_by_the_gateway(single):
    """`peer add` seals the keys; the configuration opens them and is up as it stands, also after a rename."""
    gateway = single.gateway
    gateway.settings(repository_id="123e4567-e89b-12d3-a456-426614174000")
    gateway.wirebuddy("peer", "add", "laptop", "--routing-mode", "full_tunnel")
    document = gateway.config / "peers/wg0/laptop.yaml"
    assert "private_key: sealed:v1:" in document.read_text() and "preshared_key: sealed:v1:" in document.read_text()
    gateway.apply()
    text = gateway.wirebuddy("peer", "config", "laptop", "--platform", "linux").stdout
    single.wg_quick = WgQuick(single.device, single.directory, text)
    single.wg_quick.up()
    assert single.reaches(topology.INTERNET)
    document.write_text(document.read_text().replace("name: laptop", "name: Anna's laptop"))
    gateway.apply()
    assert gateway.wirebuddy("peer", "config", "Anna's laptop", "--platform", "linux").stdout == text.replace(
        "# laptop\n", "# Anna's laptop\n")  # fmt: skip
    # A sealed value that was copied from another peer does not open, and says why.
    gateway.wirebuddy("peer", "add", "phone")
    phone = gateway.config / "peers/wg0/phone.yaml"
    sealed = {line for line in document.read_text().splitlines() if line.startswith("private_key:")}.pop()
    lines = [sealed if line.startswith("private_key:") else line for line in phone.read_text().splitlines()]
    phone.write_text("\n".join(lines) + "\n")
    refused = gateway.wirebuddy("peer", "qr", "phone", expect=1).stderr
    assert "sealed for" in refused and "sealed:v1:" in refused and sealed.split(" ")[1] not in refused
    # What the next apply completes has no configuration before.
    gateway.write("peers/wg0/tv.yaml", "kind: Peer\nname: tv\ninterface: wg0\n")
    assert "run `wirebuddy apply` first" in gateway.wirebuddy("peer", "config", "tv", expect=1).stderr


def test_settings_of_devices(single):
    """MTU and keepalive arrive; the endpoint may be the gateway's."""
    single.gateway.settings(public_endpoint=topology.GATEWAY, peers="{persistent_keepalive: 7, mtu: 1300}")
    single.gateway.interface(address="[10.8.0.1/24]", listen_port=4500)
    single.declare("full_tunnel")
    text = single.connect()
    assert f"Endpoint = {topology.GATEWAY}:4500\n" in text and "DNS" not in text
    assert "mtu 1300 " in single.device.output("ip", "link", "show", "wg0")
    assert single.device.output("wg", "show", "wg0", "persistent-keepalive").endswith("\t7")
    assert single.reaches(topology.INTERNET)
    assert pings(single.device, topology.LAN, size=1300 - 28)


def test_pictures_and_files(single, tmp_path):
    """Every form decodes to the text, and files are the owner's alone, also where one was open to others."""
    single.declare("full_tunnel")
    text = single.gateway.wirebuddy("peer", "config", "wg0/laptop").stdout
    conf, png, svg = tmp_path / "x.conf", tmp_path / "x.png", tmp_path / "x.svg"
    png.write_text("old")
    png.chmod(0o644)
    single.gateway.wirebuddy("peer", "config", "laptop", "--output", conf)
    single.gateway.wirebuddy("peer", "qr", "laptop", "--png", png)
    single.gateway.wirebuddy("peer", "qr", "laptop", "--svg", svg)
    assert conf.read_text() == text
    assert [file.stat().st_mode & 0o777 for file in (conf, png, svg)] == [0o600] * 3
    assert run("zbarimg", "-q", "--raw", png).stdout == text + "\n"
    rendered = tmp_path / "rendered.png"
    run("rsvg-convert", svg, "-o", rendered)
    assert run("zbarimg", "-q", "--raw", rendered).stdout == text + "\n"
    terminal = single.gateway.wirebuddy("peer", "qr", "laptop").stdout
    assert "\x1b[38;5;16;48;5;231m" in terminal
    plain = single.gateway.wirebuddy("peer", "qr", "laptop", "--no-color").stdout
    assert "\x1b" not in plain and run("zbarimg", "-q", "--raw", picture(plain, tmp_path)).stdout == text + "\n"
    link = tmp_path / "link.conf"
    link.symlink_to(conf)
    refused = single.gateway.wirebuddy("peer", "config", "laptop", "--output", link, expect=1)
    assert "not a regular file" in refused.stderr and link.is_symlink()


def picture(blocks, directory):
    """Half blocks of a dark terminal as a PGM file: what is drawn is light."""
    rows = []
    for line in blocks.splitlines():
        rows += [[mark in "█▀" for mark in line], [mark in "█▄" for mark in line]]
    pixels = b"".join(b"".join((b"\xff" if light else b"\0") * 4 for light in row) * 4 for row in rows)
    file = directory / "terminal.pgm"
    file.write_bytes(b"P5 %d %d 255\n" % (len(rows[0]) * 4, len(rows) * 4) + pixels)
    return file


def test_names_and_refusals(single):
    """Ambiguous and unknown names, no endpoint, and too many routes for a QR code."""
    gateway = single.gateway
    gateway.interface("wg1", address="[10.9.0.1/24]", listen_port=51821)
    gateway.peer("laptop", key_pair()[1], 2, interface="wg1", ip="[10.9.0.2]")
    single.declare("vpn_only")

    def refused(*words):
        return gateway.wirebuddy("peer", *words, expect=1).stderr

    ambiguous = refused("config", "laptop")
    assert "wg0/laptop" in ambiguous and "wg1/laptop" in ambiguous
    assert 'no peer "phone"' in refused("qr", "phone")
    assert "add `endpoint: <host>:51821` to interfaces/wg1.yaml" in refused("config", "wg1/laptop")
    prefixes = ", ".join(f"10.{number // 256}.{number % 256}.0/24" for number in range(2600, 2820))
    gateway.peer("laptop", single.key, 2, ip="[10.8.0.2]", routing_mode="split_tunnel", allowed_ips=f"[{prefixes}]")
    long = refused("qr", "wg0/laptop")
    assert "bytes, a QR code holds 2953: shorten allowed_ips" in long


def test_an_interface_that_never_ran(single):
    """The key that a configuration names is the one the first apply uses; elsewhere than on the gateway none is made."""
    gateway = single.gateway
    gateway.peer("laptop", single.key, 2, ip="[10.8.0.2]")
    text = gateway.wirebuddy("peer", "config", "laptop").stdout
    gateway.apply()
    assert f"PublicKey = {gateway.public_key()}\n" in text
    gateway.wirebuddy("down")
    assert gateway.wirebuddy("peer", "config", "laptop").stdout == text
    elsewhere = subprocess.run(
        [*map(str, gateway.arguments("peer", "config", "laptop")), "--state", str(single.directory / "nowhere")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert elsewhere.returncode == 1 and "run `wirebuddy apply` on the gateway" in elsewhere.stderr
    assert not (single.directory / "nowhere").exists()
