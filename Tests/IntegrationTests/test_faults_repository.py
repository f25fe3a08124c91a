"""The repository while the daemon runs: no room, read-only, failing, locked, cut off from its remote. A write is
acknowledged and there, or refused and nowhere; the gateway goes on with what it has."""

import errno
import secrets

import pytest

from lab.bad_disk import BadDisk
from lab.device import key_pair
from lab.disk import SmallDisk
from lab.fault import RECOVERED, survived, wait_told
from lab.gateway import DONE, document
from lab.namespace import run, wait_for
from lab.repository import commit, git

# Every fourth part of a block, and enough for some of the steps of a write.
ROOM = [0, 4, 8, 12, 16, 20, 28, 40]


class Repository:
    """A git repository of a gateway, asked inside its namespace, where it may be on a disk of its own."""

    def __init__(self, office):
        self.gateway = office.gateway
        self.gateway.settings(repository_id="123e4567-e89b-12d3-a456-426614174000")
        git(self.gateway.config, "init", "-q", "-b", "main")
        commit(self.gateway.config, "begin")

    def git(self, *words):
        done = self.gateway.namespace.run("git", "-C", self.gateway.config, *words)
        return (done.stdout + done.stderr).strip()

    @property
    def head(self):
        return self.git("rev-parse", "main")

    def names(self):
        return self.git("ls-tree", "-r", "--name-only", "main").splitlines()

    def add(self, name):
        """A write by the command line; whether it was acknowledged, and what was said."""
        words = self.gateway.arguments("peer", "add", name, "--interface", "wg0", "--public-key", key_pair()[1])
        done = self.gateway.namespace.run(*words, check=False, timeout=90)
        return done.returncode == DONE, done.stdout + done.stderr

    def check(self):
        assert self.git("fsck", "--strict", "--no-dangling", "--no-progress") == ""
        assert self.git("status", "--porcelain") == ""

    def leftovers(self):
        folder = self.gateway.config / ".git"
        found = self.gateway.namespace.output("find", folder, "-name", "tmp_*", "-o", "-name", "*.lock")
        return [line for line in found.splitlines() if not line.endswith("wirebuddy.lock")]


@pytest.fixture
def repository(office):
    return Repository(office)


def refused(repository, name, *words):
    """A write that can't be made: told why, and nothing of it is anywhere."""
    before = repository.head
    done, said = repository.add(name)
    assert not done and any(word in said for word in words), said
    assert repository.head == before and f"peers/wg0/{name}.yaml" not in repository.names()
    return said


def test_no_room(office, repository):
    """With every amount of room: what was acknowledged is in the branch, what was not is in nothing."""
    disk = SmallDisk(office.gateway.namespace, office.gateway.config, "4m")
    office.serve()
    assert repository.add("first")[0]
    acknowledged = ["first"]
    with survived(office):
        for room in ROOM:
            disk.fill(room * 1024)
            before, name = repository.head, f"room{room}"
            done, said = repository.add(name)
            if done:
                acknowledged.append(name)
            else:
                assert "disk is full" in said or "No space left" in said or "no space left" in said, said
                assert repository.head == before
            disk.clear()
        # The room is back: as if nothing had been.
        assert repository.add("last")[0]
        assert {f"peers/wg0/{name}.yaml" for name in [*acknowledged, "last"]} <= set(repository.names())
        assert len(repository.names()) == 3 + len(acknowledged) + 1
        office.gateway.wait_in_sync()
    assert "room0" not in acknowledged and len(acknowledged) < len(ROOM)
    office.gateway.stop()
    repository.check()
    assert repository.leftovers() == []


def test_a_disk_that_becomes_read_only(office, repository):
    disk = SmallDisk(office.gateway.namespace, office.gateway.config, "4m")
    office.serve()
    assert repository.add("first")[0]
    # git is at rest a moment after the last write, and nothing is open for writing any more.
    wait_for(lambda: disk.make_read_only(True), 10, what="a disk that can be made read-only")
    with survived(office):
        refused(repository, "second", "read-only", "Read-only")
        assert not office.gateway.plan(expect=DONE).stderr
    disk.make_read_only(False)
    assert repository.add("third")[0]
    office.gateway.stop()
    repository.check()


def test_a_disk_that_fails(office, repository, tmp_path):
    disk = BadDisk(tmp_path, office.gateway.config)
    disk.stand_before(office.gateway)
    office.serve()
    with survived(office):
        disk.fail(errno.EIO)
        refused(repository, "first", "nput/output error", "broken pipe", "ended")
        disk.heal()
        assert repository.add("second")[0]
        office.gateway.wait_in_sync()
    office.gateway.stop()
    repository.check()
    assert repository.leftovers() == []


def test_a_disk_to_which_nothing_can_be_brought(office, repository, tmp_path):
    """What a crash could lose stays noted until it is on the disk."""
    disk = BadDisk(tmp_path, office.gateway.config)
    disk.stand_before(office.gateway)
    journal = office.gateway.config / ".git/wirebuddy/journal"
    office.serve()
    assert repository.add("first")[0]
    wait_for(lambda: not journal.parent.exists(), 20, what="the end of the journal")
    disk.fail_to_sync(errno.EIO)
    assert repository.add("second")[0]
    # It would end half a second after the last write.
    with pytest.raises(AssertionError, match="the end of the journal"):
        wait_for(lambda: not journal.exists(), 5, what="the end of the journal")
    office.gateway.stop()
    repository.check()
    # Like after a crash: nothing is written before the last write is known to be there.
    office.serve()
    refused(repository, "third", "nput/output error")
    assert journal.exists()
    disk.heal()
    assert repository.add("third")[0]
    wait_for(lambda: not journal.parent.exists(), 20, what="the end of the journal")
    office.gateway.stop()
    repository.check()


@pytest.mark.parametrize("lock", ["refs/heads/main.lock", "index.lock"])
def test_a_lock_of_another_git(office, repository, lock):
    office.serve()
    file = office.gateway.config / ".git" / lock
    file.touch()
    with file.open("a"), survived(office):
        refused(repository, "first", file.name)
        assert file.exists(), "it is not ours"
    file.unlink()
    assert repository.add("second")[0]
    office.gateway.stop()
    repository.check()


@pytest.fixture
def remote(office, repository, tmp_path):
    """The same with a remote, and somebody who pushed more than git takes for little."""
    repository.bare, clone = tmp_path / "remote.git", tmp_path / "elsewhere"
    run("git", "clone", "-q", "--bare", office.gateway.config, repository.bare)
    git(office.gateway.config, "remote", "add", "origin", repository.bare)
    office.gateway.host_file.write_text("userspace: wireguard-go\nrepository:\n  remote: origin\n  poll: 5s\n")
    run("git", "clone", "-q", repository.bare, clone)
    repository.key = key_pair()[1]
    repository.clone = clone
    return repository


def push_much(remote):
    """Others add a peer, and more objects than git unpacks one by one."""
    for number in range(150):
        file = remote.clone / f"notes/{number}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(secrets.token_hex(2000))
    peer = document("Peer", name="tablet", interface="wg0", ip="10.8.0.50", public_key=remote.key)
    (remote.clone / "peers/wg0/tablet.yaml").write_text(peer)
    commit(remote.clone, "much")
    git(remote.clone, "push", "-q", "origin", "main")


CUT = """\
#!/usr/bin/env python3
import os, subprocess, sys
upload = subprocess.Popen(["git", "upload-pack", *sys.argv[1:]], stdout=subprocess.PIPE)
left = 150000
while left and (chunk := os.read(upload.stdout.fileno(), left)):
    os.write(1, chunk)
    left -= len(chunk)
upload.kill()
"""


def test_a_fetch_that_is_cut_off(office, remote, tmp_path):
    cut = tmp_path / "upload-pack"
    cut.write_text(CUT)
    cut.chmod(0o755)
    office.serve()
    before = remote.head
    git(office.gateway.config, "config", "remote.origin.uploadpack", str(cut))
    push_much(remote)
    with survived(office):
        wait_told(office.gateway, "unreachable", "unexpected disconnect", seconds=30)
        assert remote.head == before and remote.key not in office.gateway.peers()
        remote.check()
        git(office.gateway.config, "config", "--unset", "remote.origin.uploadpack")
        wait_for(lambda: remote.key in office.gateway.peers(), 90, interval=0.5, what="the peer that was pushed")
    assert remote.head == git(remote.bare, "rev-parse", "main")
    office.gateway.stop()
    remote.check()


def test_no_room_for_a_fetch(office, remote):
    disk = SmallDisk(office.gateway.namespace, office.gateway.config, "4m")
    office.serve()
    before = remote.head
    disk.fill()
    push_much(remote)
    with survived(office):
        wait_told(office.gateway, "unreachable", "the disk is full", seconds=30)
        assert remote.head == before and remote.key not in office.gateway.peers()
        disk.clear()
        wait_for(lambda: remote.key in office.gateway.peers(), 90, interval=0.5, what="the peer that was pushed")
    office.gateway.stop()
    remote.check()


def test_a_pushed_write_that_is_refused(office, remote):
    """A hook of the remote refuses everything: the write stays here, and goes out when the hook is gone."""
    hook = remote.bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no pushes on Sundays >&2\nexit 1\n")
    hook.chmod(0o755)
    office.serve()
    with survived(office):
        done, said = remote.add("phone")
        assert done, said
        wait_for(lambda: len(office.gateway.peers()) == 2, RECOVERED, what="the write in the kernel")
        wait_told(office.gateway, '"ahead": 1', "no pushes on Sundays", seconds=30)
        assert "peers/wg0/phone.yaml" not in git(remote.bare, "ls-tree", "-r", "--name-only", "main")
        hook.unlink()
        wait_for(lambda: git(remote.bare, "rev-parse", "main") == remote.head, 90, interval=0.5, what="the push")
