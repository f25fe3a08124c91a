"""examples/ci: what a machine can check of it without a forge."""

import re
import shlex
import shutil

import pytest
import yaml
from lab.gateway import BINARY, ROOT
from lab.namespace import run
from lab.repository import commit, git

CI = ROOT / "examples/ci"
YAML = sorted(CI.rglob("*.yml")) + sorted(CI.rglob("*.yaml"))
SCRIPTS = [file for file in sorted(CI.rglob("*")) if file.is_file() and file.read_text().startswith("#!")]
UNITS = sorted(CI.glob("systemd/*.service")) + sorted(CI.glob("systemd/*.timer"))


def texts(node):
    """Every text of a document."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from texts(key)
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
    elif isinstance(node, str):
        yield node


def lines():
    """Every line that some file gives a shell, with the file."""
    for file in SCRIPTS:
        for line in file.read_text().replace("\\\n", " ").splitlines():
            if not line.lstrip().startswith("#"):
                yield file, line
    for file in YAML:
        for text in texts(yaml.safe_load(file.read_text())):
            for line in text.splitlines():
                yield file, line


def commands():
    """Every `wirebuddy` command: the file, its subcommand and its options."""
    for file, line in lines():
        for found in re.finditer(r"(?:^|exec |[;&(] *)wirebuddy ([a-z]+)([^;|&)>]*)", line):
            options = [word for word in shlex.split(found[2], posix=True) if word.startswith("--")]
            yield file, found[1], options


def test_there_is_something_to_check():
    assert len(YAML) >= 3 and len(SCRIPTS) >= 6 and len(UNITS) == 2
    assert {command for _, command, _ in commands()} >= {"validate", "plan", "wait", "drift"}


@pytest.mark.parametrize("file", YAML, ids=lambda file: file.name)
def test_documents_are_yaml(file):
    assert yaml.safe_load(file.read_text())


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_are_good_shell(file):
    run("shellcheck", "--severity=style", file)
    assert file.stat().st_mode & 0o111


def test_every_command_and_option_exists():
    for file, command, options in commands():
        text = run(BINARY, command, "--help").stdout
        for option in options:
            assert re.search(rf"{option}\b", text), f"{file.name}: {command} has no {option}"


def test_every_script_that_is_called_is_there():
    for file, line in lines():
        for name in re.findall(r"\bci/([a-z-]+)", line):
            assert (CI / "scripts" / name).exists(), f"{file.name} calls {name}"


def test_the_jobs_of_the_workflow_give_only_the_rights_they_need():
    jobs = yaml.safe_load((CI / "github/wirebuddy.yml").read_text())
    assert jobs["permissions"] == {"contents": "read"}
    # The token of the gateway is nowhere near what a pull request runs.
    assert "WIREBUDDY_TOKEN" not in str(jobs["jobs"]["review"])
    assert jobs["jobs"]["applied"]["if"] == "github.event_name == 'push'"


def test_units_are_good(tmp_path):
    assert shutil.which("systemd-analyze"), "the units are verified by systemd-analyze (package systemd): CAN'T RUN"
    for unit in UNITS:
        text = unit.read_text().replace("/usr/local/sbin/wirebuddy-drift-mail", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = run("systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir()), check=False)
    complaints = [line for line in done.stderr.splitlines() if "wirebuddy-drift" in line]
    assert complaints == []


def hook_repository(directory):
    git(directory, "init", "-q", "-b", "main")
    (directory / "wg0.yaml").write_text("kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n")
    commit(directory, "begin")
    shutil.copy(CI / "pre-commit/pre-commit", directory / ".git/hooks/pre-commit")


def test_the_hook_keeps_what_is_not_valid_out(tmp_path, monkeypatch):
    programs, repository = tmp_path / "bin", tmp_path / "repository"
    programs.mkdir()
    repository.mkdir()
    (programs / "wirebuddy").symlink_to(BINARY)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    hook_repository(repository)
    (repository / "peer.yaml").write_text("kind: Peer\nname: phone\ninterface: nowhere\n")
    git(repository, "add", "-A")
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.com")
    done = run("git", "-C", repository, *identity, "commit", "-q", "-m", "bad", check=False)
    assert done.returncode != 0 and "peer.yaml:" in done.stderr
    git(repository, "rm", "-q", "--cached", "peer.yaml")
    (repository / "peer.yaml").unlink()
    (repository / "notes.txt").write_text("hello\n")
    commit(repository, "good")


def test_the_drift_report_is_mailed_when_there_is_something(office, tmp_path):
    gateway = office.gateway
    gateway.apply()
    mail, programs = tmp_path / "mail", tmp_path / "bin"
    programs.mkdir()
    (programs / "wirebuddy").symlink_to(BINARY)
    sendmail = programs / "sendmail"
    sendmail.write_text(f"#!/bin/sh\ncat >{mail}\n")
    sendmail.chmod(0o755)
    options = f"OPTIONS=--config {gateway.config} --state {gateway.state} --host-file {gateway.host_file}"

    def report():
        gateway.namespace.run(
            "env", f"PATH={programs}:/usr/sbin:/usr/bin:/sbin:/bin", options, CI / "systemd/wirebuddy-drift-mail",
            "admin@example.com")  # fmt: skip

    report()
    assert not mail.exists()
    gateway.namespace.run("ip", "link", "set", "wg0", "mtu", "1300")
    report()
    text = mail.read_text()
    assert text.startswith("To: admin@example.com\nSubject: Drift on ") and "mtu" in text
    gateway.host_file.write_text("nonsense: true\n")
    report()
    assert "failed with 1" in mail.read_text()
