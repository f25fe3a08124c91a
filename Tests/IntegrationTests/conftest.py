"""Fixtures of the namespace tests. They need root and wireguard-go, and say so loudly where these are missing."""

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from lab.gateway import Gateway  # noqa: E402
from lab.namespace import remove_leftovers  # noqa: E402
from lab.office import Office  # noqa: E402
from lab.topology import Lab  # noqa: E402


def pytest_sessionstart(session):
    programs = ("ip", "nsenter", "wg", "wireguard-go", "tcpdump", "nft", "dig", "unbound")
    missing = [name for name in programs if not shutil.which(name)]
    if os.geteuid() != 0:
        pytest.exit("the namespace tests need root: CAN'T RUN", returncode=1)
    if missing:
        pytest.exit(f"the namespace tests need {', '.join(missing)}: CAN'T RUN", returncode=1)
    remove_leftovers()


@pytest.fixture
def lab():
    with Lab() as lab:
        yield lab


@pytest.fixture
def gateway(lab, tmp_path):
    """WireBuddy in the lab's gateway namespace, with an empty configuration folder."""
    return Gateway(lab.gw, tmp_path / "gateway")


@pytest.fixture
def office(lab, gateway):
    """A gateway with interface wg0 and a connected device, and an echo server in the LAN behind it."""
    return Office(lab, gateway)
