#!/usr/bin/env python3
"""client.py NAME [INTERFACE]: create a peer, write its QR code to NAME.png, print the drift report.

Needs `pip install ./sdk/python`. The gateway's address is in WIREBUDDY_URL, a token of an admin with permission `full`
in WIREBUDDY_API_TOKEN.
"""

import os
import sys
from pathlib import Path

from wirebuddy import APIError, Client


def main(name: str, interface: str = "wg0") -> None:
    with Client(os.environ.get("WIREBUDDY_URL", "http://127.0.0.1:8080")) as gateway:
        peer = gateway.create_peer({"name": name, "interface": interface})
        state = peer.reconcile["state"] if peer.reconcile else "unknown"
        print(f"{peer.data['name']}: {peer.data['ip']}, {state}")

        picture = Path(f"{name}.png")
        picture.write_bytes(gateway.get_peer_qr_code(peer.data["id"]).data)
        print(picture)

        changes = gateway.get_drift().data["changes"]
        print(f"drift: {len(changes)}")
        for change in changes:
            print(f"  {change['action']} {change['kind']} {change['name']}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except APIError as error:
        sys.exit(f"client.py: {error}")
