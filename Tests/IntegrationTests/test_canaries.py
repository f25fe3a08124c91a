"""Canary secrets: planted everywhere a secret may stand, looked for everywhere none may appear."""

import base64
import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from lab.device import key_pair
from lab.gateway import Gateway
from lab.namespace import wait_for
from lab.receiver import Receiver, signature


class Canaries:
    """The secrets of a run, and a scan for each of their forms."""

    def __init__(self):
        self.secrets = {}

    def key(self, name):
        """A new private or preshared key in the form of wg."""
        return self.add(name, key_pair()[0])

    def add(self, name, text):
        text = text.strip()
        self.secrets[name] = base64.b64decode(text)
        return text

    def forms(self, secret):
        text = base64.b64encode(secret).decode()
        yield "base64", text[:-1].encode()
        yield "base64url", text[:-1].replace("+", "-").replace("/", "_").encode()
        yield "hex", secret.hex().encode()
        yield "HEX", secret.hex().upper().encode()
        yield "raw", secret

    def found_in(self, data):
        """Which secrets stand in `data`, and how."""
        return [(name, form) for name, secret in self.secrets.items()
                for form, bytes_ in self.forms(secret) if bytes_ in data]  # fmt: skip

    def check(self, data, place):
        data = data if isinstance(data, bytes) else data.encode()
        assert self.found_in(data) == [], f"{place} shows a secret"


class Run:
    """A gateway whose every output is scanned."""

    def __init__(self, gateway, canaries):
        self.gateway = gateway
        self.canaries = canaries
        self.commands = set()

    def __call__(self, *words, expect=0, shows=False, input=None):
        """Run a command as text, as JSON and with every log line; nothing of it shows a secret, unless it must."""
        self.commands.add(words[0])
        done = self.gateway.wirebuddy(*words, "--log-level", "trace", expect=expect, input=input)
        self.canaries.check(done.stderr, f"stderr of {words}")
        if not shows:
            self.canaries.check(done.stdout, f"stdout of {words}")
        return done

    def both(self, *words, expect=0, **options):
        """A command that changes nothing, in both formats."""
        self(*words, "--format", "json", expect=expect, **options)
        return self(*words, expect=expect, **options)

    def reports(self, *words, expect):
        """A report in its further formats."""
        for form in "markdown", "sarif", "junit", "github":
            self(*words, "--format", form, expect=expect)

    def git(self, *words):
        return self.gateway.namespace.output(
            "git", "-C", self.gateway.config, "-c", "user.name=T", "-c", "user.email=t@example.com", *words)  # fmt: skip

    def commit(self, path, text):
        file = self.gateway.config / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", f"change {path}")

    def objects(self):
        """Everything git ever stored here, unpacked."""
        return subprocess.run(
            ["git", "-C", self.gateway.config, "-c", "safe.directory=*", "cat-file", "--batch-all-objects", "--batch"],
            capture_output=True, check=True).stdout  # fmt: skip

    def collect_made_keys(self):
        """The secrets that WireBuddy itself made: they are canaries from now on."""
        for file in sorted((self.gateway.state / "keys").glob("*")):
            assert file.stat().st_mode & 0o777 == 0o600
            self.canaries.add(f"made key {file.name}", file.read_text())
        for line in self.gateway.namespace.output("wg", "show", "all", "preshared-keys").splitlines():
            if not line.endswith("(none)"):
                self.canaries.add(f"preshared {line.split()[1][:8]}", line.split()[2])


# Whatever a command answers to what is wrong: here only its words count.
ANY = list(range(17))

# An address stands in the repository as it is, and nowhere else.
IN_URL = "token in a URL"

PEER = "kind: Peer\nname: {name}\ninterface: wg0\nip: {ip}\npublic_key: {key}\nrouting_mode: vpn_only\n{more}\n"


@pytest.fixture
def run(lab, gateway):
    return Run(gateway, Canaries())


def host_key(state):
    """The secret in the host's key file, whatever stands around it."""
    text = (state / "host.key").read_text()
    found = [word for word in re.findall(r"[A-Za-z0-9+/]{43}=", text)]
    assert found, "no key in host.key"
    return found


def test_no_output_shows_a_secret(run, gateway, tmp_path):
    canaries = run.canaries
    state = gateway.state
    # Every way a secret is declared: sealed by hand, a file, the environment, sealed by import, made by the server.
    secrets = state / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "file.psk").write_text(canaries.key("file:") + "\n")
    (secrets / "file.psk").chmod(0o600)
    environment = canaries.key("env:")
    gateway.host_file.write_text("userspace: wireguard-go\nsecrets: {env: [CANARY]}\n")
    os.environ["CANARY"] = environment
    try:
        everything(run, gateway, canaries, state, tmp_path)
    finally:
        del os.environ["CANARY"]


def everything(run, gateway, canaries, state, tmp_path):
    run("init")
    run("doctor", expect=[0, 1])
    conf = tmp_path / "wg1.conf"
    private, psk = canaries.key("imported private key"), canaries.key("imported preshared key")
    device = key_pair()[1]
    text = (f"[Interface]\nPrivateKey = {private}\nAddress = 10.9.0.1/24\nListenPort = 51821\n"
            f"PostUp = wg set %i peer {device} preshared-key <(echo {canaries.key('hook')})\n"
            f"# PrivateKey = {canaries.key('comment')}\n[Peer]\nPublicKey = {device}\nPresharedKey = {psk}\n"
            f"AllowedIPs = 10.9.0.2/32\n")  # fmt: skip
    conf.write_text(text)
    run.both("import", conf, "--dry-run")
    run("import", conf)
    broken = tmp_path / "wg2.conf"
    broken.write_text(text.replace("PrivateKey = ", "PrivateKey = !").replace("PresharedKey", f"{psk[:-1]}"))
    run.both("import", broken, expect=1)

    run("peer", "add", "laptop", "--interface", "wg0")
    run("peer", "add", "phone", "--interface", "wg0", "--format", "json")
    run("apply")
    run.collect_made_keys()
    for number, word in enumerate(host_key(state)):
        canaries.add(f"host key {number}", word)

    # What must show secrets, shows them; its errors and logs don't.
    config = run("peer", "config", "laptop", shows=True).stdout
    for name, key in re.findall(r"(PrivateKey|PresharedKey) = (\S+)", config):
        canaries.add(f"laptop {name}", key)
    # The scan finds what is there.
    assert ("laptop PrivateKey", "base64") in canaries.found_in(config.encode())
    run("peer", "qr", "laptop", shows=True)
    run("peer", "qr", "laptop", "--png", tmp_path / "qr.png")
    run("peer", "qr", "laptop", "--svg", tmp_path / "qr.svg")

    for words in [("peer", "list"), ("peer", "show", "laptop"), ("interface", "list"), ("interface", "show", "wg1"),
                  ("status",), ("status", "--all"), ("log",), ("doctor",), ("validate",), ("validate", "--head"),
                  ("events",), ("export",), ("revoke", "--list"), ("secret", "recipients")]:  # fmt: skip
        if words == ("export",):
            run(*words)
            run(*words, "--format", "json")
        else:
            run.both(*words, expect=[0, 1, 2])
    run("export", "--format", "wg-quick", "--output", tmp_path / "out")
    run("export", "--format", "wg-quick", expect=64)

    # Changes, and the plans of changes, with secrets among what differs.
    run("peer", "set", "laptop", "description=of Anna", "persistent_keepalive=15")
    run("peer", "set", "laptop", f"preshared_key={canaries.key('given plainly')}", expect=[10, 12, 64, 1])
    run("peer", "rotate-keys", "phone")
    run("peer", "disable", "phone")
    run.commit("peers/wg0/tablet.yaml", PEER.format(
        name="tablet", ip="10.8.0.70", key=key_pair()[1], more="preshared_key: file:file.psk"))  # fmt: skip
    run.commit("peers/wg0/watch.yaml", PEER.format(
        name="watch", ip="10.8.0.71", key=key_pair()[1], more="preshared_key: env:CANARY"))  # fmt: skip
    run.both("plan", "--all", expect=2)
    run.reports("plan", expect=2)
    run.both("plan", "--all", "--worktree", expect=2)
    run.both("plan", "--all", "--base", "HEAD~2", expect=[2, 11])
    run("apply", "--all")
    run.collect_made_keys()
    gateway.namespace.run("wg", "set", "wg0", "peer", re.search(r"PublicKey = (\S+)", config)[1], check=False)
    gateway.namespace.run("wg", "set", "wg1", "private-key", "/dev/stdin", input=canaries.key("drifted") + "\n")
    run.both("drift", "--all", expect=2)
    run.reports("drift", expect=2)
    run("apply")

    # What fails: a plain key, a sealed value in another object, one that is damaged, a missing file, a lost host key.
    head = run.git("rev-parse", "HEAD")
    sealed = re.search(r"sealed:v1:\S+", (gateway.config / "peers/wg0/laptop.yaml").read_text())[0]
    for more in [f"preshared_key: {canaries.key('plain in yaml')}", f"private_key: {canaries.key('plain private')}",
                 f"preshared_key: {sealed}", f"preshared_key: {sealed[:-8]}AAAAAAAA", "preshared_key: file:missing",
                 f"unknown: {canaries.key('unknown field')}", f"public_key2: [{canaries.key('list')}"]:  # fmt: skip
        run.commit("peers/wg0/bad.yaml", PEER.format(name="bad", ip="10.8.0.72", key=key_pair()[1], more=more))
        for words in [("validate",), ("plan",), ("apply",), ("status",), ("dns", "rules"), ("access", "list")]:
            run.both(*words, expect=ANY)
        run.reports("validate", expect=ANY)
        run.git("reset", "-q", "--hard", head)
    run("secret", "open", sealed, expect=[*ANY, 64])
    run("rollback", run.git("rev-parse", "HEAD~2"), expect=[*ANY, 64])
    run("rollback", "no-such-revision", "--format", "json", expect=[*ANY, 64])
    run("apply", expect=ANY)
    run("revoke", key_pair()[1], "--for", "1h")
    run.both("confirm", "--console", expect=[1])
    run.both("confirm", "--console", "--despite-probes", expect=[1])
    run("approve", "be0aa66eb572", "--for", "1d", "--reason", "a test", expect=ANY)
    run("drift", "--history", expect=ANY)
    run("watchdog", expect=[*ANY, 64])
    run.both("wait", "--revision", "HEAD", "--timeout", "1s", expect=[1])
    run("suspend", "--for", "1h", "a test", expect=[0, 1, 64])
    run("resume", expect=[0, 1, 64])
    run("user", "list", expect=ANY)
    run("token", "list", expect=ANY)
    for words in [("dns", "rules"), ("dns", "lists"), ("dns", "explain", "example.com"), ("access", "list"),
                  ("access", "explain", "laptop", "gateway", "tcp/22"), ("forward", "list")]:  # fmt: skip
        run.both(*words, expect=ANY)

    # The archive holds secrets, and is for nobody else; what is told of it holds none.
    run("backup", tmp_path / "backup.tar")
    run("backup", tmp_path / "backup-of-json.tar", "--format", "json")
    assert (tmp_path / "backup.tar").stat().st_mode & 0o777 == 0o600
    run("restore", tmp_path / "backup.tar", expect=ANY)
    for archive in tmp_path.glob("backup*.tar"):
        archive.unlink()

    serve_and_scan(run, gateway, canaries, tmp_path)
    run("down")
    every_command_ran(run)
    scan_what_stays(run, gateway, canaries, tmp_path)


def every_command_ran(run):
    """A new command has to be looked at here."""
    known = run.gateway.wirebuddy("nonsense", expect=64).stderr
    names = set(re.search(r"Commands: (.*)", known)[1].split(", "))
    # serve is a process that goes on; these two are about the program alone.
    assert names - run.commands <= {"serve", "schema", "version", "help"}


def serve_and_scan(run, gateway, canaries, tmp_path):
    """The daemon with every log line, through a change, a revocation, and what it tells a receiver."""
    receiver = Receiver(gateway, tmp_path / "receiver", Path(__file__).parents[1])
    secret = canaries.key("hook.key")
    (gateway.state / "secrets/hook.key").write_text(secret + "\n")
    (gateway.state / "secrets/hook.key").chmod(0o600)
    hook = receiver.url(f"take/{canaries.key(IN_URL)}")
    refused = receiver.url(f"status/500?{canaries.secrets[IN_URL].hex()}")
    settings = (gateway.config / "settings.yaml").read_text()
    run.commit("settings.yaml", f"{settings}notifications:\n  - {{url: \"{hook}\", secret: file:hook.key}}\n"
                                f"  - {{url: \"{refused}\", secret: file:missing}}\n"
                                f"  - {{url: \"{refused}\"}}\n")  # fmt: skip
    run.both("plan", expect=ANY)
    with open(gateway.log, "ab") as log:
        gateway.daemon = gateway.namespace.start(
            *gateway.arguments("serve", "--log-level", "trace"), stdout=log, stderr=log)  # fmt: skip
    wait_for(lambda: b"look at it:" in gateway.log.read_bytes(), 20, what="the first pass of serve")
    run("peer", "add", "serving", "--interface", "wg0")
    run("peer", "remove", "serving", expect=[0, 16])
    run("status", expect=[0, 2])
    run.both("top")
    run.both("traffic")
    run.both("traffic", "serving", expect=[0, 1])
    laptop = run.git("show", "HEAD:peers/wg0/laptop.yaml")
    key = re.search(r"public_key: \"?([A-Za-z0-9+/]{43}=)", laptop)[1]
    gateway.namespace.run("wg", "set", "wg0", "peer", key, "preshared-key", "/dev/stdin",
                          input=canaries.key("drifted preshared key") + "\n")  # fmt: skip
    receiver.wait_for("drift", "healed")
    run.commit("peers/wg0/bad.yaml", PEER.format(
        name="bad", ip="10.8.0.72", key=key_pair()[1], more=f"preshared_key: {canaries.key('plain while serving')}"))
    receiver.wait_for("revision-failed", "found")
    run.git("revert", "--no-edit", "HEAD")
    receiver.wait_for("revision-failed", "resolved")
    run.both("events")
    run.both("events", "--kind", "failure", "--limit", "5")
    gateway.stop()
    receiver.stop()
    posts = receiver.posts()
    assert any(post["path"].startswith("/status/500") for post in posts)
    for post in posts:
        # The path is the receiver's own; nothing else may hold a secret.
        canaries.check(post["body"] + json.dumps(post["headers"]), f"a notification: {post['path'][:8]}")
        if post["path"].startswith("/take/"):
            assert post["headers"]["X-WireBuddy-Signature"] == signature(post["body"], secret)
    canaries.check(gateway.log.read_bytes(), "the log of serve")


def scan_what_stays(run, gateway, canaries, tmp_path):
    """Git, the database and every file outside of the places made for keys."""
    # Commits of this test itself hold what a person wrote plainly; WireBuddy only ever adds sealed values.
    own = {name for name in canaries.secrets
           if name in ("plain in yaml", "plain private", "unknown field", "list", "plain while serving", IN_URL)}  # fmt: skip
    objects = run.objects()
    assert b"sealed:v1:" in objects
    found = {name for name, _ in canaries.found_in(objects)}
    assert found <= own, f"git holds {found - own}"
    for file in gateway.state.glob("*.db*"):
        canaries.check(file.read_bytes(), file)
    with sqlite3.connect(gateway.state / "wirebuddy.db") as database:
        canaries.check("\n".join(database.iterdump()), "the database")
    kept = {gateway.state / "host.key"}
    for file in gateway.state.rglob("*"):
        if file.is_file() and file.parent.name not in ("keys", "secrets") and file not in kept:
            canaries.check(file.read_bytes(), file)
    for file in [*gateway.state.rglob("*"), *(tmp_path / "out").rglob("*")]:
        assert file.stat().st_mode & 0o077 == 0, f"{file} is open to others"
    for file in gateway.config.rglob("*"):
        if file.is_file() and ".git" not in file.parts:
            found = {name for name, _ in canaries.found_in(file.read_bytes())}
            assert found <= ({IN_URL} if file.name == "settings.yaml" else set()), f"{file} shows a secret"


def test_secret_open_shows_only_on_purpose(run, gateway):
    """What is opened is what was sealed; anywhere else it stays closed."""
    run("init")
    run("peer", "add", "laptop")
    config = run("peer", "config", "laptop", shows=True).stdout
    canary = re.search(r"PrivateKey = (\S+)", config)[1]
    run.canaries.add("private key", canary)
    document = (gateway.config / "peers/wg0/laptop.yaml").read_text()
    run.canaries.check(document, "the document")
    sealed = re.search(r"private_key: (sealed:v1:\S+)", document)[1]
    # In another peer it does not open, and the reason names no key.
    run.commit("peers/wg0/thief.yaml", PEER.format(name="thief", ip="10.8.0.9", key=key_pair()[1],
                                                   more=f"private_key: {sealed}"))  # fmt: skip
    done = run("peer", "config", "thief", expect=1)
    assert "another" in done.stderr or "was sealed for" in done.stderr, done.stderr


def test_no_core_is_written(gateway, tmp_path):
    """A daemon that dies by a signal leaves no memory behind, also where the shell allows core files."""
    gateway.interface()
    place = tmp_path / "cores"
    place.mkdir()
    pattern = Path("/proc/sys/kernel/core_pattern").read_text()
    limit = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    try:
        # The guard can be told from a system that writes no cores at all: this one does.
        there = ["sh", "-c", 'cd "$0" && exec "$@"', place]
        gateway.namespace.start(*there, "sh", "-c", "kill -SEGV $$").wait()
        writes_files = not pattern.startswith("|") and any(place.glob("*core*"))
        for file in place.glob("*core*"):
            file.unlink()
        with open(gateway.log, "ab") as log:
            daemon = gateway.namespace.start(*there, *gateway.arguments("serve"), stdout=log, stderr=log)
        wait_for(lambda: b"look at it:" in gateway.log.read_bytes(), 20, what="the first pass of serve")
        limits = Path(f"/proc/{daemon.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits), limits
        daemon.send_signal(signal.SIGABRT)
        assert daemon.wait(timeout=10) == -signal.SIGABRT
        time.sleep(0.5)
        assert list(place.iterdir()) == []
        # Swift's runtime would tell registers and memory.
        assert "crashed" not in gateway.log.read_text()
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, limit)
    if not writes_files:
        pytest.skip("this system writes no core files here: only the limit was tested")


def test_memory_is_closed_to_other_users(gateway):
    """Only root may look into the process: `PR_SET_DUMPABLE` makes its files root's."""
    gateway.interface()
    gateway.serve(wait=False)
    assert os.stat(f"/proc/{gateway.pid()}/mem").st_uid == 0
