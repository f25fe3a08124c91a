"""A host that lacks something: one clear line that says what and what to do, exit 1, nothing half done."""

import os
import shutil

import pytest

from lab.gateway import BINARY, ERROR

PROGRAMS = ["nft", "wireguard-go", "git", "ip", "wg", "sh", "env"]


def refused(office, done, *words):
    text = (done.stdout + done.stderr).strip()
    for word in words:
        assert word in text, f"{word} not in: {text}"
    assert office.gateway.traces() == []
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, f"not one line: {lines}"


def inside(office, prepare, words, **options):
    """Run a command in a mount namespace of its own after `prepare`, a line of shell."""
    command = [*map(str, office.gateway.arguments(*words))]
    return office.gateway.namespace.run("unshare", "--mount", "sh", "-c", prepare + '; exec "$@"', "sh", *command,
                                        check=False, **options)  # fmt: skip


def test_without_root(office, tmp_path):
    # Whoever runs this may not reach the tree, so the binary stands where everybody does.
    binary = office.gateway.directory / "wirebuddy"
    shutil.copy(BINARY, binary)
    office.gateway.namespace.run("chmod", "-R", "a+rX", tmp_path)
    for parent in tmp_path.parents:
        if parent != parent.parent and parent.owner() == "root" and str(parent) != "/tmp":
            os.chmod(parent, 0o755)
    done = office.gateway.namespace.run(
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary, *office.gateway.arguments("apply")[1:],
        check=False,
    )  # fmt: skip
    assert done.returncode == ERROR
    refused(office, done, "root")
    validate = office.gateway.namespace.run(
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary,
        *office.gateway.arguments("validate")[1:], check=False,
    )  # fmt: skip
    assert validate.returncode == 0, validate.stdout + validate.stderr


def test_without_tun(office):
    done = inside(office, "mount -t tmpfs tmpfs /dev/net", ["apply"])
    assert done.returncode in (ERROR, 14)
    assert "/dev/net/tun" in done.stdout + done.stderr
    assert not office.gateway.has_link()


@pytest.mark.parametrize("program", ["nft", "wireguard-go"])
def test_without_a_program(office, tmp_path, program):
    only = tmp_path / "bin"
    only.mkdir()
    for name in PROGRAMS:
        if name != program:
            (only / name).symlink_to(shutil.which(name))
    done = office.gateway.namespace.run("env", f"PATH={only}", *office.gateway.arguments("apply"), check=False)
    assert done.returncode in (ERROR, 14)
    assert program in done.stdout + done.stderr
    assert not office.gateway.has_link() and not office.gateway.has_table()


def test_without_git(office, tmp_path):
    only = tmp_path / "bin"
    only.mkdir()
    for name in PROGRAMS:
        if name != "git":
            (only / name).symlink_to(shutil.which(name))
    office.gateway.namespace.run("git", "-C", office.gateway.config, "init", "-q", "-b", "main")
    done = office.gateway.namespace.run("env", f"PATH={only}", *office.gateway.arguments("apply"), check=False)
    assert done.returncode == ERROR
    refused(office, done, "git")


def test_full_disk(office):
    state = office.gateway.state
    done = inside(office, f"mount -t tmpfs -o size=64k tmpfs {state} && head -c 1m /dev/zero >{state}/fill 2>/dev/null", ["apply"])
    assert done.returncode == ERROR
    refused(office, done, str(state))


def test_read_only_state(office):
    state = office.gateway.state
    done = inside(office, f"mount -t tmpfs -o ro tmpfs {state}", ["apply"])
    assert done.returncode == ERROR
    refused(office, done, str(state))


def test_usage(office):
    office.gateway.wirebuddy("apply", "--nonsense", expect=64)


def test_unknown_folder(office):
    done = office.gateway.namespace.run(BINARY, "plan", "--config", "/nonexistent", "--state", office.gateway.state,
                                        check=False)  # fmt: skip
    assert done.returncode == ERROR and "/nonexistent" in done.stderr
