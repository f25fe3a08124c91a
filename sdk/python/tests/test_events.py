"""Server-sent events: the format, and going on after a lost connection."""

import itertools

import pytest
from wirebuddy import Event, errors
from wirebuddy._events import EventParser

STREAM = {"Content_Type": "text/event-stream"}


def events(*chunks):
    parser = EventParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


def test_the_format():
    text = b': hello\nretry: 1500\nid: 7\nevent: pass\ndata: {"a":\ndata: 1}\n\ndata: plain\n\n\n'
    assert events(text) == [Event("pass", {"a": 1}, "7"), Event("message", "plain", "7")]


def test_chunks_may_end_anywhere():
    text = 'id: 1\r\ndata: "Zoë\u2028"\r\n\r\nid: 2\ndata: 2\n\n'.encode()
    want = [Event("message", "Zoë\u2028", "1"), Event("message", 2, "2")]
    assert events(text) == want
    assert events(*(text[at : at + 1] for at in range(len(text)))) == want


def test_a_cut_off_event_is_forgotten():
    parser = EventParser()
    assert parser.feed(b"id: 1\ndata: 1\n\nid: 2\ndata: 2\n") == [Event("message", 1, "1")]
    parser.reconnect()
    assert parser.last_id == "1"
    assert parser.feed(b"\n") == []


def test_a_stream_goes_on_where_it_was(gateway, client, pauses):
    gateway.answer(200, [b"retry: 200\n\n", b"id: 1\nevent: pass\ndata: 1\n\n", b"id: 2\nda"], **STREAM)
    gateway.refuse(503, "Service Unavailable", "stopping", Retry_After="4")
    gateway.answer(200, [b"id: 2\nevent: pass\ndata: 2\n\n"], **STREAM)
    found = list(itertools.islice(client.stream_events(), 2))
    assert [event.data for event in found] == [1, 2]
    assert [request["headers"].get("Last-Event-ID") for request in gateway.requests] == [None, "1", "1"]
    assert pauses == [0.2, 4.0]


def test_a_stream_that_is_refused(gateway, client):
    gateway.refuse(401, "Unauthorized", "Invalid or missing authentication token")
    with pytest.raises(errors.Unauthorized):
        next(client.stream_events())


def test_one_connection_only(gateway, client):
    gateway.answer(200, [b"id: 9\ndata: 1\n\n"], **STREAM)
    assert [event.data for event in client.stream_events(last_event_id="8", reconnect=False)] == [1]
    assert gateway.requests[0]["headers"]["Last-Event-ID"] == "8"
