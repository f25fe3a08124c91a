"""Change windows: when the loop takes a new revision, and what it does meanwhile."""

import time

from lab.daemon import ask
from lab.namespace import wait_for

from test_git import commit, git

TIMED_OUT = 16


def closed_for(seconds):
    """A window that denies, began at a full minute some time ago and ends in so many seconds; and its end."""
    end = int(time.time()) + seconds
    begin = (end - seconds) // 60 * 60 - 60
    at = time.gmtime(begin)
    cron = f"{at.tm_min} {at.tm_hour} {at.tm_mday} {at.tm_mon} *"
    return f'[{{action: deny, cron: "{cron}", duration: {end - begin}s}}]', end


def window(gateway):
    return gateway.json("status", expect=[0, 2, 10, 11])["change_window"]


def in_force(gateway):
    return gateway.json("status", expect=[0, 2])["last_applied"]["id"]


# It waits for the end of a window, 45 s after it began: about a minute.
def test_a_revision_waits_for_its_window(office):
    gateway = office.gateway
    office.add_device()
    first, second = office.devices
    named = office.add_stranger("named", 100)
    git(office, "init", "-q", "-b", "main")
    commit(office)
    gateway.serve()
    before = set(gateway.peers())
    windows, end = closed_for(45)
    gateway.settings(reconcile="{interval: 2s}", windows=windows)
    good = commit(office)
    wait_for(lambda: (window(gateway) or {}).get("revision") == good, 10, what="the windows are in force")

    # A new peer waits; one that is disabled goes at once.
    key = office.add_stranger()
    gateway.peer(second.name, second.public_key, second.number, enabled=False)
    head = commit(office)
    wait_for(lambda: second.public_key not in gateway.peers(), 5, what="the revocation")
    shown = window(gateway)
    opens = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end))
    assert shown == {"revision": good, "opens_at": opens, "effect": "holds", "failure": None}
    status = gateway.wirebuddy("status", expect=[0, 2]).stdout
    assert f"closed, the next one opens at {opens}; the newer revision waits" in status
    assert f"Waiting: revision {head} is not applied, it waits for a change window of {good}" in status
    waited = gateway.wirebuddy("wait", "--revision", "HEAD", "--timeout", "1s", expect=TIMED_OUT)
    assert "not applied in time" in waited.stdout and f"a change window of {good}" in waited.stdout

    # A write is committed and waits, a removal by name does not.
    made, answer = ask(gateway, "POST", "/api/peers", {
        "name": "late", "interface": "wg0", "public_key": "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="})  # fmt: skip
    assert made == 201 and answer["reconcile"]["state"] == "pending", answer
    rows = {row["name"]: row["id"] for row in ask(gateway, "GET", "/api/peers?limit=100")[1]["data"]["peers"]}
    removed, answer = ask(gateway, "DELETE", f"/api/peers/{rows['named']}")
    assert removed == 200 and named not in gateway.peers(), answer

    # The daemon is killed and the link goes: another one brings back what is in force, and nobody who was taken away.
    gateway.daemon.kill()
    gateway.daemon.wait()
    gateway.namespace.output("ip", "link", "delete", "wg0")
    gateway.serve(wait=False)
    left = before - {named, second.public_key}
    wait_for(lambda: set(gateway.peers()) == left, 15, what="the peers of the revision in force")
    gateway.namespace.output("wg", "set", "wg0", "peer", first.public_key, "remove")
    wait_for(lambda: set(gateway.peers()) == left, 5, what="drift is healed")
    assert time.time() < end, "the host is too slow for this test: nothing was seen outside of the window"

    wait_for(lambda: key in gateway.peers(), end - time.time() + 3, what="the window opens")
    assert time.time() >= end
    gateway.wait_in_sync()
    assert set(gateway.peers()) == left | {key, "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="}
    assert window(gateway) is None and in_force(gateway) == git(office, "rev-parse", "HEAD")


def test_an_explicit_apply_goes_through(office):
    """In a plain directory, whose revisions are kept as copies; with the daemon, and without it."""
    gateway = office.gateway
    windows, _ = closed_for(3000)
    gateway.settings(windows=windows)
    assert "change windows" not in gateway.apply().stdout, "nothing was in force before"
    gateway.serve()
    key = office.add_stranger()
    wait_for(lambda: (window(gateway) or {}).get("effect") == "holds", 10, what="the edit waits")
    assert key not in gateway.peers()
    planned = gateway.plan()
    assert "outside of the change windows of sha-" in planned.stdout and "`wirebuddy apply` does" in planned.stdout
    assert "outside of the change windows" in gateway.wirebuddy("plan", "--format", "markdown", expect=2).stdout
    done = gateway.json("apply")
    assert done["change_window"]["effect"] == "passed" and key in gateway.peers()
    assert window(gateway)["effect"] == "none"
    gateway.stop()

    # The host restarts with an edit that came meanwhile: what is in force is read from its copy.
    other = office.add_stranger("other", 201)
    gateway.namespace.output("ip", "link", "delete", "wg0")
    gateway.serve(wait=False)
    wait_for(lambda: key in gateway.peers(), 15, what="the revision in force")
    assert other not in gateway.peers()
    gateway.stop()
    done = gateway.apply()
    assert "applied all the same, as somebody asked for it" in done.stdout and other in gateway.peers()
