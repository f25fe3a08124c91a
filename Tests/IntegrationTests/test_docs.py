"""The commands in the documentation: each is one the program takes, and the blocks marked `sh` are run in order."""

import json
import re
import shlex
import subprocess

import pytest
from lab.gateway import BINARY, ROOT
from lab.fresh_host import commands, failed, fresh_host, script
from lab.namespace import Namespace, wait_for

PAGES = sorted(
    path
    for pattern in ("README.md", "docs/*.md", "examples/*.md", "examples/*/README.md")
    for path in ROOT.glob(pattern)
)
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.S | re.M)


@pytest.fixture(scope="module")
def command():
    """The program's own description of its commands."""
    text = subprocess.run([BINARY, "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout
    return json.loads(text)["command"]


def in_blocks(text):
    """The lines of the fenced blocks that begin with `wirebuddy` or have it behind a pipe, `- run:` or a prompt."""
    for language, body in FENCE.findall(text):
        if language in ("yaml", "json", "python", "ini"):
            continue
        for line in body.replace("\\\n", " ").splitlines():
            found = re.search(r"(?:^|\| |&& |run: |^\$ )(wirebuddy [a-z].*)", line)
            # `wirebuddy validate: …` is what it prints.
            if found and not found[1].split()[1].endswith(":"):
                yield found[1]


def in_sentences(text):
    """What stands in `code` and begins with `wirebuddy` and a command, over the ends of lines."""
    prose = FENCE.sub("", text)
    for found in re.findall(r"`(wirebuddy\s[a-z][^`]*)`", prose):
        words = " ".join(found.split())
        if "…" not in words and "..." not in words and "COMMAND" not in words:
            yield re.sub(r"[\[\]]", "", words)


def words(line):
    """The words of the first command of a line, without comment, pipes and redirections."""
    line = re.sub(r"(\s#\s|\s{2,}#).*$", "", line)
    # Prose speaks of choices as `a|b`, shells write pipes with spaces.
    lexer = shlex.shlex(re.sub(r"\s(\||&&|;|>|<).*$", "", line), posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def fault(command, line):
    """Why the program would not take this line; None: it would."""
    try:
        rest = words(line)[1:]
    except ValueError as error:
        return f"{line!r} is no shell command: {error}"
    while rest and (nested := next((c for c in command.get("subcommands", []) if c["commandName"] == rest[0]), None)):
        command, rest = nested, rest[1:]
    arguments = command.get("arguments", [])
    options = {
        ("--" if n["kind"] == "long" else "-") + n["name"]: a
        for a in arguments
        for n in a.get("names", [])
    }
    places = [a for a in arguments if a["kind"] == "positional"]
    positionals = 0
    while rest:
        word, *rest = rest
        if word == "--":
            return None
        if word.startswith("-") and len(word) > 1 and not re.fullmatch(r"-\d+.*", word):
            name, _, value = word.partition("=")
            if name not in options:
                return f"{line!r}: {command['commandName']} has no option {name}"
            if options[name]["kind"] == "option" and not value:
                if not rest:
                    return f"{line!r}: {name} has no value"
                rest = rest[1:]
        elif not places and command.get("subcommands"):
            return f"{line!r}: {command['commandName']} has no command {word}"
        else:
            positionals += 1
    if positionals > len(places) and not any(a["isRepeating"] for a in places):
        return f"{line!r}: too many words"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_the_page_is_one_the_program_takes(page, command):
    text = page.read_text()
    faults = [fault(command, line) for line in (*in_blocks(text), *in_sentences(text))]
    assert [found for found in faults if found] == []


def test_the_check_finds_what_is_wrong(command):
    assert fault(command, "wirebuddy plan --worktree --all") is None
    assert fault(command, "wirebuddy peer set phone name=tablet") is None
    assert "no option --wortree" in fault(command, "wirebuddy plan --wortree")
    assert "no command ad" in fault(command, "wirebuddy peer ad phone")
    assert "no value" in fault(command, "wirebuddy log --peer")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


# What a page's `sh` blocks find on the host.


def wg_quick(host: Namespace):
    """An interface of wg-quick with a peer; its unit can't be disabled here, so that command is one that answers."""
    key = host.output("wg", "genkey").strip()
    other = subprocess.run(["wg", "pubkey"], input=subprocess.run(["wg", "genkey"], capture_output=True, text=True).stdout,
                           capture_output=True, text=True).stdout.strip()  # fmt: skip
    host.run("mkdir", "-p", "/etc/wireguard")
    file = f"[Interface]\nAddress = 10.8.0.1/24\nListenPort = 51820\nPrivateKey = {key}\n\n# phone\n[Peer]\nPublicKey = {other}\nAllowedIPs = 10.8.0.2/32\n"  # fmt: skip
    host.run("bash", "-c", f"umask 077; cat > /etc/wireguard/wg0.conf <<'E'\n{file}E")
    host.run("env", "WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go", "wg-quick", "up", "wg0")
    wait_for(lambda: "wg0" in host.output("wg", "show", "interfaces"), what="wg-quick")


HOSTS = {"docs/migration.md": wg_quick}


@pytest.fixture
def host():
    with fresh_host("docs") as host:
        yield host


RUN = [path for path in PAGES if re.search(r"^```sh$", path.read_text(), re.M)]


@pytest.mark.parametrize("page", RUN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_sh_blocks_of_a_page_work(page, host, tmp_path):
    """In order, in one shell; a plan or drift that finds something says so with 2. systemd does not run here: of its
    commands only that they are spelt right is looked at."""
    name = str(page.relative_to(ROOT))
    if name in HOSTS:
        HOSTS[name](host)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "wirebuddy").symlink_to(BINARY)
    (programs / "systemctl").write_text('#!/bin/sh\ncase "$1" in enable|disable|start|stop|restart|reload|status) ;; *) exit 1;; esac\n')
    (programs / "systemctl").chmod(0o755)
    blocks = [body for language, body in FENCE.findall(page.read_text()) if language == "sh"]
    steps = [step for body in blocks for step in commands(body)]
    done = host.run("bash", "-c", script(steps, "cd /root\n"), "docs", programs, check=False, timeout=180)
    assert done.returncode == 0, f"{name}: {failed(steps, done)}"
