"""The sequences need what the namespace tests need, and use their lab."""

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / "IntegrationTests"), str(Path(__file__).parent)]

from lab.namespace import remove_leftovers  # noqa: E402


def pytest_sessionstart(session):
    missing = [name for name in ("ip", "nsenter", "wg", "wireguard-go", "nft", "git", "ping") if not shutil.which(name)]
    if os.geteuid() != 0:
        pytest.exit("the sequences need root: CAN'T RUN", returncode=1)
    if missing:
        pytest.exit(f"the sequences need {', '.join(missing)}: CAN'T RUN", returncode=1)
    remove_leftovers()


def pytest_terminal_summary(terminalreporter):
    """What the tests say at the end, also when they pass."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", []):
                if name == "say" and report.when == "call":
                    terminalreporter.write_line(text)
