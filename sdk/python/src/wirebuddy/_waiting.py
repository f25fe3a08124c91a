"""Waiting for a revision: what both clients decide alike."""

from __future__ import annotations

from typing import Any, Mapping

from .errors import RevisionFailed

#: The seconds between two looks.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


def is_applied(revision: str, record: Mapping[str, Any]) -> bool:
    """Whether a revision's record says that it is applied.

    Raises RevisionFailed when it never will be.
    """
    state = str(record.get("state") or record.get("status"))
    if state in ("failed", "superseded"):
        raise RevisionFailed(revision, state, record)
    return state == "applied"


def next_pause(pause: float) -> float:
    """The pause after one of `pause` seconds."""
    return min(pause * 1.5, LONGEST_PAUSE)
