"""The programs of examples/hooks: what they tell a forge, and whom they write a mail."""

import json
import shutil

import pytest

from lab.forge import Forge
from lab.gateway import INVALID, ROOT
from lab.namespace import run

EXAMPLES = ROOT / "examples/hooks"
TOKEN = "t0ken-of-the-forge"


@pytest.fixture
def hooks(office, tmp_path):
    """The gateway's repository in git, with an empty hooks directory."""
    gateway = office.gateway
    directory = tmp_path / "hooks.d"
    directory.mkdir(mode=0o755)
    gateway.host_file.write_text(f"userspace: wireguard-go\nhooks: {{directory: {directory}}}\n")
    commit(gateway, "begin", "init", "-q", "-b", "main")
    return directory


def commit(gateway, message, *first):
    git = ("git", "-C", gateway.config, "-c", "user.name=Test", "-c", "user.email=test@example.com")
    if first:
        run(*git, *first)
    run(*git, "add", "-A")
    run(*git, "commit", "-q", "-m", message)
    return run(*git, "rev-parse", "HEAD").stdout.strip()


def install(hooks, name, **environment):
    """An example as it stands; a wrapper gives it what a host has in /etc and PATH."""
    words = "".join(f"export {key}='{value}'\n" for key, value in environment.items())
    program = hooks / name
    program.write_text(f"#!/bin/sh\n{words}exec {EXAMPLES / name}\n")
    program.chmod(0o755)


@pytest.mark.parametrize("kind, path, header, failure", [
    ("github", "repos/7/statuses/{}", ("authorization", f"Bearer {TOKEN}"), "failure"),
    ("gitea", "api/v1/repos/7/statuses/{}", ("authorization", f"token {TOKEN}"), "failure"),
    ("gitlab", "api/v4/projects/7/statuses/{}", ("private-token", TOKEN), "failed"),
])  # fmt: skip
def test_the_forge_is_told_what_became_of_a_commit(hooks, office, tmp_path, kind, path, header, failure):
    gateway = office.gateway
    forge = Forge(gateway, tmp_path / "forge")
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    configuration = tmp_path / "status.conf"
    configuration.write_text(f"kind={kind}\nurl={forge.url}\nproject=7\ntoken_file={token}\ncontext=wirebuddy/gw\n")
    install(hooks, "50-commit-status", COMMIT_STATUS_CONF=configuration)
    good = head(gateway)
    said = gateway.apply().stderr
    assert "failed" not in said, said
    (post,) = forge.posts(path.format(good))
    assert post["headers"][header[0]] == header[1]
    body = json.loads(post["body"])
    assert (body["state"], body["context"]) == ("success", "wirebuddy/gw") and "applied" in body["description"]
    gateway.write("peers/wg0/broken.yaml", "kind: Peer\nname: 5\n")
    bad = commit(gateway, "not valid")
    gateway.apply(expect=INVALID)
    (post,) = forge.posts(path.format(bad))
    assert json.loads(post["body"])["state"] == failure
    # Nobody there: the hook says so, and the gateway does not mind.
    forge.stop()
    (gateway.config / "peers/wg0/broken.yaml").unlink()
    commit(gateway, "valid again")
    said = gateway.apply().stderr
    assert "a hook failed" in said and TOKEN not in said


def test_a_mail_names_what_went_wrong(hooks, office, tmp_path):
    gateway = office.gateway
    programs = tmp_path / "bin"
    programs.mkdir()
    box = tmp_path / "mail"
    sendmail = programs / "sendmail"
    sendmail.write_text(f"#!/bin/sh\n[ \"$1\" = -t ] && cat >{box}\n")
    sendmail.chmod(0o755)
    install(hooks, "60-mail", PATH=f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin", WIREBUDDY_MAIL_TO="admin@example.com")
    gateway.apply()
    assert not box.exists(), "what is applied needs no mail"
    gateway.write("peers/wg0/broken.yaml", "kind: Peer\nname: 5\n")
    bad = commit(gateway, "not valid")
    gateway.apply(expect=INVALID)
    mail = box.read_text()
    assert mail.startswith("To: admin@example.com\nSubject: WireBuddy on ") and bad in mail
    assert "It can not be used:" in mail and "broken.yaml" in mail


def head(gateway):
    return run("git", "-C", gateway.config, "rev-parse", "HEAD").stdout.strip()


def test_the_examples_can_be_installed_as_they_stand():
    for program in EXAMPLES.iterdir():
        assert program.stat().st_mode & 0o111, f"{program} is not executable"
    assert shutil.which("jq") and shutil.which("curl")
