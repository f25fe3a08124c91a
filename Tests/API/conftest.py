"""Fixtures of the tests of the API. They need root and wireguard-go, and say so loudly where these are missing."""

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "IntegrationTests"))

from served.server import Server  # noqa: E402


def pytest_sessionstart(session):
    programs = ("ip", "wg", "wireguard-go", "nft", "curl", "node", "zbarimg")
    missing = [name for name in programs if not shutil.which(name)]
    if os.geteuid() != 0:
        pytest.exit("the tests of the API need root: CAN'T RUN", returncode=1)
    if missing:
        pytest.exit(f"the tests of the API need {', '.join(missing)}: CAN'T RUN", returncode=1)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A gateway that serves for all tests of a file."""
    server = Server(tmp_path_factory.mktemp("api") / "gateway")
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def fresh(tmp_path):
    """A gateway that serves for one test."""
    server = Server(tmp_path / "gateway")
    try:
        yield server.start()
    finally:
        server.close()
