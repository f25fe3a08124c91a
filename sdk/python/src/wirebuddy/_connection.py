"""How a client reaches its gateway: what both clients hand to httpx."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Any

#: The variable in which clients keep their token.
TOKEN_VARIABLE = "WIREBUDDY_API_TOKEN"

#: Where a gateway listens by default.
DEFAULT_BASE_URL = "http://127.0.0.1:8080"


class Connection:
    """Base URL, token, trust and timeouts of a client."""

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        *,
        token: str | None = None,
        ca: str | Path | None = None,
        unix_socket: str | Path | None = None,
        timeout: float = 30.0,
    ) -> None:
        """Takes the token from `WIREBUDDY_API_TOKEN` where none is given; at the unix socket none is needed.

        Raises ValueError for a base URL that is not `http` or `https`.
        """
        if not base_url.startswith(("http://", "https://")):
            raise ValueError(f"no http or https URL: {base_url!r}")
        self.base_url = base_url.rstrip("/").removesuffix("/api")
        self.unix_socket = None if unix_socket is None else str(unix_socket)
        self._token = token if token is not None else self._token_of_environment()
        self._ca = ca
        self.timeout = timeout

    def _token_of_environment(self) -> str | None:
        # Who connects to the socket is known by his process.
        return None if self.unix_socket is not None else os.environ.get(TOKEN_VARIABLE) or None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.unix_socket or self.base_url!r})"

    def arguments(self) -> dict[str, Any]:
        """The arguments of an httpx client, besides its transport. Redirects are not followed: a token goes nowhere
        but to the gateway."""
        headers = {"Accept": "application/json, */*;q=0.5", "User-Agent": "wirebuddy-python"}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        return {
            "base_url": self.base_url,
            "headers": headers,
            "timeout": self.timeout,
            "follow_redirects": False,
        }

    def trust(self) -> ssl.SSLContext | bool:
        """The certificates that the gateway's is checked against."""
        if self._ca is None:
            return True
        return ssl.create_default_context(cafile=str(self._ca))
