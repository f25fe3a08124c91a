"""A backup is a gateway: taken while everything is written, made again elsewhere, applied there."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import threading
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lab.gateway import ERROR, LOCKED, RAIL, ROOT, Gateway
from lab.namespace import wait_for

from test_confirm import ROLLED_BACK
from test_git import commit, git

USAGE = 64


def shown(document):
    """A document, which is what its schema says."""
    schema = json.loads((ROOT / f"schemas/output/{document['document']}.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    return document


@pytest.fixture
def served(gateway):
    """A gateway in git with a made key, a secret, a user with a token, and its daemon."""
    gateway.wirebuddy("init")
    gateway.wirebuddy("interface", "set", "wg0", f"backend={gateway.backend}", "endpoint=192.0.2.1:51820")
    gateway.wirebuddy("user", "add", "anna", "--email", "anna@example.com", "--role", "admin")
    gateway.apply()
    secrets = gateway.state / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "some.psk").write_text("not read by anybody\n")
    (secrets / "some.psk").chmod(0o600)
    gateway.serve()
    gateway.wirebuddy("peer", "add", "phone")
    gateway.token = gateway.wirebuddy("token", "create", "ci", "--permission", "full", "--user", "anna").stdout.strip()
    return gateway


@pytest.fixture
def elsewhere(lab, tmp_path):
    """An empty host in a namespace of its own."""
    other = Gateway(lab.add("other"), tmp_path / "elsewhere")
    other.config.rmdir()
    other.state.rmdir()
    return other


def status_of(gateway, token):
    return gateway.namespace.output(
        "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Authorization: Bearer {token}",
        "http://127.0.0.1:8080/api/peers")  # fmt: skip


def members(archive):
    with tarfile.open(archive) as tar:
        return {member.name: member for member in tar.getmembers()}


def test_a_gateway_is_made_again_from_a_backup_in_a_storm_of_writes(served, elsewhere, tmp_path):
    archive = tmp_path / "gateway.tar"
    assert status_of(served, served.token) == "200"
    added, ended = [], threading.Event()

    def write():
        while not ended.is_set():
            name = f"storm{len(added)}"
            served.wirebuddy("peer", "add", name)
            added.append(name)

    storm = threading.Thread(target=write)
    storm.start()
    try:
        wait_for(lambda: added, 30, what="the first write of the storm")
        before = len(added)
        made = shown(served.json("backup", archive))
        wait_for(lambda: len(added) > before, 30, what="writes go on")
    finally:
        ended.set()
        storm.join()
    assert archive.stat().st_mode & 0o777 == 0o600
    files = members(archive)
    assert list(files)[0] == "manifest.json"
    assert {"state/wirebuddy.db", "state/host.key", "state/keys/wg0", "state/secrets/some.psk", "config.bundle",
            "wirebuddy.yaml"} <= set(files)  # fmt: skip
    assert not [name for name in files if "history" in name or "telemetry" in name or "lists" in name]
    assert not [name for name in os.listdir(served.state) if name.startswith(".backup")], "nothing is left behind"
    assert made["revision"] and {file["path"] for file in made["files"]} == {
        name for name, member in files.items() if member.isfile() and name != "manifest.json"}  # fmt: skip

    restored = shown(elsewhere.json("restore", archive))
    assert restored["revision"] == made["revision"] and any("apply" in line for line in restored["next"])
    assert elsewhere.state.stat().st_mode & 0o777 == 0o700
    for name in ("host.key", "keys/wg0", "secrets/some.psk"):
        assert (elsewhere.state / name).read_bytes() == (served.state / name).read_bytes()
        assert (elsewhere.state / name).stat().st_mode & 0o777 == 0o600
    head = elsewhere.namespace.output("git", "-C", elsewhere.config, "rev-parse", "HEAD")
    assert head == made["revision"]
    assert elsewhere.namespace.output("git", "-C", elsewhere.config, "status", "--porcelain") == ""
    elsewhere.apply()
    assert elsewhere.public_key() == served.public_key()
    # Those of the revision in the backup: no more and no less, with the same keys and addresses.
    peers = served.namespace.output("git", "-C", served.config, "ls-tree", "-r", "--name-only", head, "peers/").split()
    peers = [path for path in peers if path.endswith(".yaml")]
    assert len(elsewhere.peers()) == len(peers) >= 1 + before
    assert elsewhere.peers().items() <= served.peers().items()
    elsewhere.serve()
    assert status_of(elsewhere, served.token) == "200" and status_of(elsewhere, served.token + "x") == "401"
    assert elsewhere.wirebuddy("peer", "add", "more").returncode == 0, "the branch can be written"


def test_history_and_telemetry_come_along_when_they_are_wanted(served, tmp_path):
    archive = tmp_path / "all.tar"
    wait_for(lambda: (served.state / "telemetry.db").exists() and (served.state / "history.db").exists(), what="files")
    served.wirebuddy("backup", archive, "--telemetry", "--history")
    with tarfile.open(archive) as tar:
        for name in ("state/telemetry.db", "state/history.db", "state/wirebuddy.db"):
            copy = tmp_path / "copy.db"
            copy.write_bytes(tar.extractfile(name).read())
            with sqlite3.connect(copy) as database:
                assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_plain_directory_is_files(gateway, elsewhere, tmp_path):
    gateway.interface()
    gateway.settings(reconcile="{interval: 1m}")
    gateway.apply()
    archive = tmp_path / "plain.tar"
    made = shown(gateway.json("backup", archive))
    assert made["revision"] is None and "config/interfaces/wg0.yaml" in {file["path"] for file in made["files"]}
    assert "last-backup" in os.listdir(gateway.state)
    elsewhere.wirebuddy("restore", archive)
    assert (elsewhere.config / "settings.yaml").read_text() == (gateway.config / "settings.yaml").read_text()
    elsewhere.apply()
    assert elsewhere.public_key() == gateway.public_key()


@pytest.mark.parametrize("kind", ["git", "plain"])
def test_a_window_ends_with_the_backup_that_was_made_in_it(office, elsewhere, tmp_path, kind):
    """What was on trial is not in force elsewhere: nobody confirmed it, and nobody watches over it there."""
    gateway = office.gateway
    keys = {name: office.add_stranger(name, number) for name, number in [("stays", 30), ("lost", 31)]}
    if kind == "git":
        git(office, "init", "-q", "-b", "main")
        commit(office)
    gateway.apply()
    good = gateway.json("status")["last_applied"]["id"]
    confirmed = gateway.peers()
    # The tried revision moves a device, disables a peer and brings a new one.
    gateway.peer(office.device.name, office.device.public_key, 77)
    gateway.peer("lost", keys["lost"], 31, enabled=False)
    new = office.add_stranger("new", 32)
    if kind == "git":
        # The branch forgets what it goes back to.
        git(office, "add", "-A")
        git(office, "commit", "-q", "--amend", "-m", "tried")
    apply = gateway.namespace.start(*gateway.arguments("apply", "--confirm-within", "60s"),
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    wait_for(lambda: (gateway.json("status", expect=[0, 2])["checkpoint"] or {}).get("state") == "waiting", 20,
             what="a change on trial")  # fmt: skip
    archive = tmp_path / "trial.tar"
    gateway.wirebuddy("backup", archive)
    # There it goes on, whatever becomes of the copy.
    gateway.wirebuddy("confirm", "--console")
    assert apply.wait(20) == 0 and new in gateway.peers()
    tried = gateway.json("status")["last_applied"]["id"]

    said = elsewhere.wirebuddy("restore", archive).stderr
    assert tried in said and f"restores {good}" in said
    assert "nothing waits" in elsewhere.wirebuddy("confirm", "--console", expect=ERROR).stderr
    if kind == "git":
        assert "rolled-back" in elsewhere.apply(expect=RAIL).stdout
    else:
        elsewhere.serve(wait=False)
    wait_for(lambda: elsewhere.json("status", expect=[0, 2, RAIL, ROLLED_BACK])["checkpoint"]["state"] == "rolled-back", 20,
             what="the end of the window")  # fmt: skip
    for _ in range(2):
        status = elsewhere.json("status", expect=[RAIL])
        assert status["checkpoint"]["tried"] == tried and status["last_applied"]["id"] == good
        peers = elsewhere.peers()
        assert peers[office.device.public_key] == confirmed[office.device.public_key] and keys["stays"] in peers
        assert new not in peers and keys["lost"] not in peers
        # Nobody is left to watch: at most the daemon is there.
        assert len(elsewhere.namespace.processes("wirebuddy")) == (0 if kind == "git" else 1)
        elsewhere.apply(expect=RAIL)
    assert f"{good} was restored" in elsewhere.wirebuddy("events").stdout


def test_nothing_is_overwritten_and_nothing_is_half_there(served, elsewhere, tmp_path):
    archive = tmp_path / "gateway.tar"
    served.wirebuddy("backup", archive)
    good = archive.read_bytes()
    again = served.wirebuddy("backup", archive, expect=ERROR)
    assert "not overwritten" in again.stderr and archive.read_bytes() == good
    assert [name.name for name in tmp_path.glob("gateway.tar*")] == ["gateway.tar"]

    busy = served.wirebuddy("restore", archive, expect=LOCKED)
    assert "stop it first" in busy.stderr
    served.stop()
    full = served.wirebuddy("restore", archive, expect=ERROR)
    assert "is not empty" in full.stderr and "mv " in full.stderr
    elsewhere.config.mkdir()
    (elsewhere.config / "mine").write_text("x")
    assert "is not empty" in elsewhere.wirebuddy("restore", archive, expect=ERROR).stderr
    (elsewhere.config / "mine").unlink()

    def refused(content, word):
        bad = tmp_path / "bad.tar"
        bad.write_bytes(content)
        done = elsewhere.wirebuddy("restore", bad, expect=ERROR)
        assert word in done.stderr, done.stderr
        left = [path for path in elsewhere.directory.rglob("*") if path.name != "wirebuddy.yaml"]
        assert left == [elsewhere.config], left

    refused(b"no archive", "not a whole archive")
    refused(good[: len(good) // 2], "whole archive")
    refused(changed(good, "state/keys/wg0", b"x" * 45), "digest")
    refused(changed(good, "state/more", b"more", adds=True), "state/more is not in both")
    refused(changed(good, "../out", b"more", adds=True), "")
    refused(changed(good, "state/link", None, adds=True), "neither a file")
    assert not (elsewhere.directory / "out").exists() and not (tmp_path / "out").exists()
    elsewhere.wirebuddy("restore", archive)


def changed(archive, name, content, adds=False):
    """The archive with another content of a file, one more, or a link."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(archive)) as old, tarfile.open(fileobj=out, mode="w") as new:
        for member in old.getmembers():
            data = old.extractfile(member).read() if member.isfile() else b""
            if member.name == name:
                data, member.size = content, len(content)
            new.addfile(member, io.BytesIO(data))
        if adds:
            member = tarfile.TarInfo(name)
            if content is None:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            else:
                member.size = len(content)
            new.addfile(member, io.BytesIO(content or b""))
    return out.getvalue()


def test_a_backup_is_not_written_to_a_terminal(gateway, tmp_path):
    gateway.interface()
    gateway.apply()
    words = " ".join(map(str, gateway.namespace.command(*gateway.arguments("backup", "-"))))
    done = subprocess.run(["script", "-qec", words, "/dev/null"], capture_output=True, text=True, check=False)
    assert done.returncode == USAGE and "not written to a terminal" in done.stdout
    piped = subprocess.run(gateway.namespace.command(*gateway.arguments("backup", "-")), capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(piped.stdout)) as tar:
        assert "state/wirebuddy.db" in tar.getnames()
    assert b"files" in piped.stderr


def test_a_database_of_a_newer_version_is_refused_and_not_changed(gateway, elsewhere, tmp_path):
    gateway.interface()
    gateway.apply()
    newer = gateway.state / "wirebuddy.db"
    # As a later version leaves it: one more migration, its own name, and in another mode of SQLite.
    with sqlite3.connect(newer) as database:
        database.execute("CREATE TABLE later (id INTEGER PRIMARY KEY)")
        database.execute("INSERT INTO grdb_migrations VALUES ('99 later')")
        database.execute("UPDATE meta SET value = '9.9.9' WHERE key = 'program_version'")
    database.close()
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    database.close()
    before = newer.read_bytes()
    for command in ("plan", "apply", "serve", "status"):
        done = gateway.wirebuddy(command, expect=ERROR)
        assert "newer version of wirebuddy (9.9.9)" in done.stderr and "99 later" in done.stderr and "upgrade this program" in done.stderr
    document = gateway.json("apply", expect=ERROR)
    assert document["document"] == "error" and "9.9.9" in document["message"]
    doctor = gateway.json("doctor", expect=ERROR)
    assert [check["result"] for check in doctor["checks"] if check["name"] == "database"] == ["missing"]
    assert newer.read_bytes() == before
    assert sorted(path.name for path in newer.parent.glob("wirebuddy.db-*")) == []


def test_a_database_of_the_first_version_is_brought_up_to_date(gateway, elsewhere, tmp_path):
    gateway.interface()
    old = gateway.state / "wirebuddy.db"
    with sqlite3.connect(old) as database:
        database.executescript((Path(__file__).parent / "lab/first_schema.sql").read_text())
    database.close()
    old.chmod(0o600)
    listed = gateway.json("revoke", "--list")
    assert [row["author"] for row in listed["revocations"]] == ["anna"], "what it held is there"
    assert "from before" in gateway.wirebuddy("status", expect=[0, 2]).stdout
    gateway.wirebuddy("resume")
    gateway.apply()
    assert gateway.is_in_sync()
    # It is one of this version by now, also after a backup.
    gateway.wirebuddy("backup", tmp_path / "old.tar")
    elsewhere.wirebuddy("restore", tmp_path / "old.tar")
    assert elsewhere.json("revoke", "--list")["revocations"] == listed["revocations"]


def test_doctor_tells_of_a_backup_that_is_missing(gateway, tmp_path):
    gateway.interface()
    gateway.apply()

    def check(name):
        return {check["name"]: check for check in shown(gateway.json("doctor"))["checks"]}[name]

    assert check("backup")["result"] == "note" and "wirebuddy backup" in check("backup")["message"]
    gateway.wirebuddy("backup", tmp_path / "x.tar")
    assert check("backup")["result"] == "ok"
    (gateway.state / "last-backup").write_text("2026-01-02T00:00:00Z\n")
    assert check("backup")["result"] == "note" and "days old" in check("backup")["message"]
    assert check("permissions")["result"] == "ok" and check("database")["result"] == "ok"
    gateway.state.chmod(0o755)
    assert check("permissions")["result"] == "note" and "chmod 700" in check("permissions")["message"]
    gateway.state.chmod(0o700)
    assert check("disk")["result"] == "ok" and check("kernel")["result"] == "ok"
    # A foreign chain that drops what we let pass.
    gateway.namespace.run("nft", "add table ip other; add chain ip other in { type filter hook input priority 0; policy drop; }")  # fmt: skip
    assert check("other firewalls")["result"] == "note" and "udp/51820" in check("other firewalls")["message"]


def test_doctor_asks_the_remote(gateway, tmp_path):
    gateway.wirebuddy("init")
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", remote], check=True)
    gateway.host_file.write_text(f"userspace: wireguard-go\nrepository: {{remote: {remote}}}\n")

    def reach():
        checks = {check["name"]: check for check in gateway.json("doctor", expect=[0, 1])["checks"]}
        return checks["remote reachable"]

    assert reach()["result"] == "ok"
    shutil.rmtree(remote)
    began = time.monotonic()
    assert reach()["result"] == "note" and "stays in force" in reach()["message"]
    assert time.monotonic() - began < 20
