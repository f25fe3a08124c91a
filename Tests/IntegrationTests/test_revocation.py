"""A peer that is removed, disabled, expired or revoked is gone, whatever else happens."""

import datetime
import signal
import time

import pytest

from lab.gateway import RAIL
from lab.namespace import wait_for


def soon(seconds):
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def remove(office):
    office.gateway.remove("peers/wg0/stranger.yaml")


def disable(office):
    office.gateway.peer("stranger", office.stranger, 200, enabled=False)


def expire(office):
    office.gateway.peer("stranger", office.stranger, 200, expires_at=soon(-60))


def revoke(office):
    office.gateway.wirebuddy("revoke", office.stranger, "--for", "24h", expect=[0, 2])


def gone(office):
    return office.stranger not in office.gateway.peers()


@pytest.fixture
def guests(office):
    office.stranger = office.add_stranger()
    return office


@pytest.mark.parametrize("cut", [remove, disable, expire, revoke])
def test_peer_is_gone_after_apply(guests, cut):
    guests.gateway.apply()
    assert not gone(guests)
    cut(guests)
    guests.gateway.apply()
    assert gone(guests) and guests.device.public_key in guests.gateway.peers()
    guests.gateway.plan(expect=0)


@pytest.mark.parametrize("cut", [remove, disable, expire, revoke])
def test_peer_is_gone_within_two_seconds_of_the_daemon(guests, cut):
    guests.serve()
    cut(guests)
    wait_for(lambda: gone(guests), 2.5, what="the peer is gone")


def test_expiry_fires_at_its_instant(guests):
    guests.gateway.peer("stranger", guests.stranger, 200, expires_at=soon(6))
    guests.serve()
    assert not gone(guests)
    wait_for(lambda: gone(guests), 8, what="the peer is gone at its instant")


def test_expiry_is_enforced_after_downtime(guests):
    guests.gateway.peer("stranger", guests.stranger, 200, expires_at=soon(4))
    guests.serve()
    guests.gateway.stop(signal.SIGKILL)
    time.sleep(5)
    assert not gone(guests)
    guests.gateway.serve()
    assert gone(guests)


@pytest.mark.parametrize("cut", [disable, expire, revoke])
def test_revocation_runs_while_suspended(guests, cut):
    guests.serve()
    guests.gateway.wirebuddy("suspend", "--for", "1h", "a test")
    extra = guests.add_stranger("extra", 201)
    cut(guests)
    wait_for(lambda: gone(guests), 5, what="the peer is gone while suspended")
    assert extra not in guests.gateway.peers()
    guests.gateway.wirebuddy("resume")
    wait_for(lambda: extra in guests.gateway.peers(), 5, what="the rest follows")


@pytest.mark.parametrize("cut", [remove, disable, expire, revoke])
def test_revocation_runs_although_another_object_fails(guests, cut):
    guests.gateway.apply()
    # A foreign link takes the second interface's name: it can't come up.
    guests.gateway.namespace.run("ip", "link", "add", "wg1", "type", "veth", "peer", "name", "veth1")
    guests.gateway.interface("wg1", address="10.11.0.1/24", listen_port=51821)
    cut(guests)
    guests.gateway.apply(expect=[1, RAIL, 14])
    assert gone(guests)


def test_revocation_works_while_the_repository_is_invalid(guests):
    guests.serve()
    guests.gateway.write("broken.yaml", "kind: Peer\nname: [\n")
    revoke(guests)
    wait_for(lambda: gone(guests), 3, what="the peer is gone")


def test_renamed_folder_cuts_nobody(guests):
    guests.serve()
    guests.connect()
    with guests.measured() as flow:
        (guests.gateway.config / "peers").rename(guests.gateway.config / "clients")
        time.sleep(2)
    assert flow["lost"] == 0 and not gone(guests)
    guests.gateway.plan(expect=0)


def test_rail_holds_many_deletes_until_they_are_approved(guests):
    keys = [guests.add_stranger(f"other{number}", number) for number in range(100, 130)]
    guests.gateway.apply()
    for number in range(100, 130):
        guests.gateway.remove(f"peers/wg0/other{number}.yaml")
    # A revocation of the same pass goes nevertheless.
    disable(guests)
    refused = guests.gateway.json("plan", expect=RAIL)
    guests.gateway.apply(expect=RAIL)
    assert gone(guests) and set(keys) <= set(guests.gateway.peers())
    digest = refused["refusals"][0]["digest"]
    guests.gateway.apply("--approve", digest)
    assert not set(keys) & set(guests.gateway.peers())


def test_rail_holds_an_interface_that_left(guests):
    guests.gateway.interface("wg1", address="10.11.0.1/24", listen_port=51821)
    guests.gateway.apply()
    guests.gateway.remove("interfaces/wg1.yaml")
    refused = guests.gateway.json("plan", expect=RAIL)
    guests.gateway.apply(expect=RAIL)
    assert guests.gateway.has_link("wg1")
    guests.gateway.apply("--approve", refused["refusals"][0]["digest"])
    assert not guests.gateway.has_link("wg1")
