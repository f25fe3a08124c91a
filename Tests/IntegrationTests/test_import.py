"""Taking over what wg-quick brought up, and leaving again: no packet is lost, no key is shown."""

import json
import subprocess

import pytest
from lab import topology
from lab.device import Device, key_pair
from lab.flows import measured, pings, serve
from lab.namespace import wait_for

HOOKS = (
    "PostUp = sysctl -q -w net.ipv4.ip_forward=1\n"
    "PostUp = nft 'add table inet nat0; add chain inet nat0 post { type nat hook postrouting priority 100; };"
    " add rule inet nat0 post ip saddr 10.8.0.0/24 oifname \"eth0\" masquerade'\n"
    "PostUp = ip route add 10.77.0.0/24 dev eth1\n"
    "PostDown = nft delete table inet nat0\n"
)


class Quick:
    """`wg0` on the gateway, brought up by wg-quick from a file that only its namespace sees."""

    def __init__(self, lab, gateway, directory, device):
        self.namespace = lab.gw
        self.gateway = gateway
        self.private_key, self.public_key = key_pair()
        self.preshared_key = subprocess.check_output(["wg", "genpsk"], text=True).strip()
        self.directory = directory
        self.file = directory / "wg0.conf"
        directory.mkdir(mode=0o700)
        self.namespace.run("mount", "--bind", directory, "/etc/wireguard")
        self.text = (
            f"[Interface]\nPrivateKey = {self.private_key}\nAddress = 10.8.0.1/24, fd42:8::1/64\nListenPort = 51820\n{HOOKS}"
            f"\n# Anna's laptop\n[Peer]\nPublicKey = {device.public_key}\nPresharedKey = {self.preshared_key}\n"
            f"AllowedIPs = 10.8.0.2/32, fd42:8::2/128\n"
            f"\n### Client branch\n[Peer]\nPublicKey = {key_pair()[1]}\nAllowedIPs = 10.8.0.9/32, 192.168.90.0/24\n"
            f"Endpoint = 198.51.100.10:51820\nPersistentKeepalive = 15\n"
            f"\n[Peer]\n# Name = far\nPublicKey = {key_pair()[1]}\nAllowedIPs = 172.30.0.0/24\n"
        )
        self.file.write_text(self.text)
        self.file.chmod(0o600)

    def up(self):
        self.namespace.run("wg-quick", "up", "wg0")

    @property
    def secrets(self):
        return [self.private_key, self.preshared_key]


@pytest.fixture
def quick(lab, gateway, tmp_path):
    device = Device(lab.devices[0], ["10.8.0.2/32", "fd42:8::2/128"])
    quick = Quick(lab, gateway, tmp_path / "wireguard", device)
    quick.device = device
    device.set("peer", quick.public_key, "preshared-key", "/dev/stdin", input=quick.preshared_key + "\n")
    device.connect(
        quick.public_key, f"{topology.GATEWAY}:51820",
        ["10.8.0.0/24", "fd42:8::/64", "192.168.50.0/24", f"{topology.INTERNET}/32"],
    )  # fmt: skip
    serve(lab.lan, "echo", topology.LAN, 7000)
    return quick


def no_secret(quick, *texts):
    for text in texts:
        for secret in quick.secrets:
            assert secret not in text and secret[:-1] not in text


def everything_committed(gateway):
    """Every object of the repository, as git holds it."""
    return gateway.namespace.output(
        "git", "-C", gateway.config, "cat-file", "--batch-all-objects", "--batch", "--unordered", errors="replace")  # fmt: skip


def sections(gateway):
    """What `wg` would write; the order of peers means nothing."""
    return sorted(part.strip() for part in gateway.namespace.output("wg", "showconf", "wg0").split("[Peer]"))


def test_a_running_interface_is_taken_over_without_a_lost_packet(lab, gateway, quick):
    quick.up()
    wait_for(lambda: pings(lab.devices[0], "10.8.0.1", wait=1), what="the tunnel of wg-quick")
    before = sections(gateway)
    gateway.wirebuddy("init")
    with measured(lab.devices[0], topology.LAN) as flow:
        done = gateway.wirebuddy("import", "--from", "kernel", "wg0")
        plan = gateway.json("plan", expect=2)
        gateway.apply()
        gateway.plan(expect=0)
    assert flow["lost"] == 0, flow
    # Nothing but the take-over itself: the mark of the link, our routes, our firewall.
    assert {change["kind"] for change in plan["changes"]}.isdisjoint({"Peer"}), plan["changes"]
    assert [c["action"] for c in plan["changes"] if c["kind"] == "Interface"] == ["adopt"], plan["changes"]
    assert sections(gateway) == before
    assert "ip route add 10.77.0.0/24" in done.stdout and "wg0.conf:7" in done.stdout
    names = {path.stem for path in (gateway.config / "peers/wg0").glob("*.yaml")}
    assert names == {"annas-laptop", "branch", "far"}
    assert "masquerade: eth0" in (gateway.config / "interfaces/wg0.yaml").read_text()
    no_secret(quick, done.stdout, done.stderr, json.dumps(plan), everything_committed(gateway))


def test_a_file_is_declared_and_its_state_is_what_apply_makes(gateway, quick):
    gateway.wirebuddy("init")
    report = gateway.json("import", "/etc/wireguard/wg0.conf")
    assert report["not_imported"][0]["text"] == "PostUp: ip route add 10.77.0.0/24 dev eth1"
    gateway.apply()
    gateway.plan(expect=0)
    assert gateway.public_key() == quick.public_key
    assert gateway.namespace.output("wg", "show", "wg0", "preshared-keys").count(quick.preshared_key) == 1
    assert pings(quick.device.namespace, "10.8.0.1", count=3)
    no_secret(quick, json.dumps(report), everything_committed(gateway))


def test_the_way_out_and_back_again(lab, gateway, quick, tmp_path):
    quick.up()
    gateway.wirebuddy("init")
    gateway.wirebuddy("import", "--from", "kernel")
    gateway.apply()
    out = tmp_path / "out"
    gateway.wirebuddy("export", "--format", "wg-quick", "--output", out)
    assert (out / "wg0.conf").stat().st_mode & 0o777 == 0o600
    document = gateway.wirebuddy("export").stdout
    gateway.wirebuddy("down")
    # wg-quick takes over again from what was exported.
    quick.file.write_bytes((out / "wg0.conf").read_bytes())
    quick.up()
    assert wait_for(lambda: pings(lab.devices[0], topology.INTERNET, wait=1), what="the internet by wg-quick")
    # And what it runs is declared as before.
    for path in gateway.config.glob("[ip]*/**/*.yaml"):
        path.unlink()
    gateway.namespace.run("git", "-C", gateway.config, "-c", "user.name=T", "-c", "user.email=t@example.com",
                          "commit", "-qam", "start again")  # fmt: skip
    gateway.wirebuddy("import", "/etc/wireguard/wg0.conf")
    kept = [line for line in document.splitlines() if "sealed:" not in line and "adopt:" not in line]
    again = gateway.wirebuddy("export").stdout
    assert [line for line in again.splitlines() if "sealed:" not in line] == kept
    no_secret(quick, document, again)


def test_export_reads_back_as_the_same_state(gateway, quick):
    gateway.wirebuddy("init")
    gateway.wirebuddy("import", "/etc/wireguard/wg0.conf")
    gateway.apply()
    document = gateway.wirebuddy("export").stdout
    for path in gateway.config.glob("**/*.yaml"):
        path.unlink()
    (gateway.config / "all.yaml").write_text(document)
    gateway.wirebuddy("plan", "--worktree", expect=0)
    assert gateway.wirebuddy("validate").returncode == 0
    objects = gateway.json("export")["objects"]
    kinds = [o["kind"] for o in objects if o["kind"] != "User"]
    assert kinds == ["Settings", "Recipients", "Interface", "Peer", "Peer", "Peer"]


def test_nothing_declared_is_overwritten(gateway, quick):
    gateway.wirebuddy("init")
    gateway.wirebuddy("import", "/etc/wireguard/wg0.conf")
    head = gateway.namespace.output("git", "-C", gateway.config, "rev-parse", "HEAD")
    done = gateway.wirebuddy("import", "/etc/wireguard/wg0.conf", expect=12)
    assert "exists already" in done.stderr
    assert gateway.namespace.output("git", "-C", gateway.config, "rev-parse", "HEAD") == head


def test_a_broken_file_changes_nothing_and_shows_no_key(gateway, quick):
    gateway.wirebuddy("init")
    quick.file.write_text(quick.text.replace("PrivateKey = ", "PrivateKey = x").replace("PresharedKey", "PresharedKye"))
    done = gateway.wirebuddy("import", "/etc/wireguard/wg0.conf", expect=1)
    assert "wg0.conf:2:" in done.stderr and "presharedkye" in done.stderr
    no_secret(quick, done.stdout, done.stderr)
    assert "peers" not in gateway.namespace.output("git", "-C", gateway.config, "ls-files", "*.yaml")


def test_other_programs_that_bring_it_up_are_named(gateway, quick, tmp_path):
    root = tmp_path / "root"
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "wg-quick@wg0.service").symlink_to("/lib/systemd/system/wg-quick@.service")
    gateway.wirebuddy("init")
    report = gateway.json("import", "/etc/wireguard/wg0.conf", "--root", root, "--dry-run")
    assert [d["command"] for d in report["other_definitions"]] == ["systemctl disable wg-quick@wg0"]
    assert not (gateway.config / "peers/wg0/branch.yaml").exists()


def test_keys_kept_on_the_host_are_not_in_git(gateway, quick):
    gateway.wirebuddy("init")
    gateway.wirebuddy("import", "/etc/wireguard/wg0.conf", "--keys", "host")
    assert "private_key" not in (gateway.config / "interfaces/wg0.yaml").read_text()
    assert (gateway.state / "keys/wg0").read_text().strip() == quick.private_key
    assert (gateway.state / "keys/wg0").stat().st_mode & 0o777 == 0o600
    gateway.apply()
    assert gateway.public_key() == quick.public_key
