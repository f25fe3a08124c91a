"""Fixtures of the tests that hold both SDKs against the OpenAPI document."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "sdk/python/src"))

from documented import OPERATIONS, STREAM  # noqa: E402


def pytest_sessionstart(session):
    missing = [name for name in ("node", "tsc") if not shutil.which(name)]
    if missing:
        pytest.exit(f"the tests of the SDKs need {', '.join(missing)}: CAN'T RUN", returncode=1)


@pytest.fixture(params=OPERATIONS, ids=lambda row: row["id"])
def operation(request):
    return request.param


@pytest.fixture(params=[row for row in OPERATIONS if row["id"] != STREAM], ids=lambda row: row["id"])
def plain_operation(request):
    """An operation whose answer is no stream."""
    return request.param
