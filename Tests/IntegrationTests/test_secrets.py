"""Sealed secrets: what stands in the files reaches the device, and nothing of it stands anywhere else."""

import base64
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lab.device import key_pair
from lab.gateway import ERROR, INVALID, ROOT, STALE
from lab.namespace import wait_for
from lab.office import count

sys.path.insert(0, str(Path(__file__).parents[1] / "Conformance"))
import sealed  # noqa: E402

REPOSITORY = "123e4567-e89b-12d3-a456-426614174000"
HERE = ["--peer", "wg0/device1", "--field", "preshared_key"]


def preshared_keys(gateway):
    lines = gateway.namespace.output("wg", "show", "wg0", "preshared-keys").splitlines()
    return dict(line.split("\t") for line in lines)


def git(gateway, *words):
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    return gateway.namespace.output("git", "-C", gateway.config, *identity, *words)


class Canary:
    """A gateway that can seal, every command's output, and the secrets that must not be in it."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.secrets = []
        self.said = ""
        gateway.settings(repository_id=REPOSITORY)

    def run(self, *words, **options):
        done = self.gateway.wirebuddy(*words, **options)
        self.said += done.stdout + done.stderr
        return done.stdout

    def secret(self):
        self.secrets.append(key_pair()[0])
        return self.secrets[-1]

    def open(self, *words):
        """The only command that may show a secret."""
        return self.gateway.wirebuddy("secret", "open", *words).stdout.strip()

    def host_key(self):
        return self.gateway.json("secret", "recipients")["host_key"]

    def let_host_open(self):
        self.run("secret", "recipients", "add", "gateway", self.host_key(), "--role", "host")

    def check(self):
        """No secret in any output, log, file of the configuration, commit or database."""
        found = [self.said, self.gateway.log_tail()]
        for folder in (self.gateway.config, self.gateway.state):
            for file in folder.rglob("*"):
                if file.is_file() and file.suffix not in (".key", ".next") and file.parent.name != "keys":
                    found.append(file.read_bytes().decode("latin-1"))
        if (self.gateway.config / ".git").exists():
            found.append(git(self.gateway, "log", "-p", "--all"))
        for secret in self.secrets:
            raw = base64.b64decode(secret).decode("latin-1")
            for text in found:
                assert secret not in text and secret[:-2] not in text and raw not in text


@pytest.fixture
def canary(gateway):
    canary = Canary(gateway)
    yield canary
    canary.check()


def test_a_sealed_preshared_key_reaches_the_device(office, canary):
    gateway = office.gateway
    canary.let_host_open()
    first, second = canary.secret(), canary.secret()
    gateway.serve()
    canary.run("secret", "seal", *HERE, "--write", input=first + "\n")
    key = office.device.public_key
    wait_for(lambda: preshared_keys(gateway)[key] == first, 5, what="the preshared key")
    canary.run("plan")
    assert canary.open(*HERE) == first
    # A rename is metadata: the value is bound to the public key.
    file = gateway.config / "peers/wg0/device1.yaml"
    gateway.write("peers/wg0/device1.yaml", file.read_text().replace("name: device1", "name: renamed"))
    gateway.wait_in_sync()
    assert canary.open("--peer", "renamed") == first
    canary.run("secret", "rotate-host-key")
    canary.run("secret", "seal", "--peer", "renamed", "--write", input=second)
    wait_for(lambda: preshared_keys(gateway)[key] == second, 5, what="the second preshared key")
    assert canary.run("validate", "--format", "json").count('"code": "no-recovery-recipient"') == 1
    assert "sealed again" not in canary.run("secret", "reseal")


def test_a_copy_does_not_open_and_says_why(office, canary):
    gateway = office.gateway
    canary.let_host_open()
    text = canary.run("secret", "seal", *HERE, input=canary.secret()).strip()
    gateway.peer("device1", office.device.public_key, 2, preshared_key=text)
    gateway.peer("thief", key_pair()[1], 99, preshared_key=text)
    said = canary.run("apply", expect=ERROR)
    assert f"was sealed for preshared_key of the Peer with the public key {office.device.public_key}" in said
    assert preshared_keys(gateway)[office.device.public_key] == canary.secrets[0], "the others are done"
    gateway.peer("thief", key_pair()[1], 99)
    canary.run("apply")
    canary.run("down")


def test_a_renamed_interface_says_what_to_do(gateway, canary):
    canary.let_host_open()
    gateway.interface()
    canary.run("secret", "seal", "--interface", "wg0", "--write", input=canary.secret())
    canary.run("apply")
    assert gateway.namespace.output("wg", "show", "wg0", "private-key").strip() == canary.secrets[0]
    canary.run("down")
    text = (gateway.config / "interfaces/wg0.yaml").read_text()
    gateway.write("interfaces/wg0.yaml", text.replace("name: wg0", "name: wg1"))
    said = canary.run("plan", expect=ERROR)
    command = re.search(r"`wirebuddy (secret reseal --interface wg1 --from wg0)`", said)
    assert command, said
    canary.run(*command[1].split())
    canary.run("apply")
    assert gateway.namespace.output("wg", "show", "wg1", "private-key").strip() == canary.secrets[0]
    canary.run("down")


def test_another_program_opens_ours_and_we_open_its_values(office, canary):
    gateway = office.gateway
    canary.let_host_open()
    identity = f"public_key:{office.device.public_key}"
    context = (REPOSITORY, "Peer", "preshared_key", identity)
    private = base64.b64decode((gateway.state / "host.key").read_text())
    mine = canary.run("secret", "seal", *HERE, input=canary.secret()).strip()
    assert sealed.unseal(mine, private) == (context, canary.secrets[0].encode())
    theirs = sealed.seal(canary.secret().encode(), context, [sealed.public_key(private)])
    gateway.peer("device1", office.device.public_key, 2, preshared_key=theirs)
    assert canary.open(*HERE) == canary.secrets[1]


def test_a_checkout_seals_without_a_host(office, canary, tmp_path):
    gateway = office.gateway
    canary.let_host_open()
    state, gateway.state = gateway.state, tmp_path / "nothing"
    text = canary.run("secret", "seal", *HERE, input=canary.secret()).strip()
    refused = gateway.wirebuddy("secret", "open", *HERE, expect=ERROR)
    assert not gateway.state.exists()
    gateway.state = state
    assert "only a sealed value is opened" in refused.stderr
    gateway.peer("device1", office.device.public_key, 2, preshared_key=text)
    assert canary.open(*HERE) == canary.secrets[0]


def test_documents_are_what_their_schema_says(office, canary, tmp_path):
    gateway = office.gateway
    schema = Draft202012Validator(json.loads((ROOT / "schemas/output/secret.schema.json").read_text()))
    canary.let_host_open()
    commands = [
        ["recipients"], ["recipients", "generate", "alice", "--role", "operator", "--file", tmp_path / "alice.key"],
        ["seal", *HERE], ["seal", *HERE, "--write"], ["open", *HERE], ["reseal"], ["rotate-host-key"],
        ["keygen", tmp_path / "bob.key"], ["recipients", "remove", "alice"],
    ]  # fmt: skip
    secret = canary.secret()
    for words in commands:
        schema.validate(gateway.json("secret", *words, input=secret))


def test_plain_secrets_and_strange_input_are_refused(office, canary):
    gateway = office.gateway
    canary.let_host_open()
    gateway.peer("device1", office.device.public_key, 2, preshared_key=f'"{canary.secret()}"')
    said = canary.run("validate", expect=INVALID)
    command = re.search(r"wirebuddy (secret seal --peer wg0/device1 --field preshared_key)\n", said)
    assert command, said
    text = canary.run(*command[1].split(), input=canary.secrets[0]).strip()
    for wrong in ("", "short", canary.secret() + "x", canary.secret()[:-1]):
        canary.run(*command[1].split(), input=wrong, expect=ERROR)
    canary.run("secret", "seal", "--peer", "device1", "--field", "private_key", input=canary.secret(), expect=ERROR)
    gateway.peer("device1", office.device.public_key, 2, preshared_key=text)
    canary.run("validate")
    cut = text[:-8]
    gateway.peer("device1", office.device.public_key, 2, preshared_key=cut)
    assert "device1.yaml:7:16: error[damaged-secret]" in canary.run("validate", expect=INVALID)
    gateway.settings()
    gateway.peer("device1", office.device.public_key, 2)
    refused = gateway.wirebuddy("secret", "seal", *HERE, input=text, expect=INVALID)
    assert re.search(r"repository_id: [0-9a-f-]{36}", refused.stderr)
    gateway.settings(repository_id=REPOSITORY)


def test_recipients_come_and_go_in_one_commit_each(office, canary, tmp_path):
    gateway = office.gateway
    git(gateway, "init", "-q", "-b", "main")
    git(gateway, "add", "-A")
    git(gateway, "commit", "-q", "-m", "begin")
    canary.let_host_open()
    canary.run("secret", "seal", *HERE, "--write", input=canary.secret())
    recovery = tmp_path / "recovery.key"
    before = int(git(gateway, "rev-list", "--count", "HEAD"))
    canary.run("secret", "recipients", "generate", "recovery", "--role", "recovery", "--file", recovery)
    assert recovery.stat().st_mode & 0o777 == 0o600
    assert int(git(gateway, "rev-list", "--count", "HEAD")) == before + 1
    canary.run("secret", "recipients", "generate", "recovery", "--role", "recovery", "--file", recovery, expect=ERROR)
    inside = gateway.config / "x.key"
    canary.run("secret", "recipients", "generate", "x", "--role", "operator", "--file", inside, expect=ERROR)
    assert not inside.exists()
    # The host is lost: another one takes over with the recovery key.
    gateway.state.rename(tmp_path / "lost")
    gateway.state.mkdir(mode=0o700)
    new = canary.host_key()
    add = ["secret", "recipients", "add", "new", new, "--role", "host"]
    assert "sealed to others" in gateway.wirebuddy(*add, expect=ERROR).stderr
    canary.run(*add, "--identity", recovery)
    assert canary.open(*HERE) == canary.secrets[0]
    canary.run("secret", "recipients", "remove", "gateway")
    canary.run("secret", "recipients", "remove", "nobody", expect=ERROR)
    assert canary.open(*HERE, "--identity", recovery) == canary.secrets[0]
    assert git(gateway, "status", "--porcelain") == ""
    # What a person edits is not committed along.
    (gateway.config / "peers/wg0/device1.yaml").open("a").write("# mine\n")
    canary.run("secret", "recipients", "remove", "recovery", expect=STALE)
    assert (gateway.config / "peers/wg0/device1.yaml").read_text().endswith("# mine\n")


def test_a_killed_rotation_loses_nothing(office, canary):
    gateway = office.gateway
    git(gateway, "init", "-q", "-b", "main")
    for number in range(3, 40):
        gateway.peer(f"p{number}", key_pair()[1], number)
    git(gateway, "add", "-A")
    git(gateway, "commit", "-q", "-m", "begin")
    canary.let_host_open()
    for number in (3, 20, 39):
        canary.run("secret", "seal", "--peer", f"p{number}", "--write", input=canary.secret())
    for _ in range(count(60)):
        process = subprocess.Popen(
            gateway.namespace.command(*gateway.arguments("secret", "rotate-host-key")),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        time.sleep(random.uniform(0, 0.4))
        os.killpg(process.pid, signal.SIGKILL)
        canary.said += "".join(part.decode() for part in process.communicate())
        for number, secret in zip((3, 20, 39), canary.secrets):
            assert canary.open("--peer", f"p{number}") == secret
    canary.run("secret", "rotate-host-key")
    assert sorted(file.name for file in gateway.state.glob("host.key*")) == ["host.key"]
    for number, secret in zip((3, 20, 39), canary.secrets):
        assert canary.open("--peer", f"p{number}") == secret
    assert git(gateway, "status", "--porcelain") == ""
