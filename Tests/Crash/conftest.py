"""The crash test needs what the namespace tests need, and uses their lab."""

import os
import random
import shutil
import sys
import time
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / "IntegrationTests"), str(Path(__file__).parent)]

from lab.gateway import Gateway  # noqa: E402
from lab.namespace import Namespace, remove_leftovers  # noqa: E402


def pytest_sessionstart(session):
    missing = [name for name in ("ip", "nsenter", "wg", "wireguard-go", "nft", "strace") if not shutil.which(name)]
    if os.geteuid() != 0:
        pytest.exit("the crash test needs root: CAN'T RUN", returncode=1)
    if missing:
        pytest.exit(f"the crash test needs {', '.join(missing)}: CAN'T RUN", returncode=1)
    remove_leftovers()


def pytest_terminal_summary(terminalreporter):
    for line in COUNTS:
        terminalreporter.write_line(line)


# What the tests say at the end, also when they pass.
COUNTS = []


@pytest.fixture
def say():
    return COUNTS.append


@pytest.fixture
def choose(say, request):
    """A random source; WIREBUDDY_SEED repeats a run."""
    seed = int(os.environ.get("WIREBUDDY_SEED", time.time_ns() % 10**9))
    say(f"{request.node.name}: WIREBUDDY_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def gateway(tmp_path):
    namespace = Namespace("crash")
    try:
        yield Gateway(namespace, tmp_path / "gateway")
    finally:
        namespace.close()
