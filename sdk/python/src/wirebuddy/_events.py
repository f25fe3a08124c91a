"""Server-sent events: the format, without any I/O."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened on the gateway: a pass, drift, a peer that connected, a revision."""

    #: What happened.
    event: str
    #: What the gateway says about it.
    data: Any
    #: Where in the stream it stands.
    id: str | None = None


# Not str.splitlines: it also ends lines at U+2028 and others, which may stand in a name.
_END_OF_LINE = re.compile(rb"\r\n|\n|\r(?!\Z)")


class EventParser:
    """Turns the bytes of a stream into events, and remembers what a later connection needs to go on."""

    def __init__(self, last_id: str | None = None) -> None:
        #: The id of the last event, for `Last-Event-ID`.
        self.last_id = last_id
        #: After how many seconds to connect again, where the gateway said so.
        self.retry: float | None = None
        self.reconnect()

    def reconnect(self) -> None:
        """Forgets half an event: the stream was cut off in it."""
        self._rest = b""
        self._id = self.last_id
        self._clear()

    def _clear(self) -> None:
        self._event = "message"
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> list[Event]:
        """Takes the next bytes; the events that they complete."""
        *lines, self._rest = _END_OF_LINE.split(self._rest + chunk)
        found = (self._line(line.decode("utf-8", "replace")) for line in lines)
        return [event for event in found if event is not None]

    def _line(self, line: str) -> Event | None:
        if line == "":
            return self._complete()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._event = value
        elif name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value) / 1000
        return None

    def _complete(self) -> Event | None:
        event, data = self._event, self._data
        self._clear()
        # Only now: an event that was cut off comes again after the one before it.
        self.last_id = self._id
        return Event(event, _decoded("\n".join(data)), self.last_id) if data else None


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
