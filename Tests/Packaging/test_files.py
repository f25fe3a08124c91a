"""What is in the package: the binary and its libraries, man pages, completions, units. Nothing is installed."""

import os
import re
import subprocess

import pytest
from conftest import BINARY, ROOT, build
from machine import run

# What the C and C++ compilers bring, and the libraries that Debian has as packages. No Swift among them.
LIBRARIES = {
    "linux-vdso", "ld-linux-x86-64", "ld-linux-aarch64", "libc", "libm", "libpthread", "libgcc_s", "libstdc++",
    "libyaml-0", "libsodium", "libmnl", "libqrencode", "libpng16", "libidn2", "libmaxminddb", "libre2", "libsqlite3",
    # What libpng and libidn2 need.
    "libz", "libunistring",
}  # fmt: skip


@pytest.fixture(scope="module")
def tree(package, tmp_path_factory):
    """The package's files."""
    folder = tmp_path_factory.mktemp("tree") / "files"
    run("dpkg-deb", "--extract", package, folder)
    return folder


def test_the_binary_needs_only_libraries_of_debian(tree):
    listed = run("ldd", tree / "usr/bin/wirebuddy").stdout
    names = {os.path.basename(line.split()[0]).split(".so")[0] for line in listed.splitlines()}
    assert "not found" not in listed
    assert names - LIBRARIES == set()
    assert not re.search("swift|Foundation|dispatch", listed)


def test_the_binary_has_no_search_path_of_the_machine_it_was_built_on(tree):
    dynamic = run("readelf", "--dynamic", tree / "usr/bin/wirebuddy").stdout
    assert not re.search(r"R(UN)?PATH.*\[/(?!usr/lib)", dynamic), dynamic


def test_lintian_finds_nothing(package):
    found = run("lintian", "--allow-root", "--fail-on=error,warning", "--tag-display-limit=0", package, check=False)
    assert found.returncode == 0 and not re.search("^[EW]:", found.stdout, re.MULTILINE), found.stdout + found.stderr


def test_every_command_has_a_man_page(tree):
    pages = sorted((tree / "usr/share/man").rglob("*.gz"))
    names = {page.name.removesuffix(".gz") for page in pages}
    commands = re.findall(r"(?m)^  ([a-z-]+) +", run(BINARY, "--help").stdout.split("SUBCOMMANDS:")[1])
    assert len(commands) > 20
    assert {f"wirebuddy-{name}.1" for name in commands} - {"wirebuddy-help.1"} <= names
    assert {"wirebuddy.1", "wirebuddy.yaml.5", "wirebuddy-config.5"} <= names
    for page in pages:
        text = subprocess.run(["gzip", "-dc", page], capture_output=True, check=True).stdout
        linted = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=text, capture_output=True)
        assert linted.stdout.decode() == "", page
    host = subprocess.run(["gzip", "-dc", tree / "usr/share/man/man5/wirebuddy.yaml.5.gz"], capture_output=True).stdout
    assert b"socket_group" in host and b"allowed_signers" in host


@pytest.mark.parametrize(
    "shell, file, script",
    [
        ("bash", "bash-completion/completions/wirebuddy",
         'source "$0"; COMP_WORDS=(wirebuddy pe); COMP_CWORD=1; _wirebuddy wirebuddy pe wirebuddy; echo "${COMPREPLY[@]}"'),
        ("zsh", "zsh/vendor-completions/_wirebuddy", 'autoload -Uz compinit; compinit -u -D; source "$0"; whence _wirebuddy'),
        ("fish", "fish/vendor_completions.d/wirebuddy.fish", None),
    ],
)  # fmt: skip
def test_shells_complete(tree, tmp_path, shell, file, script):
    path = tree / "usr/share" / file
    if shell == "fish":
        command = ["fish", "--no-config", "-c", f'source "{path}"; complete --do-complete "wirebuddy pe"']
    else:
        command = [shell, *(["--norc"] if shell == "bash" else ["-f"]), "-c", script, path]
    environment = {"HOME": str(tmp_path), "PATH": f"{tree}/usr/bin:{os.environ['PATH']}"}
    done = run(*command, env=environment)
    assert ("_wirebuddy" if shell == "zsh" else "peer") in done.stdout.split(), done.stdout + done.stderr


def test_the_exposure_of_the_unit_is_low(tree):
    unit = "wirebuddy.service"
    security = run("systemd-analyze", "security", "--offline=true", "--root", tree, "--no-pager", unit)
    print(security.stdout)
    level = re.search(r"Overall exposure level for wirebuddy.service: ([0-9.]+)", security.stdout)
    assert float(level[1]) <= 3.0, security.stdout


def test_two_builds_are_equal(package, tmp_path):
    again = build(tmp_path, "none")
    for part in ("--ctrl-tarfile", "--fsys-tarfile"):
        first, second = (subprocess.run(["dpkg-deb", part, file], capture_output=True, check=True).stdout
                         for file in (package, again))  # fmt: skip
        assert first == second


def test_make_install_and_uninstall(tmp_path):
    environment = os.environ | {"WIREBUDDY": str(BINARY)}
    places = [f"DESTDIR={tmp_path}", "PREFIX=/opt/gateway"]
    run("make", "-C", ROOT, "install", *places, env=environment)
    unit = (tmp_path / "opt/gateway/lib/systemd/system/wirebuddy.service").read_text()
    assert "ExecStart=/opt/gateway/bin/wirebuddy serve" in unit and not re.search("@[a-z]+@", unit)
    assert run(tmp_path / "opt/gateway/bin/wirebuddy", "version").stdout
    assert list((tmp_path / "opt/gateway/share/man/man1").glob("wirebuddy-serve.1.gz"))
    foreign = tmp_path / "opt/gateway/bin/other"
    foreign.write_text("")
    run("make", "-C", ROOT, "uninstall", *places, env=environment)
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == [foreign]
