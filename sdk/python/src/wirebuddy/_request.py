"""A request as a value: what both clients send, and how its answer is read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal, Mapping
from urllib.parse import quote
from uuid import uuid4

import httpx

from ._answer import Answer, Page

#: How the body of a good answer is read.
Shape = Literal["data", "page", "document", "text", "bytes"]


@dataclass(frozen=True)
class Request:
    """One request of one operation."""

    method: str
    path: str
    shape: Shape = "data"
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Where in `data` the rows of a page stand; None: `data` is the list.
    rows: str | None = None

    @property
    def may_repeat(self) -> bool:
        """Whether sending it twice can't do it twice: it only reads, or carries an idempotency key."""
        return self.method in ("GET", "HEAD") or "Idempotency-Key" in self.headers

    def arguments(self, timeout: float) -> dict[str, Any]:
        """The arguments of `httpx.Client.request`. Where the gateway is asked to wait for the pass, the timeout comes on
        top of that."""
        found: dict[str, Any] = {
            "method": self.method,
            "url": self.path,
            "params": {name: _text(value) for name, value in self.query.items() if value is not None},
            "headers": dict(self.headers),
            "timeout": timeout + float(str(self.query.get("wait") or 0).removesuffix("s")),
        }
        if self.body is not None:
            found["content"] = json.dumps(self.body, ensure_ascii=False, allow_nan=False).encode()
            found["headers"]["Content-Type"] = "application/json"
        return found

    def read(self, response: httpx.Response) -> Any:
        """The answer of a response with a good status: an `Answer` or a `Page`, as the shape says."""
        status, headers = response.status_code, response.headers
        if self.shape == "bytes":
            return Answer(response.content, status, headers)
        if self.shape == "text":
            return Answer(response.text, status, headers)
        body = response.json()
        if self.shape == "document":
            return Answer(body, status, headers)
        beside = {name: value for name, value in body.items() if name not in _KNOWN}
        if self.shape == "page":
            rows = body["data"] if self.rows is None else body["data"][self.rows]
            return Page(
                rows, status, headers, beside=beside,
                total=body["total"], limit=body["limit"], offset=body["offset"],
            )  # fmt: skip
        return Answer(body["data"], status, headers, body.get("message"), body.get("reconcile"), beside)


_KNOWN = {"success", "data", "message", "reconcile", "total", "limit", "offset"}


def path(template: str, *values: str) -> str:
    """The path of a template with its parameters: `path("/api/peers/{}", id)`.

    Raises ValueError for a value that would name another path: nothing, `.` or `..`.
    """
    for value in values:
        if value in ("", ".", ".."):
            raise ValueError(f"no name or id: {value!r}")
    return template.format(*(quote(value, safe="") for value in values))


def headers(*, if_match: str | None = None, idempotency_key: str | None = None, keyed: bool = False) -> dict[str, str]:
    """The headers of a write; a keyed one gets a new idempotency key unless one is given."""
    found = {}
    if if_match is not None:
        found["If-Match"] = if_match
    if keyed or idempotency_key is not None:
        found["Idempotency-Key"] = idempotency_key or str(uuid4())
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
