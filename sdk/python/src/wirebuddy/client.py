"""The client for threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from ._connection import DEFAULT_BASE_URL, Connection
from ._events import Event, EventParser
from ._operations import Operations
from ._request import Request
from ._retry import RetryPolicy, pause_before_reconnect
from ._waiting import FIRST_PAUSE, next_pause, verdict
from .errors import APIError, ConnectionFailed, WaitTimedOut, error_of
from .models import RevisionDetail


class Client(Operations):
    """A gateway's API. One client may be used by several threads; close it, or use it in a `with` block."""

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        *,
        token: str | None = None,
        ca: str | Path | None = None,
        unix_socket: str | Path | None = None,
        timeout: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Connects to nothing yet.

        base_url: where the gateway listens: `https://vpn.example.com`.
        token: an API or session token; without it that in `WIREBUDDY_API_TOKEN`.
        ca: a file of certificates that the gateway's is checked against.
        unix_socket: the gateway's socket on this host, instead of TCP.
        timeout: seconds to wait for the gateway.
        retry: how often a request is sent again after 429, 503 or a lost connection.
        """
        connection = Connection(base_url, token=token, ca=ca, unix_socket=unix_socket, timeout=timeout)
        self._connection = connection
        self._retry = retry
        self._sleep = sleep
        self._http = httpx.Client(
            transport=httpx.HTTPTransport(verify=connection.trust(), uds=connection.unix_socket),
            **connection.arguments(),
        )

    def __repr__(self) -> str:
        return repr(self._connection).replace("Connection", "Client", 1)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _send(self, request: Request) -> Any:
        arguments = request.arguments(self._connection.timeout)
        attempt = 0
        while True:
            try:
                response = self._http.request(**arguments)
            except httpx.TransportError as error:
                wait = self._retry.wait_after_failure(request, attempt)
                if wait is None:
                    raise ConnectionFailed(f"{request.method} {request.path}: {error}") from error
            else:
                if response.is_success:
                    return request.read(response)
                wait = self._retry.wait_after_answer(request, attempt, response)
                if wait is None:
                    raise error_of(response)
            self._sleep(wait)
            attempt += 1

    def wait_for_revision(self, revision: str, timeout: float = 60.0) -> RevisionDetail:
        """Waits until a revision is applied, and returns the gateway's record of it. Where a later one took its place, it is
        that one that is waited for.

        Raises RevisionFailed when it is refused or failed, WaitTimedOut after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        pause = FIRST_PAUSE
        while True:
            record = self.get_revision(revision).data
            found = verdict(revision, record)
            if found == "applied":
                return record
            if time.monotonic() + pause > deadline:
                raise WaitTimedOut(f"revision {revision} is not applied after {timeout:g} s")
            if found == "superseded":
                revision = self.list_revisions(limit=1).data[0]["id"]
            self._sleep(pause)
            pause = next_pause(pause)

    def stream_events(self, *, last_event_id: str | None = None, reconnect: bool = True) -> Iterator[Event]:
        """What happens on the gateway from now on, or after the event with an id. Goes on after a lost connection, where
        it was, unless `reconnect` is false; ends only with the loop that reads it.

        Raises an APIError when the gateway refuses the stream.
        """
        parser = EventParser(last_event_id)
        failures = 0
        while True:
            try:
                for event in self._stream(parser):
                    failures = 0
                    yield event
            except httpx.TransportError as error:
                if not reconnect:
                    raise ConnectionFailed(f"GET /api/events: {error}") from error
            except APIError as error:
                if not reconnect or error.status not in (429, 503):
                    raise
                parser.retry = error.retry_after or parser.retry
            if not reconnect:
                return
            parser.reconnect()
            self._sleep(pause_before_reconnect(parser.retry, failures))
            failures += 1

    def _stream(self, parser: EventParser) -> Iterator[Event]:
        headers = {"Accept": "text/event-stream"}
        if parser.last_id is not None:
            headers["Last-Event-ID"] = parser.last_id
        # The gateway sends a comment now and then: silence longer than a minute is a dead connection.
        timeout = httpx.Timeout(self._connection.timeout, read=60.0)
        with self._http.stream("GET", "/api/events", headers=headers, timeout=timeout) as response:
            if not response.is_success:
                response.read()
                raise error_of(response)
            for chunk in response.iter_bytes():
                yield from parser.feed(chunk)
