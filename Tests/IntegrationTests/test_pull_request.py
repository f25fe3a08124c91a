"""A change on its way: branch, review by the scripts of examples/ci, merge, the gateway that follows, and back."""

import json
import os
import subprocess

import pytest
from lab.device import key_pair
from lab.gateway import BINARY, DONE, ERROR, INVALID, RAIL, ROOT
from lab.namespace import run, wait_for
from lab.repository import commit, git

SCRIPTS = ROOT / "examples/ci/scripts"
ADDRESS = "127.0.0.1:8080"


class Forge:
    """A bare repository, a person's clone of it, and the pipeline that runs between them."""

    def __init__(self, gateway, directory):
        self.gateway = gateway
        self.bare, self.clone = directory / "remote.git", directory / "clone"
        self.programs = directory / "bin"
        self.programs.mkdir()
        (self.programs / "wirebuddy").symlink_to(BINARY)
        run("git", "clone", "-q", "--bare", gateway.config, self.bare)
        git(gateway.config, "remote", "add", "origin", self.bare)
        run("git", "clone", "-q", self.bare, self.clone)
        self.comment, self.reports = directory / "plan.md", directory / "reports"

    def script(self, name, *words, **variables):
        """One job of the pipeline, in a checkout of its own with nothing but the program."""
        environment = {"PATH": f"{self.programs}:{os.environ['PATH']}", "HOME": str(self.programs),
                       "CONFIG": str(self.clone)}  # fmt: skip
        return subprocess.run([SCRIPTS / name, *map(str, words)], env=environment | variables, capture_output=True, text=True,
                              timeout=60)  # fmt: skip

    def propose(self, branch, change):
        """A person's branch."""
        git(self.clone, "switch", "-q", "main")
        git(self.clone, "pull", "-q", "--ff-only")
        git(self.clone, "switch", "-q", "-c", branch)
        change(self.clone)
        commit(self.clone, branch)
        git(self.clone, "push", "-q", "origin", branch)

    def review(self):
        """What a pull request runs: the exit codes of validate and plan."""
        validated = self.script("validate", FORMAT="github", REPORTS=str(self.reports)).returncode
        return validated, self.script("plan", "origin/main", self.comment).returncode

    def merge(self, branch):
        """Merging is applying. Returns the merge commit."""
        git(self.clone, "switch", "-q", "main")
        git(self.clone, "merge", "-q", "--no-ff", "-m", f"Merge {branch}", branch)
        git(self.clone, "push", "-q", "origin", "main")
        return git(self.clone, "rev-parse", "main")

    def applied(self, revision, timeout="45s"):
        """The last job: it asks the gateway over its API, with a token from the secrets of the pipeline."""
        done = self.gateway.namespace.run(
            "env", f"PATH={self.programs}:{os.environ['PATH']}", f"CONFIG={self.clone}", f"TIMEOUT={timeout}",
            f"GATEWAY=http://{ADDRESS}", f"WIREBUDDY_TOKEN={self.token}", SCRIPTS / "wait", revision, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def forge(office, tmp_path):
    gateway = office.gateway
    gateway.settings(repository_id="123e4567-e89b-12d3-a456-426614174000")
    gateway.write("users/admin.yaml", "kind: User\nusername: admin\nrole: admin\nemail: admin@example.com\n")
    git(gateway.config, "init", "-q", "-b", "main")
    commit(gateway.config, "begin")
    forge = Forge(gateway, tmp_path)
    gateway.host_file.write_text(
        f"userspace: wireguard-go\nrepository: {{remote: origin, poll: 5s}}\napi: {{listen: [\"{ADDRESS}\"]}}\n")  # fmt: skip
    gateway.serve()
    forge.token = gateway.wirebuddy("token", "create", "pipeline", "--permission", "full").stdout.strip()
    return forge


def peer(name, key, number):
    def change(clone):
        file = clone / f"peers/wg0/{name}.yaml"
        file.write_text(f"kind: Peer\nname: {name}\ninterface: wg0\nip: 10.8.0.{number}\npublic_key: {key}\n")

    return change


def test_a_change_and_its_gates(forge):
    gateway = forge.gateway
    key = key_pair()[1]
    forge.propose("add-tablet", peer("tablet", key, 50))
    assert forge.review() == (DONE, DONE)
    comment = forge.comment.read_text()
    assert "wg0/tablet" in comment and comment.startswith("<!-- wirebuddy plan -->")
    assert json.loads((forge.reports / "wirebuddy.sarif").read_text())["version"] == "2.1.0"
    merged = forge.merge("add-tablet")
    code, said = forge.applied(merged)
    assert code == DONE and f"applied: {merged}" in said and key in gateway.peers()
    # The branch's own commit is contained in the merge, and so is what was there before.
    branch = git(forge.clone, "rev-parse", "add-tablet")
    code, said = forge.applied(branch[:10])
    assert code == DONE and f"superseded by {merged}, which contains it" in said
    assert gateway.json("drift")["changes"] == []

    # A gate each: not valid, ...
    forge.propose("typo", lambda clone: (clone / "peers/wg0/x.yaml").write_text("kind: Peer\nname: [x\n"))
    assert forge.review()[0] == INVALID
    found = json.loads((forge.reports / "wirebuddy.sarif").read_text())["runs"][0]["results"]
    assert any("x.yaml" in str(result["locations"]) for result in found)
    assert "<failure" in (forge.reports / "wirebuddy.xml").read_text()
    # ... refused by a rail, ...
    forge.propose("remove-wg0", lambda clone: git(clone, "rm", "-q", "-r", "interfaces", "peers"))
    assert forge.review() == (DONE, RAIL)
    assert "interface-removal" in forge.comment.read_text()
    # ... and one that only the host can know: its review is green, and the last job is red.
    forge.propose("no-key", lambda clone: (clone / "interfaces/wg1.yaml").write_text(
        "kind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\nprivate_key: file:nowhere.key\n"))  # fmt: skip
    assert forge.review() == (DONE, DONE)
    code, said = forge.applied(forge.merge("no-key"))
    assert code == ERROR and "nowhere.key" in said and key in gateway.peers()

    # Merged past its gate, a refused one is refused by the gateway, too.
    git(forge.clone, "revert", "--no-edit", "-m", "1", "HEAD")
    git(forge.clone, "push", "-q", "origin", "main")
    assert forge.applied(git(forge.clone, "rev-parse", "main"))[0] == DONE
    code, said = forge.applied(forge.merge("remove-wg0"))
    assert code == RAIL and "interface-removal" in said and gateway.has_link() and key in gateway.peers()


def test_the_token_and_the_way_to_the_gateway(forge, tmp_path):
    gateway = forge.gateway
    head = git(gateway.config, "rev-parse", "HEAD")

    def wait(*words, expect=DONE, token=forge.token, **options):
        variables = os.environ | ({"WIREBUDDY_TOKEN": token} if token else {})
        variables.pop("WIREBUDDY_TOKEN", None) if not token else None
        return gateway.wirebuddy("wait", "--revision", head, "--timeout", "10s", *words, expect=expect, env=variables,
                                 **options)  # fmt: skip

    assert f"applied: {head}" in wait().stdout, "the daemon of this host"
    wait("--against", f"http://{ADDRESS}")
    assert "does not take the token" in wait("--against", f"http://{ADDRESS}", token="wb_wrong", expect=ERROR).stderr
    assert "WIREBUDDY_TOKEN" in wait("--against", f"http://{ADDRESS}", token=None, expect=ERROR).stderr
    (tmp_path / "token").write_text(forge.token + "\n")
    wait("--against", f"http://{ADDRESS}", "--token-file", tmp_path / "token", token=None)
    assert "--insecure-http" in wait("--against", "http://192.168.50.1:8080", expect=ERROR).stderr
    wait("--token-file", tmp_path / "token", expect=64)
    wait("--against", "http://127.0.0.1:9", "--timeout", "1s", expect=16)
    unknown = gateway.json("wait", "--revision", "abcdef0123", "--timeout", "1s", expect=16)
    assert unknown["result"] == "timed-out" and "not seen it yet" in unknown["message"]

    # The plan of other files, made by the gateway against its host.
    forge.propose("add-watch", peer("watch", key_pair()[1], 60))
    remote = ("plan", "--against", f"http://{ADDRESS}", "--token-file", tmp_path / "token")
    gateway.config, config = forge.clone, gateway.config
    text = gateway.wirebuddy(*remote, expect=2).stdout
    assert "wg0/watch" in text
    assert "wg0/watch" in gateway.wirebuddy(*remote, "--format", "markdown", expect=2).stdout
    sarif = json.loads(gateway.wirebuddy(*remote, "--format", "sarif", expect=2).stdout)
    assert sarif["runs"][0]["results"][0]["ruleId"] == "plan/create-peer"
    confirm = ("confirm", "--against", f"http://{ADDRESS}", "--token-file", tmp_path / "token")
    assert "nothing waits for a confirmation" in gateway.wirebuddy(*confirm, expect=ERROR).stderr
    found = gateway.json(*remote, "--head", "HEAD", expect=2)
    assert found["document"] == "plan" and found["exit_code"] == 2
    assert [change["name"] for change in found["changes"]] == ["wg0/watch"]
    assert gateway.json(*remote, "--head", "origin/main", expect=0)["in_sync"]
    (forge.clone / "peers/wg0/watch.yaml").unlink()
    assert gateway.json(*remote, "--worktree", expect=0)["in_sync"]
    (forge.clone / "peers/wg0/bad.yaml").write_text("kind: Peer\nname: bad\ninterface: nowhere\n")
    assert "bad.yaml" in gateway.wirebuddy(*remote, "--worktree", expect=INVALID).stderr
    gateway.config = config


def test_https_with_a_certificate_of_ones_own(forge, tmp_path):
    gateway = forge.gateway
    gateway.stop()
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=gateway", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "tls.key",
        "-out", tmp_path / "tls.pem")  # fmt: skip
    gateway.host_file.write_text(
        f"userspace: wireguard-go\napi:\n  listen: [\"{ADDRESS}\"]\n"
        f"  tls: {{certificate: {tmp_path}/tls.pem, key: {tmp_path}/tls.key}}\n")  # fmt: skip
    gateway.serve()
    head = git(gateway.config, "rev-parse", "HEAD")
    (tmp_path / "token").write_text(forge.token)
    words = ("wait", "--revision", head, "--against", f"https://{ADDRESS}", "--token-file", tmp_path / "token")
    done = gateway.wirebuddy(*words, "--ca-file", tmp_path / "tls.pem", "--timeout", "10s")
    assert f"applied: {head}" in done.stdout
    assert "TLS" in gateway.wirebuddy(*words, "--timeout", "1s", expect=16).stdout
    wait_for(lambda: not gateway.namespace.run("ss", "-tnH", "state", "established", check=False).stdout.strip(), 10,
             what="no connection stays")  # fmt: skip
