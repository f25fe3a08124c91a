"""Peers that leave out what WireBuddy can make: one commit writes it back before the kernel is touched."""

import time

from lab import topology
from lab.device import Device, key_pair
from lab.flows import pings
from lab.gateway import document
from lab.namespace import wait_for

REPOSITORY = "123e4567-e89b-12d3-a456-426614174000"


def git(gateway, *words):
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    return gateway.namespace.output("git", "-C", gateway.config, *identity, *words)


def commit(gateway, message="change"):
    git(gateway, "add", "-A")
    git(gateway, "commit", "-q", "-m", message)
    return git(gateway, "rev-parse", "HEAD")


def commits(gateway):
    return int(git(gateway, "rev-list", "--count", "HEAD"))


def begin(gateway, **interface):
    """A repository with wg0 that the daemon serves."""
    gateway.settings(repository_id=REPOSITORY, public_endpoint=topology.GATEWAY)
    gateway.interface(**interface)
    git(gateway, "init", "-q", "-b", "main")
    commit(gateway, "begin")


def bare_peer(gateway, name, **fields):
    """A peer document without an address and, unless given, without a key."""
    gateway.write(f"peers/wg0/{name}.yaml", "# by hand\n" + document("Peer", name=name, interface="wg0", **fields))


def written(gateway, name):
    """The fields of a peer in the head."""
    text = git(gateway, "show", f"HEAD:peers/wg0/{name}.yaml")
    text = text.replace('"', "")
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line and not line.startswith("#"))


def test_a_push_without_ip_and_key_is_one_commit_and_the_device_connects(lab, gateway):
    begin(gateway)
    gateway.serve()
    before = commits(gateway)
    bare_peer(gateway, "phone", routing_mode="vpn_only")
    pushed = commit(gateway, "Add phone by hand")
    wait_for(lambda: commits(gateway) == before + 2, 15, what="the write-back")
    gateway.wait_in_sync()
    time.sleep(2)
    assert commits(gateway) == before + 2, "its own commit finds nothing to write"
    assert git(gateway, "rev-parse", "HEAD~1") == pushed
    assert git(gateway, "log", "-1", "--format=%s") == "Allocate ip and make keys for phone of wg0"
    assert "Via: write-back" in git(gateway, "log", "-1", "--format=%B")
    assert git(gateway, "status", "--porcelain") == "", "the worktree follows"
    phone = written(gateway, "phone")
    assert phone["ip"] == "[10.8.0.2, fd42:8::2]"
    assert phone["private_key"].startswith("sealed:v1:") and phone["preshared_key"].startswith("sealed:v1:")
    assert phone["routing_mode"] == "vpn_only" and phone["id"].count("-") == 4
    assert "# by hand" in git(gateway, "show", "HEAD:peers/wg0/phone.yaml")
    assert gateway.peers() == {phone["public_key"]: {"10.8.0.2/32", "fd42:8::2/128"}}

    text = gateway.wirebuddy("peer", "config", "phone", "--platform", "linux").stdout
    values = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    device = Device(lab.devices[0], ["10.8.0.2/32"])
    device.set("private-key", "/dev/stdin", input=values["PrivateKey"] + "\n")
    psk = gateway.directory / "psk"
    psk.write_text(values["PresharedKey"] + "\n")
    device.set("peer", values["PublicKey"], "preshared-key", psk)
    device.connect(values["PublicKey"], values["Endpoint"], ["10.8.0.0/24"])
    wait_for(lambda: pings(device.namespace, "10.8.0.1", wait=1), what="the tunnel of the generated configuration")

    # The id stays through a rename by hand.
    git(gateway, "mv", "peers/wg0/phone.yaml", "peers/wg0/mobile.yaml")
    file = gateway.config / "peers/wg0/mobile.yaml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("id: ")]
    file.write_text("\n".join(lines).replace("name: phone", "name: mobile") + "\n")
    commit(gateway, "Rename")
    gateway.wait_in_sync()
    wait_for(lambda: [(p["name"], p["id"]) for p in gateway.json("status", expect=[0, 2])["interfaces"][0]["peers"]]
             == [("mobile", phone["id"])], what="the renamed peer keeps its id")  # fmt: skip
    history = gateway.json("log", "--peer", "mobile")
    assert history["peer_id"] == phone["id"]
    assert [event["object"]["name"] for event in history["events"]][-1] == "wg0/phone"
    assert "wg0/phone" in gateway.wirebuddy("log", "--peer", "wg0/mobile").stdout
    shown = gateway.json("peer", "show", "mobile")
    assert phone["id"] in str(shown)


def test_a_push_from_elsewhere_and_the_work_of_others(lab, gateway, tmp_path):
    begin(gateway)
    git(gateway, "config", "receive.denyCurrentBranch", "updateInstead")
    gateway.serve()
    clone = tmp_path / "clone"
    gateway.namespace.output("git", "clone", "-q", gateway.config, clone)
    # Somebody else has a file open on the gateway; it is not in the way.
    (gateway.config / "notes.yaml").write_text("# unfinished\n")
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    for number in range(3):
        (clone / "more").mkdir(exist_ok=True)
        (clone / f"more/p{number}.yaml").write_text(document("Peer", name=f"p{number}", interface="wg0"))
        gateway.namespace.output("git", "-C", clone, "add", "-A")
        gateway.namespace.output("git", "-C", clone, *identity, "commit", "-q", "-m", f"p{number}")
        gateway.namespace.output("git", "-C", clone, "push", "-q")
        wait_for(lambda: len(gateway.peers()) == number + 1, 15, what="the pushed peer")  # noqa: B023
        gateway.namespace.output("git", "-C", clone, "pull", "-q", "--ff-only")
    assert commits(gateway) == 7
    assert (gateway.config / "notes.yaml").read_text() == "# unfinished\n"
    assert {*set.union(*gateway.peers().values())} == {
        f"{address}{number}/{length}" for number in (2, 3, 4) for address, length in (("10.8.0.", 32), ("fd42:8::", 128))
    }


def test_fifty_peers_are_one_commit(gateway):
    begin(gateway)
    gateway.apply()
    keys = [key_pair()[1] for _ in range(50)]
    for number, key in enumerate(keys):
        bare_peer(gateway, f"p{number:02}", public_key=key)
    head = commit(gateway, "Add fifty")
    plan = gateway.wirebuddy("plan", "--all", expect=2).stdout
    assert "gets 10.8.0.2 and fd42:8::2, written back by apply" in plan
    assert git(gateway, "rev-parse", "HEAD") == head, "plan writes nothing"
    gateway.apply()
    assert git(gateway, "rev-list", "--count", f"{head}..HEAD") == "1"
    assert git(gateway, "log", "-1", "--format=%s") == "Allocate ip for 50 peers"
    assert len(gateway.peers()) == 50
    assert len(set.union(*gateway.peers().values())) == 100
    gateway.plan(expect=0)
    gateway.apply()
    assert git(gateway, "rev-list", "--count", f"{head}..HEAD") == "1"


def test_a_file_that_a_person_edits_waits(gateway):
    begin(gateway)
    gateway.peer("laptop", key_pair()[1], 2)
    commit(gateway)
    gateway.serve()
    bare_peer(gateway, "phone", public_key=key_pair()[1])
    git(gateway, "add", "-A")
    with open(gateway.config / "peers/wg0/phone.yaml", "a") as file:
        file.write("# still writing\n")
    git(gateway, "commit", "-q", "-m", "Add phone")
    head = git(gateway, "rev-parse", "HEAD")
    wait_for(lambda: "peers/wg0/phone.yaml" in gateway.wirebuddy("status", expect=[0, 2, 10]).stdout
             and "written back" in gateway.wirebuddy("status", expect=[0, 2, 10]).stdout, 15,
             what="the condition that says why")  # fmt: skip
    assert git(gateway, "rev-parse", "HEAD") == head
    assert len(gateway.peers()) == 1, "the last good revision stays"
    assert "still writing" in (gateway.config / "peers/wg0/phone.yaml").read_text()
    git(gateway, "checkout", "-q", "peers/wg0/phone.yaml")
    gateway.daemon.send_signal(1)
    wait_for(lambda: len(gateway.peers()) == 2, 40, what="the write-back once nothing is in the way")


def test_readonly_says_what_to_paste(gateway):
    begin(gateway)
    gateway.host_file.write_text(gateway.host_file.read_text() + "repository: {mode: readonly}\n")
    bare_peer(gateway, "phone", public_key=key_pair()[1])
    head = commit(gateway)
    for command in ("apply", "plan"):
        text = gateway.wirebuddy(command, expect=10)
        assert "ip: [10.8.0.2, fd42:8::2]" in text.stdout + text.stderr
    assert git(gateway, "rev-parse", "HEAD") == head
    gateway.wirebuddy("validate", expect=10)


def test_validate_warns_or_refuses(gateway):
    begin(gateway)
    bare_peer(gateway, "phone", public_key=key_pair()[1])
    commit(gateway)
    assert "gets 10.8.0.2 and fd42:8::2" in gateway.wirebuddy("validate").stdout
    assert "ip: [10.8.0.2, fd42:8::2]" in gateway.wirebuddy("validate", "--readonly", expect=10).stdout


def test_a_freed_address_rests(gateway):
    begin(gateway)
    bare_peer(gateway, "first", public_key=key_pair()[1])
    commit(gateway)
    gateway.apply()
    assert written(gateway, "first")["ip"] == "[10.8.0.2, fd42:8::2]"
    # In one commit: one goes, another comes.
    git(gateway, "rm", "-q", "peers/wg0/first.yaml")
    bare_peer(gateway, "second", public_key=key_pair()[1])
    commit(gateway)
    gateway.apply()
    assert written(gateway, "second")["ip"] == "[10.8.0.3, fd42:8::3]"
    bare_peer(gateway, "third", public_key=key_pair()[1])
    commit(gateway)
    gateway.apply()
    assert written(gateway, "third")["ip"] == "[10.8.0.4, fd42:8::4]"


def test_a_plain_directory_is_completed_in_place(gateway):
    gateway.settings(repository_id=REPOSITORY)
    gateway.interface()
    bare_peer(gateway, "phone", public_key=key_pair()[1])
    gateway.apply()
    text = (gateway.config / "peers/wg0/phone.yaml").read_text()
    assert 'ip: [10.8.0.2, "fd42:8::2"]' in text
    gateway.plan(expect=0)
    gateway.apply()
    assert (gateway.config / "peers/wg0/phone.yaml").read_text() == text
