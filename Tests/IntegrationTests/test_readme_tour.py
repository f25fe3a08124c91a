"""The tour of the README, executed to the letter on a host of its own."""

import re
import subprocess

import pytest
from lab.gateway import BINARY, ROOT
from lab.fresh_host import commands, failed, fresh_host, script


def blocks():
    """The blocks of commands below the heading "A tour": without a language, or of a shell."""
    text = (ROOT / "README.md").read_text()
    section = re.search(r"^#+ A tour\n(.*?)(?=^#+ |\Z)", text, re.S | re.M)
    assert section, 'the README has no heading "A tour"'
    found = re.findall(r"^```(\w*)\n(.*?)^```$", section[1], re.S | re.M)
    return [body for language, body in found if language in ("", "sh", "bash", "console", "shell")]


@pytest.fixture
def host():
    with fresh_host("tour") as host:
        yield host


def test_the_tour_is_true(host, tmp_path):
    """Every command of the first block ends as it should, in the order given, in one shell."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "wirebuddy").symlink_to(BINARY)
    steps = commands(blocks()[0])
    assert len(steps) >= 5, steps
    done = host.run("bash", "-c", script(steps), "tour", programs, check=False, timeout=180)
    assert done.returncode == 0, failed(steps, done)
    assert host.output("git", "-C", "/etc/wirebuddy", "status", "--porcelain") == ""


def test_every_command_that_the_readme_names_exists():
    """Words behind `wirebuddy` are commands that the program has."""
    answer = subprocess.run([BINARY, "nonsense"], capture_output=True, text=True).stderr
    known = set(re.search(r"Commands: (.*)", answer)[1].split(", "))
    named = {re.match(r"wirebuddy ([a-z-]+)", line) for block in blocks() for line in commands(block)}
    assert {found[1] for found in named if found} <= known
