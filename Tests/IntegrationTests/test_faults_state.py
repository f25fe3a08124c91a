"""The state directory while the daemon runs: full, failing, locked, damaged, newer. Revocations and traffic go on, what
can't be recorded is not begun, and it is made good without anybody's help."""

import contextlib
import errno
import shutil
import signal
import sqlite3
import time

import pytest

from lab.bad_disk import BadDisk
from lab.disk import SmallDisk
from lab.fault import RECOVERED, assert_quiet, survived, told, wait_told
from lab.gateway import DONE, ERROR, PARTLY
from lab.namespace import wait_for


@pytest.fixture
def guests(office):
    office.stranger = office.add_stranger()
    return office


def is_in(office, key):
    return key in office.gateway.peers()


def disable_stranger(office):
    office.gateway.peer("stranger", office.stranger, 200, enabled=False)


def check_fault(office, words, heal):
    """While the fault lasts a revocation is done and a new peer is not; after it, everything is."""
    gateway = office.gateway
    with survived(office):
        disable_stranger(office)
        newcomer = office.add_stranger("newcomer", 201)
        wait_for(lambda: not is_in(office, office.stranger), 20, what="the revocation")
        wait_told(gateway, *words)
        # By name, too: who asks for it hears what came of it.
        other = gateway.wirebuddy("revoke", newcomer, "--for", "1h", expect=[DONE, ERROR, PARTLY], timeout=90)
        assert other.returncode == DONE or words[-1] in other.stdout + other.stderr
        assert not is_in(office, newcomer)
        heal()
        if other.returncode == DONE:
            gateway.wirebuddy("revoke", newcomer, "--remove")
        wait_for(lambda: is_in(office, newcomer), RECOVERED, what="the new peer after the fault")
        gateway.wait_in_sync()
        assert not is_in(office, office.stranger)
        wait_for(lambda: words[-1] not in told(gateway), RECOVERED, what="a status without it")
    # What the daemon knew is what it wrote: another one finds nothing to do.
    gateway.stop()
    gateway.plan(expect=DONE)


def test_a_full_disk(guests):
    disk = SmallDisk(guests.gateway.namespace, guests.gateway.state, "24m")
    guests.serve()
    disk.fill()
    check_fault(guests, ["Stalled", "disk is full"], disk.clear)


def test_a_disk_that_fails(guests, tmp_path):
    disk = BadDisk(tmp_path, guests.gateway.state)
    disk.stand_before(guests.gateway)
    guests.serve()
    disk.fail(errno.EIO)
    check_fault(guests, ["Stalled", "disk is healthy"], disk.heal)


def test_a_slow_disk(guests, tmp_path):
    """Nothing is given up, and who only looks does not wait for it."""
    disk = BadDisk(tmp_path, guests.gateway.state)
    disk.stand_before(guests.gateway)
    guests.serve()
    with survived(guests):
        disk.delay(20)
        disable_stranger(guests)
        newcomer = guests.add_stranger("newcomer", 201)
        wait_for(lambda: not is_in(guests, guests.stranger) and is_in(guests, newcomer), RECOVERED, what="both changes")
        disk.heal()
        guests.gateway.wait_in_sync()


def test_another_process_keeps_the_database(guests):
    guests.serve()
    other = sqlite3.connect(guests.gateway.state / "wirebuddy.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        check_fault(guests, ["Stalled", "locked by another process"], lambda: other.execute("ROLLBACK"))
    finally:
        other.close()


def execute(gateway, statement):
    """Do something to the database as another program."""
    with contextlib.closing(sqlite3.connect(gateway.state / "wirebuddy.db", isolation_level=None)) as other:
        other.execute(statement).fetchall()


def damage(gateway):
    """Overwrite every page of the database but the first."""
    # What stands in the log beside it would be read instead.
    execute(gateway, "PRAGMA wal_checkpoint(TRUNCATE)")
    path = gateway.state / "wirebuddy.db"
    data = bytearray(path.read_bytes())
    assert len(data) > 8192
    for page in range(4096, len(data), 4096):
        data[page : page + 4096] = bytes([0xA5]) * 4096
    path.write_bytes(data)


def test_a_damaged_database(guests):
    """It is named, nothing is deleted for it, and the backup puts it right."""
    gateway = guests.gateway
    guests.serve()
    database = gateway.state / "wirebuddy.db"
    backup = gateway.directory / "backup.db"
    with guests.measured() as flow:
        before = gateway.peers(), gateway.addresses()
        gateway.stop()
        execute(gateway, f"VACUUM INTO '{backup}'")
        damage(gateway)
        for words in (["serve"], ["apply"], ["plan"], ["status"]):
            done = gateway.wirebuddy(*words, expect=ERROR)
            assert "wirebuddy.db is damaged" in done.stderr and "restore it from a backup" in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert (gateway.peers(), gateway.addresses()) == before
        for file in gateway.state.glob("wirebuddy.db*"):
            file.unlink()
        shutil.copy(backup, database)
        gateway.serve()
        assert (gateway.peers(), gateway.addresses()) == before
    assert flow["lost"] == 0
    gateway.plan(expect=DONE)


def test_a_database_that_is_damaged_while_the_daemon_runs(guests):
    """The daemon says so and changes nothing more; no session ends by it."""
    gateway = guests.gateway
    guests.serve()
    with survived(guests):
        before = gateway.peers()
        damage(gateway)
        newcomer = guests.add_stranger("newcomer", 201)
        gateway.daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: "is damaged" in gateway.log.read_text() or newcomer in gateway.peers(), 15, what="a word of it")
        time.sleep(1)
        assert set(before) <= set(gateway.peers())


def test_a_newer_database(guests):
    gateway = guests.gateway
    guests.serve()
    with guests.measured() as flow:
        gateway.stop()
        execute(gateway, "INSERT INTO grdb_migrations VALUES ('999 future')")
        content = (gateway.state / "wirebuddy.db").read_bytes()
        done = gateway.wirebuddy("serve", expect=ERROR)
        assert "was written by a newer version" in done.stderr
        assert (gateway.state / "wirebuddy.db").read_bytes() == content
        execute(gateway, "DELETE FROM grdb_migrations WHERE identifier = '999 future'")
        gateway.serve()
    assert flow["lost"] == 0
    assert_quiet(gateway)


def test_a_history_that_is_damaged_stops_nothing(guests):
    gateway = guests.gateway
    guests.serve()
    gateway.stop()
    # What stands in the log beside it would be read instead.
    for file in gateway.state.glob("telemetry.db-*"):
        file.unlink()
    (gateway.state / "telemetry.db").write_bytes(b"\xa5" * 16384)
    gateway.serve()
    gateway.plan(expect=DONE)
    wait_for(lambda: (gateway.state / "telemetry.db.damaged").exists(), what="the file that was set aside")
    assert_quiet(gateway)
