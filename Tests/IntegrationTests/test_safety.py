"""Nothing is deleted because something can't be read; nothing foreign is touched."""

import shutil
import signal
import time

import pytest

from lab.device import Device, key_pair
from lab.gateway import ERROR, INVALID, LOCKED, PARTLY, Gateway
from lab.namespace import run, wait_for
from lab.office import count


def empty_directory(gateway):
    shutil.rmtree(gateway.config)
    gateway.config.mkdir()
    return INVALID, ""


def missing_directory(gateway):
    gateway.config.rename(gateway.config.with_name("elsewhere"))
    return ERROR, "config"


def link_to_nowhere(gateway):
    """Root reads every file, so what can't be read here is a symbolic link; those are refused with their place."""
    gateway.remove("peers/wg0/device1.yaml")
    (gateway.config / "peers/wg0/device1.yaml").symlink_to("/nonexistent/file.yaml")
    return INVALID, "device1.yaml"


def unreadable_file(gateway):
    """A file whose every read fails, also for root: nobody may read this kernel parameter."""
    file = gateway.config / "peers/wg0/device1.yaml"
    gateway.namespace.run("mount", "--bind", "/proc/sys/net/ipv4/route/flush", file)
    return ERROR, "device1.yaml"


def syntax_error(gateway):
    gateway.write("peers/wg0/device1.yaml", "kind: Peer\nname: [device1\n")
    return INVALID, "device1.yaml:"


def half_written(gateway):
    text = (gateway.config / "peers/wg0/device1.yaml").read_text()
    (gateway.config / "peers/wg0/device1.yaml").write_text(text[: text.index("public_key") + 20])
    return INVALID, "device1.yaml:"


def duplicate_identity(gateway):
    text = (gateway.config / "peers/wg0/device1.yaml").read_text()
    gateway.write("peers/wg0/copy.yaml", text)
    return INVALID, "copy.yaml:"


def dangling_interface(gateway):
    gateway.peer("other", key_pair()[1], 9, interface="wg7")
    return INVALID, "other.yaml:3"


BROKEN = [
    empty_directory, missing_directory, link_to_nowhere, unreadable_file, syntax_error, half_written, duplicate_identity,
    dangling_interface,
]  # fmt: skip


@pytest.mark.parametrize("break_it", BROKEN)
def test_last_good_state_stays(office, break_it):
    gateway = office.gateway
    office.serve()
    before = gateway.peers(), gateway.addresses(), gateway.namespace.output("nft", "list", "ruleset")
    with office.measured() as flow:
        code, words = break_it(gateway)
        gateway.daemon.send_signal(signal.SIGHUP)
        time.sleep(2.5)
        done = gateway.wirebuddy("plan", expect=code)
        gateway.apply(expect=code)
    assert words in done.stdout + done.stderr
    assert flow["lost"] == 0
    assert (gateway.peers(), gateway.addresses(), gateway.namespace.output("nft", "list", "ruleset")) == before
    assert gateway.daemon.poll() is None, gateway.log_tail()
    status = gateway.wirebuddy("status", expect=[0, 1, 2, 10]).stdout
    assert words in status, f"{words} not in status:\n{status}"


def test_foreign_interface_is_not_touched_without_consent(office):
    gateway = office.gateway
    foreign = Device(gateway.namespace, ["10.99.0.1/24"], listen_port=51999)
    key = key_pair()[1]
    foreign.set("peer", key, "allowed-ips", "10.99.0.2/32")
    before = gateway.namespace.output("wg", "showconf", "wg0"), gateway.addresses()
    assert "adopt" in gateway.plan(expect=11).stdout
    gateway.apply(expect=[11, 14])
    assert (gateway.namespace.output("wg", "showconf", "wg0"), gateway.addresses()) == before
    gateway.wirebuddy("down")
    assert gateway.has_link()
    gateway.apply("--adopt", "wg0")
    # Its own peers are only reported until the manifest says otherwise.
    assert key in gateway.peers() and office.device.public_key in gateway.peers()
    gateway.plan(expect=0)
    gateway.interface(unmanaged_peers="remove")
    gateway.apply()
    assert key not in gateway.peers()


def test_foreign_things_survive_many_passes(office):
    gateway, namespace = office.gateway, office.gateway.namespace
    gateway.apply()
    namespace.run("nft", "add table ip foreign; add chain ip foreign c { type filter hook forward priority 5; };"
                         "add rule ip foreign c counter; add table inet other")  # fmt: skip
    namespace.run("ip", "link", "add", "dummy7", "type", "veth", "peer", "name", "dummy8")
    namespace.run("ip", "link", "set", "dummy8", "up")
    namespace.run("ip", "link", "set", "dummy7", "up")
    namespace.run("ip", "address", "add", "10.77.0.1/24", "dev", "dummy7")
    namespace.run("ip", "route", "add", "10.78.0.0/16", "via", "10.77.0.9")
    namespace.run("ip", "route", "add", "10.79.0.0/16", "dev", "wg0")
    namespace.run("ip", "rule", "add", "from", "10.77.0.0/24", "table", "77", "priority", "700")
    other = Device(namespace, ["10.66.0.1/24"], link="wgforeign")

    def state():
        return [namespace.output(*command) for command in (
            ("nft", "list", "table", "ip", "foreign"), ("nft", "list", "table", "inet", "other"),
            ("ip", "-4", "address", "show", "dev", "dummy7"), ("ip", "route"), ("ip", "rule"),
            ("wg", "showconf", other.link),
        )]  # fmt: skip

    before = state()
    for _ in range(count(1000)):
        gateway.apply()
    key = office.add_stranger()
    gateway.apply()
    assert key in gateway.peers()
    assert state() == before


def test_second_daemon_says_who_holds_the_lock(office):
    office.gateway.serve()
    second = office.gateway.wirebuddy("serve", expect=LOCKED)
    assert str(office.gateway.pid()) in second.stdout + second.stderr
    office.gateway.plan(expect=0)


def test_socket_of_another_namespace_is_not_mistaken_for_ours(lab, office, tmp_path):
    """A process of another namespace serves /run/wireguard/wg0.sock in ours."""
    stranger = Device(lab.devices[1], ["10.55.0.1/24"])
    gw = lab.gw
    gw.run("mkdir", "-p", "/run/wireguard")
    proxy = gw.start("socat", "UNIX-LISTEN:/run/wireguard/wg0.sock,fork",
             f"EXEC:nsenter --target={lab.devices[1].holder.pid} --net --mount socat - UNIX-CONNECT\\:/run/wireguard/wg0.sock")  # fmt: skip
    time.sleep(0.3)
    before = stranger.namespace.output("wg", "showconf", "wg0")
    failed = office.gateway.apply(expect=PARTLY)
    assert "/wg0.sock" in failed.stdout + failed.stderr
    assert stranger.namespace.output("wg", "showconf", "wg0") == before
    proxy.terminate()
    proxy.wait()
    # The socket that nobody serves any more is stale: it is in nobody's way.
    office.gateway.apply()
    assert stranger.namespace.output("wg", "showconf", "wg0") == before
    office.gateway.plan(expect=0)


def test_live_socket_of_another_namespace_is_left_alone(lab, office):
    """Namespaces may share /run: the process behind wg0.sock then lives in another one, and only its socket is seen."""
    other, gw = lab.devices[1], lab.gw
    shared = [
        "nsenter", f"--net=/proc/{other.holder.pid}/ns/net", f"--mount=/proc/{gw.holder.pid}/ns/mnt", "--",
    ]  # fmt: skip
    run(*shared, "wireguard-go", "wg0")
    show = [*shared, "wg", "showconf", "wg0"]
    wait_for(lambda: run(*show, check=False).returncode == 0, what="the other namespace's wireguard-go")
    run(*shared, "wg", "set", "wg0", "listen-port", "51777")
    before = run(*show).stdout
    # Whether it can be made to work beside the other one or is refused: nothing of it may reach the other's device.
    done = office.gateway.apply(expect=[0, PARTLY])
    assert run(*show).stdout == before and "51777" in before
    assert len(other.processes("wireguard-go")) == 1
    if done.returncode == PARTLY:
        assert "wg0.sock" in done.stdout + done.stderr
    office.gateway.wirebuddy("down", expect=[0, PARTLY])
    assert run(*show).stdout == before


def test_two_gateways_in_two_namespaces(lab, office, tmp_path):
    other = Gateway(lab.devices[1], tmp_path / "other")
    other.interface()
    office.gateway.apply()
    other.apply()
    assert office.gateway.public_key() != other.public_key()
    office.gateway.wirebuddy("down")
    assert other.has_link()
    other.plan(expect=0)
    other.wirebuddy("down")
