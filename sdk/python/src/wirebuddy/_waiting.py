"""Waiting for a revision: what both clients decide alike."""

from __future__ import annotations

from typing import Literal

from .errors import RevisionFailed
from .models import RevisionDetail

#: The seconds before the second look.
FIRST_PAUSE = 0.1

_LONGEST_PAUSE = 2.0


def verdict(revision: str, record: RevisionDetail) -> Literal["applied", "pending", "superseded"]:
    """What a revision's record says; one that no pass has seen yet is pending.

    Raises RevisionFailed when it never will be applied.
    """
    result = record["result"]
    if result == "failed":
        raise RevisionFailed(revision, record["message"], record)
    return result or "pending"


def next_pause(pause: float) -> float:
    """The pause after one of `pause` seconds."""
    return min(pause * 1.5, _LONGEST_PAUSE)
