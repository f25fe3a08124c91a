"""When a request is sent again."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from ._request import Request
from .errors import seconds


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long a client waits before it sends a request again.

    Only requests that can't do anything twice are repeated: reads, and writes with an idempotency key.
    """

    #: How many times one request is sent again.
    attempts: int = 3
    #: The longest wait in seconds that is accepted; a longer `Retry-After` is an error at once.
    longest: float = 60.0
    #: The first wait where the gateway names none; it doubles.
    first: float = 0.25

    def wait_after_answer(self, request: Request, attempt: int, response: httpx.Response) -> float | None:
        """The seconds to wait after bad answer number `attempt` (from 0); None: it stands."""
        if response.status_code not in (429, 503) or not self._may_repeat(request, attempt):
            return None
        wait = seconds(response.headers.get("retry-after"))
        if wait is None:
            wait = self.first * 2**attempt
        return wait if wait <= self.longest else None

    def wait_after_failure(self, request: Request, attempt: int) -> float | None:
        """The seconds to wait after the connection failed for time number `attempt` (from 0); None: no more."""
        return min(self.first * 2**attempt, self.longest) if self._may_repeat(request, attempt) else None

    def _may_repeat(self, request: Request, attempt: int) -> bool:
        return request.may_repeat and attempt < self.attempts


#: Never send anything again.
NO_RETRY = RetryPolicy(attempts=0)


def pause_before_reconnect(retry: float | None, failures: int) -> float:
    """The seconds before an event stream is opened again, after so many that brought no event."""
    return retry if retry is not None else min(0.5 * 2 ** min(failures, 10), 30.0)
