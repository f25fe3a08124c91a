"""Users and settings of the API in the database: edited there by hand, they are drift and are healed."""

import sqlite3
import time

import pytest

from lab.gateway import CHANGES, RAIL, document

HASH = "$argon2id$v=19$m=65536,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZW"


def user(gateway, name, **fields):
    fields = {"username": name, "email": f"{name}@example.com", "password_hash": f"{HASH}Y"} | fields
    gateway.write(f"users/{name}.yaml", document("User", **fields))


def database(gateway):
    return sqlite3.connect(gateway.state / "wirebuddy.db", timeout=10)


def edit(gateway, statement):
    with database(gateway) as connection:
        connection.execute(statement)
    connection.close()


def rows(gateway):
    connection = database(gateway)
    found = connection.execute("SELECT username, role, enabled, password_hash FROM user ORDER BY username").fetchall()
    found += connection.execute("SELECT field, value FROM setting ORDER BY field").fetchall()
    connection.close()
    return found


@pytest.fixture
def accounts(gateway):
    gateway.interface()
    user(gateway, "root", role="admin")
    user(gateway, "alice")
    gateway.settings(rate_limits="{anonymous: {read: 20}}", reconcile="{interval: 1s}")
    return gateway


EDITS = [
    ("UPDATE user SET role = 'admin' WHERE username = 'alice'", ["User alice", "role: admin → user"]),
    ("UPDATE user SET password_hash = 'x' WHERE username = 'root'", ["User root", "<secret #"]),
    ("INSERT INTO user VALUES ('0', 'mallory', '', '', '', 'admin', 1, NULL)", ["- User mallory"]),
    ("DELETE FROM user", ["+ User alice", "+ User root"]),
    (
        "UPDATE setting SET value = '100000' WHERE field = 'rate_limits.anonymous.read'",
        ["Settings api", "rate_limits.anonymous.read: 100000 → 20"],
    ),
]


@pytest.mark.parametrize("statement, words", EDITS)
def test_an_edit_by_hand_is_drift_and_healed(accounts, statement, words):
    accounts.apply()
    right = rows(accounts)
    accounts.wirebuddy("drift")
    edit(accounts, statement)
    report = accounts.wirebuddy("drift", expect=CHANGES).stdout
    assert all(word in report for word in words) and "argon2id" not in report, report
    accounts.apply()
    assert rows(accounts) == right
    accounts.wirebuddy("plan")


def test_the_loop_heals_by_itself(accounts):
    accounts.serve()
    right = rows(accounts)
    for statement, _ in EDITS:
        edit(accounts, statement)
    end = time.monotonic() + 8
    while rows(accounts) != right and time.monotonic() < end:
        time.sleep(0.1)
    assert rows(accounts) == right
    assert "argon2id" not in accounts.log.read_text()


def test_all_users_at_once_need_an_approval_and_down_leaves_them(accounts):
    accounts.apply()
    before = rows(accounts)
    accounts.wirebuddy("down")
    assert rows(accounts) == before
    accounts.apply()
    accounts.remove("users/root.yaml")
    accounts.remove("users/alice.yaml")
    assert "all 2 users" in accounts.apply(expect=RAIL).stdout
    assert rows(accounts) == before
