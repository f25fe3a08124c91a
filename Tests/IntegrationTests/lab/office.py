"""The usual scenario: a gateway, its devices as peers, and a LAN host behind it that answers."""

import os

from . import topology
from .device import Device, key_pair
from .flows import measured, pings, serve
from .namespace import wait_for

# The full counts (make prove), or a fixed tenth of them.
PROVE = os.environ.get("WIREBUDDY_PROVE") == "1"


def count(full):
    """The number of rounds of a test that is counted: all with `make prove`, a tenth otherwise."""
    return full if PROVE else max(1, full // 10)


class Office:
    """`wg0` on the gateway with a device per namespace, numbered from 2: 10.8.0.2 is the first device."""

    def __init__(self, lab, gateway):
        self.lab = lab
        self.gateway = gateway
        self.devices = []
        gateway.interface()
        self.add_device()
        serve(lab.lan, "echo", topology.LAN, 7000)

    @property
    def device(self):
        return self.devices[0]

    def add_device(self, name=None, **fields):
        """A device in the next free namespace, and its peer document."""
        index = len(self.devices)
        number = index + 2
        device = Device(self.lab.devices[index], [f"10.8.0.{number}/32", f"fd42:8::{number:x}/128"])
        device.name = name or f"device{index + 1}"
        device.number = number
        self.devices.append(device)
        self.gateway.peer(device.name, device.public_key, number, **fields)
        return device

    def add_stranger(self, name="stranger", number=200, **fields):
        """The document of a peer that no device stands behind; returns its public key."""
        key = key_pair()[1]
        self.gateway.peer(name, key, number, **fields)
        return key

    def connect(self, *more):
        """Set the devices' side up against the gateway's present key, and wait until the tunnel carries."""
        for device in self.devices:
            device.connect(
                self.gateway.public_key(), f"{topology.GATEWAY}:51820",
                ["10.8.0.0/24", "fd42:8::/64", "192.168.50.0/24", f"{topology.INTERNET}/32", *more],
            )  # fmt: skip
            wait_for(lambda device=device: pings(device.namespace, "10.8.0.1", wait=1), what="a tunnel")

    def serve(self):
        self.gateway.serve()
        self.connect()

    def measured(self, settle=0.5):
        """20 packets a second from the first device to the LAN and back while the block runs."""
        return measured(self.device.namespace, topology.LAN, settle=settle)
