"""The WireBuddy REST API, typed, for threads (`Client`) and for asyncio (`AsyncClient`)."""

from . import errors, models
from ._answer import Answer, Page
from ._events import Event
from ._retry import NO_RETRY, RetryPolicy
from .async_client import AsyncClient
from .client import Client
from .errors import APIError, WireBuddyError

__all__ = [
    "APIError",
    "Answer",
    "AsyncClient",
    "Client",
    "Event",
    "NO_RETRY",
    "Page",
    "RetryPolicy",
    "WireBuddyError",
    "errors",
    "models",
]
