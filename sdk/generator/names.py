"""Names in the style of each language."""

import keyword
import re


def snake(name):
    """listPeers, getPeerQRCode, If-Match → list_peers, get_peer_qr_code, if_match."""
    return re.sub(
        r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    ).strip("_")


def camel(name):
    """dry_run, If-Match → dryRun, ifMatch."""
    first, *rest = snake(name).split("_")
    return first + "".join(word.capitalize() for word in rest)


def pascal(name):
    """last_handshake → LastHandshake; what begins with a capital stays as it is."""
    words = re.split(r"[^A-Za-z0-9]+", name)
    return "".join(word[:1].upper() + word[1:] for word in words)


def argument(name):
    """An argument in Python: `from_` for `from`."""
    found = snake(name)
    return f"{found}_" if keyword.iskeyword(found) else found
