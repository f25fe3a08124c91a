"""When a request is sent again: only what can't be done twice by it, and never for long."""

import pytest
from wirebuddy import NO_RETRY, Client, RetryPolicy, errors

PEER = {"name": "phone", "interface": "wg0"}
GOOD = {"success": True, "data": PEER}


def limited(gateway, after="7", times=1):
    for _ in range(times):
        gateway.refuse(429, "Too Many Requests", "Rate limit exceeded. Try again in 7 seconds", Retry_After=after)


def test_a_read_waits_as_long_as_the_gateway_says(gateway, client, pauses):
    limited(gateway)
    gateway.refuse(503, "Service Unavailable", "starting")
    gateway.answer(200, GOOD)
    assert client.get_peer("1").data == PEER
    assert pauses == [7.0, 0.5]


def test_a_create_is_repeated_with_the_same_key(gateway, client, pauses):
    limited(gateway, after="1")
    gateway.lose()
    gateway.answer(201, GOOD)
    client.create_peer(PEER)
    keys = {request["headers"]["Idempotency-Key"] for request in gateway.requests}
    assert len(gateway.requests) == 3 and len(keys) == 1
    assert pauses == [1.0, 0.5]


def test_other_writes_are_never_repeated(gateway, client, pauses):
    limited(gateway)
    with pytest.raises(errors.RateLimited) as caught:
        client.delete_peer("1")
    assert caught.value.retry_after == 7.0
    gateway.lose()
    with pytest.raises(errors.ConnectionFailed):
        client.update_peer("1", {"name": "b"})
    assert len(gateway.requests) == 2 and pauses == []


def test_the_tries_are_bounded(gateway, client, pauses):
    limited(gateway, times=4)
    with pytest.raises(errors.RateLimited):
        client.get_peer("1")
    assert len(gateway.requests) == 4 and pauses == [7.0] * 3


def test_a_wait_that_is_too_long_is_an_error_at_once(gateway, client, pauses):
    limited(gateway, after="3600")
    with pytest.raises(errors.RateLimited):
        client.get_peer("1")
    assert pauses == []


def test_a_lost_connection_is_tried_again(gateway, client, pauses):
    gateway.lose()
    gateway.answer(200, GOOD)
    client.get_peer("1")
    assert pauses == [0.25]


def test_a_policy_of_ones_own(gateway, pauses):
    limited(gateway, times=2)
    with Client(gateway.url, token="x", retry=NO_RETRY, sleep=pauses.append) as client:
        with pytest.raises(errors.RateLimited):
            client.get_peer("1")
    with Client(gateway.url, token="x", retry=RetryPolicy(longest=6), sleep=pauses.append) as client:
        with pytest.raises(errors.RateLimited):
            client.get_peer("1")
    assert len(gateway.requests) == 2 and pauses == []
