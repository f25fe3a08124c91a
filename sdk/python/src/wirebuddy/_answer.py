"""What an operation answers: the data, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, Mapping, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """The answer of one operation."""

    #: The resource, the text or the bytes.
    data: T
    #: The HTTP status.
    status: int
    #: The headers; names are found in any case.
    headers: Mapping[str, str]
    #: The sentence of a 201.
    message: str | None = None
    #: After a write: which revision it became, and whether it was read back from the kernel (`converged`), is under way
    #: (`pending`) or failed.
    reconcile: Mapping[str, Any] | None = None
    #: Whatever else stands at the top level of the body, as `plan` of a dry run.
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def etag(self) -> str | None:
        """The tag of what is declared, for `if_match` of a later write."""
        return self.headers.get("etag")

    @property
    def revision(self) -> str | None:
        """The revision that the answer shows; after a write the one that it made."""
        made = (self.reconcile or {}).get("revision")
        return made if isinstance(made, str) else self.headers.get("x-wirebuddy-revision")

    @property
    def request_id(self) -> str | None:
        """The id under which the gateway logged the request."""
        return self.headers.get("x-request-id")


@dataclass(frozen=True)
class Page(Answer[list[T]]):
    """The answer of a list: some of its rows."""

    #: How many rows there are.
    total: int = 0
    #: How many rows a page has at most; None: all are here.
    limit: int | None = None
    #: How many rows stand before this page.
    offset: int = 0
