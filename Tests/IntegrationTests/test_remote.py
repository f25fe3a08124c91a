"""A remote that is followed and pushed to, signatures of its head, and the history of a gateway."""

import re

import pytest

from lab.device import key_pair
from lab.gateway import DONE, ERROR, INVALID, RAIL
from lab.namespace import run, wait_for

# The shortest poll, and what a slow host needs on top of it.
FOLLOWED = 30
REPOSITORY = "123e4567-e89b-12d3-a456-426614174000"


class Remote:
    """A bare repository on disk, the gateway's worktree as a clone of it, and a clone of somebody else."""

    def __init__(self, office, directory):
        self.office = office
        self.gateway = office.gateway
        self.bare = directory / "remote.git"
        self.clone = directory / "elsewhere"
        self.gateway.settings(repository_id=REPOSITORY)
        git(self.gateway.config, "init", "-q", "-b", "main")
        self.commit("begin")
        run("git", "init", "-q", "--bare", "-b", "main", self.bare)
        git(self.gateway.config, "remote", "add", "origin", self.bare)
        git(self.gateway.config, "push", "-q", "origin", "main")
        run("git", "clone", "-q", self.bare, self.clone)
        self.configure()

    def configure(self, **fields):
        fields = {"remote": "origin", "poll": "5s"} | fields
        lines = [f"  {name}: {value}\n" for name, value in fields.items()]
        self.gateway.host_file.write_text("userspace: wireguard-go\nrepository:\n" + "".join(lines))

    def commit(self, message, directory=None, *options):
        directory = directory or self.gateway.config
        git(directory, "add", "-A")
        git(directory, *options, "commit", "-q", "-m", message)
        return head(directory)

    def push_peer(self, name, number, *options):
        """Somebody else adds a peer and pushes it; returns its key."""
        key = key_pair()[1]
        git(self.clone, "pull", "-q", "--no-rebase")
        file = self.clone / f"peers/wg0/{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"kind: Peer\nname: {name}\ninterface: wg0\nip: 10.8.0.{number}\npublic_key: {key}\n")
        self.commit(f"Add {name}", self.clone, *options)
        git(self.clone, "push", "-q")
        return key


def git(directory, *words):
    return run("git", "-C", directory, "-c", "user.name=Test", "-c", "user.email=test@example.com", *words).stdout.strip()


def head(directory):
    return git(directory, "rev-parse", "main")


@pytest.fixture
def remote(office, tmp_path):
    return Remote(office, tmp_path)


def state(gateway):
    return gateway.json("status", expect=[0, 2, 10])["remote"]


def test_pushes_from_elsewhere_are_applied_and_writes_go_out(remote):
    gateway = remote.gateway
    gateway.serve()
    key = remote.push_peer("tablet", 50)
    wait_for(lambda: key in gateway.peers(), FOLLOWED, what="a push from elsewhere")
    assert (gateway.config / "peers/wg0/tablet.yaml").exists()
    gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0")
    assert head(remote.bare) == head(gateway.config)
    assert "peers/wg0/phone.yaml" in git(remote.bare, "ls-tree", "-r", "--name-only", "main")
    # Somebody is faster than the next look.
    other = remote.push_peer("laptop", 51)
    gateway.wirebuddy("peer", "add", "watch", "--interface", "wg0")
    assert head(remote.bare) == head(gateway.config)
    wait_for(lambda: other in gateway.peers() and len(gateway.peers()) == 5, FOLLOWED, what="all peers")
    assert git(gateway.config, "status", "--porcelain") == ""
    assert state(gateway)["state"] == "in_sync"


def test_an_unplugged_remote_stops_nothing(remote):
    gateway = remote.gateway
    gateway.serve()
    wait_for(lambda: state(gateway)["state"] == "in_sync", FOLLOWED, what="the first look")
    gone = remote.bare.rename(remote.bare.with_name("gone.git"))
    wait_for(lambda: state(gateway)["state"] == "unreachable", FOLLOWED, what="the remote is missed")
    said = gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0").stdout
    assert "the remote was not reached: 1 commit" in said
    wait_for(lambda: len(gateway.peers()) == 2, FOLLOWED, what="the write is applied")
    found = state(gateway)
    assert found["ahead"] == 1 and found["since"] and "git" in found["reason"]
    text = gateway.wirebuddy("status", expect=[0, 2]).stdout
    assert "origin: ahead 1, unreachable since" in text
    gone.rename(remote.bare)
    wait_for(lambda: head(remote.bare) == head(gateway.config), 90, what="the push after all")
    wait_for(lambda: state(gateway)["state"] == "in_sync", FOLLOWED, what="in sync")


def test_a_force_moved_remote_waits_for_a_person(remote):
    gateway = remote.gateway
    key = remote.push_peer("tablet", 50)
    gateway.serve()
    wait_for(lambda: key in gateway.peers(), FOLLOWED, what="a push from elsewhere")
    git(remote.clone, "reset", "-q", "--hard", "HEAD~1")
    git(remote.clone, "commit", "-q", "--allow-empty", "-m", "rewritten")
    git(remote.clone, "push", "-q", "--force")
    rewritten, before = head(remote.bare), head(gateway.config)
    wait_for(lambda: state(gateway)["state"] == "diverged", FOLLOWED, what="the move is seen")
    assert "moved by force" in state(gateway)["reason"]
    refused = gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0", expect=[1, 12])
    assert "moved by force" in refused.stderr
    assert head(gateway.config) == before and head(remote.bare) == rewritten and key in gateway.peers()

    def is_stalled():
        conditions = gateway.json("status", expect=[0, 2])["conditions"]
        return any(c["type"] == "Stalled" and c["holds"] and "moved by force" in c["message"] for c in conditions)

    wait_for(is_stalled, 60, interval=1, what="the condition")
    # Accepted, as the message says.
    git(gateway.config, "reset", "-q", "--hard", rewritten)
    wait_for(lambda: key not in gateway.peers(), FOLLOWED, what="the new history is applied")
    wait_for(lambda: state(gateway)["state"] == "in_sync", FOLLOWED, what="in sync")


def test_only_signed_heads_count(remote, tmp_path):
    gateway = remote.gateway
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key")
    (tmp_path / "signers").write_text("alice@example.com " + (tmp_path / "key.pub").read_text())
    remote.configure(verify="ssh", allowed_signers=tmp_path / "signers")
    signing = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={tmp_path / 'key'}", "-c", "commit.gpgSign=true")
    good = remote.push_peer("tablet", 50, *signing)
    git(gateway.config, "pull", "-q", "--no-rebase", "origin", "main")
    gateway.serve()
    wait_for(lambda: good in gateway.peers(), FOLLOWED, what="the signed head")
    bad = remote.push_peer("mallory", 66)
    unsigned = head(remote.bare)

    def is_refused():
        status = gateway.json("status", expect=[0, 2, 10])
        return any(unsigned in problem and "is not signed" in problem for problem in status["problems"])

    wait_for(is_refused, FOLLOWED, what="the unsigned head is refused")
    gateway.plan(expect=INVALID)
    assert bad not in gateway.peers() and good in gateway.peers()
    assert "repository.verify: ssh" in gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0", expect=ERROR).stderr
    git(remote.clone, "rm", "-q", "peers/wg0/mallory.yaml")
    better = remote.push_peer("laptop", 51, *signing)
    wait_for(lambda: better in gateway.peers() and bad not in gateway.peers(), FOLLOWED, what="a signed head again")


# History


@pytest.fixture
def repository(office):
    """A gateway in git that was applied."""
    office.gateway.settings(repository_id=REPOSITORY)
    git(office.gateway.config, "init", "-q", "-b", "main")
    git(office.gateway.config, "add", "-A")
    git(office.gateway.config, "commit", "-q", "-m", "begin")
    office.gateway.apply()
    return office.gateway


def test_log_says_who_did_what_and_what_became_of_it(repository):
    gateway = repository
    first = head(gateway.config)
    gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0")
    gateway.apply()
    gateway.write("broken.yaml", "kind: Peer\nnam: x\n")
    git(gateway.config, "add", "-A")
    git(gateway.config, "commit", "-q", "-m", "break it")
    gateway.apply(expect=INVALID)
    log = gateway.json("log")
    assert [entry["result"] for entry in log["revisions"]] == ["failed", "applied", "applied"]
    newest, added, begin = log["revisions"]
    assert newest["head"] and not newest["in_force"] and "broken.yaml:1:1" in newest["message"]
    assert added["in_force"] and added["via"] == "cli" and "phone" in added["subject"] and not added["head"]
    assert begin["id"] == first and begin["via"] is None and begin["author"]["name"] == "Test"
    assert log["head"] == head(gateway.config) and log["in_force"] == added["id"]
    text = gateway.wirebuddy("log").stdout
    assert "break it (head)" in text and "(in force)" in text and "broken.yaml:1:1" in text
    assert len([line for line in gateway.wirebuddy("log", "--limit", "1").stdout.splitlines() if line[0] != " "]) == 1


def test_rollback_restores_files_and_host(repository):
    gateway = repository
    before = gateway.peers()
    first = head(gateway.config)
    gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0")
    gateway.apply()
    assert len(gateway.peers()) == len(before) + 1
    shown = gateway.wirebuddy("rollback", first[:10], "--dry-run", expect=[0, 2]).stdout
    assert "peers/wg0/phone.yaml" in shown and len(gateway.peers()) == len(before) + 1
    done = gateway.json("rollback", first[:10])
    assert done["state"] == "applied" and done["restores"] == first and done["pass"]["exit_code"] == 0
    assert gateway.peers() == before
    assert git(gateway.config, "diff", "--name-only", first, "main") == ""
    assert git(gateway.config, "status", "--porcelain") == ""
    assert f"Rollback-To: {first}" in git(gateway.config, "log", "-1", "--format=%B")
    assert "unchanged" in gateway.wirebuddy("rollback", "main").stdout
    assert gateway.wirebuddy("rollback", "nothing", expect=ERROR).stderr.count("wirebuddy log") == 1
    assert gateway.json("log", "--limit", "1")["revisions"][0]["rollback_to"] == first
    gateway.plan(expect=DONE)


def test_a_daemon_applies_the_rollback(repository):
    gateway = repository
    before = gateway.peers()
    first = head(gateway.config)
    gateway.serve()
    gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0")
    wait_for(lambda: len(gateway.peers()) == len(before) + 1, FOLLOWED, what="the new peer")
    assert gateway.json("rollback", first)["state"] == "daemon"
    wait_for(lambda: gateway.peers() == before, FOLLOWED, what="the rollback")


def test_no_rollback_brings_a_revoked_peer_back_without_approval(repository):
    gateway = repository
    gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0")
    gateway.wirebuddy("peer", "add", "tablet", "--interface", "wg0")
    gateway.apply()
    both = gateway.peers()
    good = head(gateway.config)
    gateway.wirebuddy("peer", "disable", "phone")
    gateway.wirebuddy("peer", "remove", "tablet")
    gateway.apply()
    now, latest = gateway.peers(), head(gateway.config)
    refused = gateway.json("rollback", good, expect=RAIL)
    text = gateway.wirebuddy("rollback", good, expect=RAIL).stderr
    assert "wg0/phone is disabled" in text and "wg0/tablet was removed by name" in text
    assert head(gateway.config) == latest and gateway.peers() == now
    assert refused["exit_code"] == RAIL
    digests = re.findall(r"--approve ([0-9a-f]+)", text)
    assert len(digests) == 2
    # One of them is not enough.
    gateway.wirebuddy("rollback", good, "--approve", digests[0], expect=RAIL)
    gateway.wirebuddy("rollback", good, "--approve", digests[0], "--approve", digests[1])
    assert gateway.peers() == both


def test_a_renamed_peer_keeps_its_history(repository):
    gateway = repository
    gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0")
    gateway.wirebuddy("peer", "set", "phone", "name=Anna's phone")
    file = next(path for path in (gateway.config / "peers/wg0").iterdir() if "Anna" in path.read_text())
    file.write_text(file.read_text().replace("Anna's phone", "Berta's phone"))
    git(gateway.config, "commit", "-qam", "by hand")
    gateway.wirebuddy("peer", "add", "other", "--interface", "wg0")
    log = gateway.json("log", "--peer", "Berta's phone")["revisions"]
    assert len(log) == 3 and log[0]["subject"] == "by hand" and "phone" in log[2]["subject"]
    assert "no peer" in gateway.wirebuddy("log", "--peer", "nobody", expect=ERROR).stderr


def test_a_plain_directory_has_no_history(gateway):
    gateway.interface()
    for words in (["log"], ["rollback", "main"]):
        assert "is not a git repository: run `wirebuddy init`" in gateway.wirebuddy(*words, expect=ERROR).stderr


def test_a_remote_behind_the_tunnel_is_not_needed_to_bring_the_tunnel_up(office, tmp_path):
    remote = Remote(office, tmp_path)
    gateway, device = remote.gateway, office.device
    remote.configure(remote="git://10.8.0.2/remote.git")

    def give_forge():
        # With a new session: who was away begins one, too.
        device.set("peer", gateway.public_key(), "remove")
        office.connect()
        return device.namespace.start(
            # Not `git daemon`, whose end would leave this one running.
            f"{run('git', '--exec-path').stdout.strip()}/git-daemon", "--export-all", "--enable=receive-pack",
            "--reuseaddr", f"--base-path={tmp_path}")  # fmt: skip

    forge = None
    try:
        gateway.apply()
        forge = give_forge()
        gateway.serve()
        wait_for(lambda: state(gateway)["state"] == "in_sync", 60, what="the remote behind the tunnel")
        key = remote.push_peer("tablet", 50)
        wait_for(lambda: key in gateway.peers(), FOLLOWED, what="a push")
        forge.kill()
        forge.wait(10)
        wait_for(lambda: state(gateway)["state"] == "unreachable", FOLLOWED, what="the remote is missed")
        gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0")
        wait_for(lambda: len(gateway.peers()) == 3, FOLLOWED, what="the write is applied")
        # A reboot meanwhile: what is here is enough.
        gateway.stop()
        gateway.wirebuddy("down")
        assert not gateway.has_link()
        gateway.apply()
        assert len(gateway.peers()) == 3 and key in gateway.peers()
        other = remote.push_peer("laptop", 51)
        forge = give_forge()
        gateway.serve()
        wait_for(lambda: other in gateway.peers(), 90, what="the push, once the tunnel carries")
        wait_for(lambda: head(remote.bare) == head(gateway.config), 90, what="the write goes out after all")
    finally:
        if forge:
            forge.kill()
            forge.wait(10)
