"""The tour of the README, executed to the letter on a host of its own."""

import re
import subprocess

import pytest
from lab.gateway import BINARY, ROOT
from lab.namespace import Namespace


def blocks():
    """The blocks of commands below the heading "A tour": without a language, or of a shell."""
    text = (ROOT / "README.md").read_text()
    section = re.search(r"^#+ A tour\n(.*?)(?=^#+ |\Z)", text, re.S | re.M)
    assert section, 'the README has no heading "A tour"'
    found = re.findall(r"^```(\w*)\n(.*?)^```$", section[1], re.S | re.M)
    return [body for language, body in found if language in ("", "sh", "bash", "console", "shell")]


def commands(block):
    """The commands of a block, without prompts; a line may go on after a backslash."""
    lines = (line.removeprefix("$ ").strip() for line in block.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture
def host():
    """A host whose /etc/wirebuddy and /var/lib/wirebuddy nobody else has, with a default route."""
    namespace = Namespace("tour")
    try:
        namespace.run("mount", "-t", "tmpfs", "tmpfs", "/mnt")
        namespace.run("mkdir", "/mnt/upper", "/mnt/work")
        namespace.run("mount", "-t", "overlay", "overlay", "-o",
                      "lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work", "/etc")  # fmt: skip
        namespace.run("rm", "-rf", "/etc/wirebuddy", "/etc/wirebuddy.yaml")
        namespace.run("mount", "-t", "tmpfs", "tmpfs", "/var/lib")
        namespace.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far0")
        namespace.run("ip", "address", "add", "203.0.113.1/24", "dev", "eth0")
        for link in ("eth0", "far0"):
            namespace.run("ip", "link", "set", link, "up")
        namespace.run("ip", "route", "add", "default", "via", "203.0.113.254")
        yield namespace
    finally:
        namespace.close()


def test_the_tour_is_true(host, tmp_path):
    """Every command of the first block ends as it should, in the order given, in one shell."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "wirebuddy").symlink_to(BINARY)
    script = 'export PATH="$1:$PATH" PAGER=cat NO_COLOR=1\n'
    steps = commands(blocks()[0])
    assert len(steps) >= 5, steps
    for number, command in enumerate(steps):
        # A plan that finds changes says so with 2.
        good = "[02]" if command.startswith(("wirebuddy plan", "wirebuddy drift")) else "0"
        script += f'{command}\ncase $? in {good}) ;; *) exit {100 + number};; esac\n'
    done = host.run("bash", "-c", script, "tour", programs, check=False, timeout=180)
    if done.returncode:
        step = steps[done.returncode - 100] if done.returncode >= 100 else "?"
        raise AssertionError(f"{step}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    assert host.output("git", "-C", "/etc/wirebuddy", "status", "--porcelain") == ""


def test_every_command_that_the_readme_names_exists():
    """Words behind `wirebuddy` are commands that the program has."""
    answer = subprocess.run([BINARY, "nonsense"], capture_output=True, text=True).stderr
    known = set(re.search(r"Commands: (.*)", answer)[1].split(", "))
    named = {re.match(r"wirebuddy ([a-z-]+)", line) for block in blocks() for line in commands(block)}
    assert {found[1] for found in named if found} <= known
