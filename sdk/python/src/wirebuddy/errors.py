"""What goes wrong, as one class per status."""

from __future__ import annotations

from typing import Any, Mapping

import httpx


class WireBuddyError(Exception):
    """Everything that this package raises, besides errors of use (`ValueError`, `TypeError`)."""


class ConnectionFailed(WireBuddyError):
    """The gateway was not reached, or it did not answer in time."""


class RevisionFailed(WireBuddyError):
    """A revision that was waited for is refused or could not be applied."""

    def __init__(self, revision: str, why: str | None, record: Mapping[str, Any]) -> None:
        super().__init__(f"revision {revision} failed: {why or 'the gateway does not say why'}")
        #: The revision.
        self.revision = revision
        #: The gateway's record of it.
        self.record = record


class WaitTimedOut(WireBuddyError, TimeoutError):
    """A revision was not applied within the time that was given."""


class APIError(WireBuddyError):
    """The gateway refused a request."""

    def __init__(self, response: httpx.Response) -> None:
        body = _body(response)
        #: The HTTP status.
        self.status: int = response.status_code
        #: What kind of error, as the gateway names it.
        self.error: str = str(body.get("error", response.reason_phrase))
        #: What is wrong and what to do.
        self.message: str = str(body.get("message", response.reason_phrase))
        #: What programs need to know.
        self.details: Mapping[str, Any] = body.get("details") or {}
        #: The whole body.
        self.body: Mapping[str, Any] = body
        #: The headers of the answer.
        self.headers: Mapping[str, str] = response.headers
        super().__init__(f"{self.status} {self.error}: {self.message}")

    @property
    def fields(self) -> dict[str, str]:
        """What is wrong with which field, of a 422."""
        rows = self.details.get("fields", [])
        return {row["field"]: row["message"] for row in rows if "field" in row and "message" in row}

    @property
    def retry_after(self) -> float | None:
        """After how many seconds another try makes sense."""
        return seconds(self.headers.get("retry-after"))

    @property
    def request_id(self) -> str | None:
        """The id under which the gateway logged the request."""
        return self.headers.get("x-request-id")


class BadRequest(APIError):
    """400: a query parameter or the JSON is malformed."""


class Unauthorized(APIError):
    """401: no token, or one that is unknown, expired or revoked."""


class Forbidden(APIError):
    """403: the token or the role does not allow this."""


class NotFound(APIError):
    """404: there is no such object, or it belongs to somebody else."""


class MethodNotAllowed(APIError):
    """405: the path takes other methods."""


class Conflict(APIError):
    """409: the name or address is taken, a rail refuses the write, or the repository can't take it now."""


class PreconditionFailed(APIError):
    """412: the object is no longer what `if_match` names."""


class ContentTooLarge(APIError):
    """413: the body is too large."""


class UnsupportedMediaType(APIError):
    """415: the body is not JSON."""


class Invalid(APIError):
    """422: fields of the body are not valid; see `fields`."""


class RateLimited(APIError):
    """429: too many requests; see `retry_after`."""

    @property
    def limit(self) -> int | None:
        """How many requests a window takes."""
        value = self.body.get("limit")
        return value if isinstance(value, int) else None

    @property
    def window(self) -> int | None:
        """The seconds of a window."""
        value = self.body.get("window")
        return value if isinstance(value, int) else None


class ServerError(APIError):
    """500: the write was committed and not applied (`details["reconcile"]`), or the gateway failed."""


class NotReady(APIError):
    """503: the gateway is starting, stopping or overloaded; see `retry_after`."""


_CLASSES: dict[int, type[APIError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    409: Conflict,
    412: PreconditionFailed,
    413: ContentTooLarge,
    415: UnsupportedMediaType,
    422: Invalid,
    429: RateLimited,
    500: ServerError,
    503: NotReady,
}


def error_of(response: httpx.Response) -> APIError:
    """The error of a response, of the class of its status."""
    return _CLASSES.get(response.status_code, APIError)(response)


def seconds(value: str | None) -> float | None:
    """The seconds of a `Retry-After` header; None where it has none or an HTTP date, which the gateway never sends."""
    try:
        return max(0.0, float(value)) if value is not None else None
    except ValueError:
        return None


def _body(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
