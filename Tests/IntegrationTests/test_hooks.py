"""The programs of the hooks directory: when they run, what they get, and what they can't hold up."""

import json
import os
import time
from pathlib import Path

import pytest

from lab.device import key_pair
from lab.gateway import INVALID, RAIL
from lab.namespace import wait_for


class Hooks:
    """A directory that root owns, and what its programs noted."""

    def __init__(self, gateway, directory):
        self.gateway = gateway
        self.directory = directory / "hooks.d"
        self.directory.mkdir(mode=0o755)
        self.notes = directory / "notes"
        self.notes.mkdir()
        gateway.host_file.write_text(f"userspace: wireguard-go\nhooks: {{directory: {self.directory}}}\n")

    def add(self, name, script, mode=0o755):
        file = self.directory / name
        file.write_text("#!/bin/sh\n" + script)
        file.chmod(mode)
        return file

    def recorder(self, name="50-record"):
        """Notes each run: environment, and document."""
        self.add(name, f"d=$(mktemp -d {self.notes}/XXXXXX)\nenv >$d/env\npwd >$d/cwd\ncat >$d/json\nmv $d $d.done\n")

    def runs(self):
        found = sorted(self.notes.glob("*.done"), key=lambda run: (run / "json").stat().st_mtime_ns)
        return [Run(path) for path in found]

    def wait_for(self, result, number=1, seconds=40):
        def latest():
            found = [run for run in self.runs() if run.result == result]
            return found[-1] if len(found) >= number else None

        return wait_for(latest, seconds, what=f"a hook that is told {result}")


class Run:
    def __init__(self, path):
        lines = (path / "env").read_text().splitlines()
        # What the shell of the script adds.
        self.environment = {k: v for k, v in (line.split("=", 1) for line in lines) if k not in ("PWD", "SHLVL", "_", "OLDPWD")}
        self.result = self.environment["WIREBUDDY_RESULT"]
        self.revision = self.environment["WIREBUDDY_REVISION"]
        self.document = json.loads((path / "json").read_text())
        self.directory = (path / "cwd").read_text().strip()


@pytest.fixture
def hooks(office, tmp_path):
    office.gateway.settings(reconcile="{interval: 2s}")
    return Hooks(office.gateway, tmp_path)


def test_each_result_is_told_once(hooks):
    gateway = hooks.gateway
    hooks.recorder()
    gateway.serve()
    # Found as it was left: nothing to tell. A change is.
    time.sleep(3)
    started = len(hooks.runs())
    gateway.peer("tablet", key_pair()[1], 50)
    run = hooks.wait_for("applied", started + 1)
    assert set(run.environment) == {"PATH", "WIREBUDDY_REVISION", "WIREBUDDY_RESULT"}
    assert run.directory == "/"
    assert run.document["document"] == "apply" and run.document["head"]["id"] == run.revision
    assert any(row["name"] == "wg0/tablet" for row in run.document["plan"]["changes"])
    assert "private" not in json.dumps(run.document)
    # What the kernel never sees settles a revision, too.
    count = len(hooks.runs())
    gateway.settings(reconcile="{interval: 3s}")
    settled = hooks.wait_for("applied", count + 1)
    assert settled.document["plan"]["changes"] == [] and settled.revision != run.revision
    # Drift.
    gateway.namespace.run("ip", "link", "set", "wg0", "mtu", "1300")
    assert hooks.wait_for("healed").revision == settled.revision
    # A revision that is not valid: once, however often the loop looks.
    gateway.write("peers/wg0/broken.yaml", "kind: Peer\nname: 5\n")
    failed = hooks.wait_for("failed")
    assert failed.revision != settled.revision and failed.document["exit_code"] == INVALID
    time.sleep(5)
    assert len([run for run in hooks.runs() if run.result == "failed"]) == 1
    gateway.remove("peers/wg0/broken.yaml")
    hooks.wait_for("applied", count + 2)
    # A rail.
    (gateway.config / "peers").rename(gateway.directory / "aside")
    refused = hooks.wait_for("refused")
    assert refused.document["exit_code"] == RAIL
    assert len(gateway.peers()) == 2


def test_only_what_root_alone_can_change_is_run(hooks, tmp_path):
    gateway = hooks.gateway
    touch = lambda name: f"touch {hooks.notes}/{name}\n"  # noqa: E731
    order = hooks.notes / "order"
    for name in ("20-second", "10-first"):
        hooks.add(name, f"echo {name} >>{order}\n")
    hooks.add("30-plain", touch("plain"), 0o644)
    hooks.add("31-writable", touch("writable"), 0o775)
    os.chown(hooks.add("32-owned", touch("owned")), 12345, 0)
    hooks.add(".hidden", touch("hidden"))
    hooks.add("33-backup~", touch("backup"))
    (hooks.directory / "34-directory").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    target = elsewhere / "program"
    target.write_text("#!/bin/sh\n" + touch("linked"))
    target.chmod(0o755)
    (hooks.directory / "40-link").symlink_to(target)
    exposed = tmp_path / "exposed"
    exposed.mkdir()
    exposed.chmod(0o777)
    (exposed / "program").write_text("#!/bin/sh\n" + touch("exposed"))
    (exposed / "program").chmod(0o755)
    (hooks.directory / "41-exposed").symlink_to(exposed / "program")
    (hooks.directory / "42-dangling").symlink_to(tmp_path / "nowhere")
    said = gateway.apply().stderr
    assert order.read_text().split() == ["10-first", "20-second"]
    assert {file.name for file in hooks.notes.iterdir()} == {"order", "linked"}
    refused = ("30-plain", "31-writable", "32-owned", "34-directory", "41-exposed", "42-dangling")
    assert all(f"{name}" in said for name in refused), said
    doctor = [check for check in gateway.json("doctor")["checks"] if check["name"] == "hooks"]
    assert doctor[0]["result"] == "ok" and "10-first, 20-second, 40-link" in doctor[0]["message"]
    assert len([check for check in doctor if check["result"] == "note"]) == len(refused)
    # A directory that others may write: nothing of it.
    hooks.directory.chmod(0o777)
    order.unlink()
    assert "nothing in it is run" in gateway.apply().stderr
    assert not order.exists()
    # None at all is fine.
    for file in hooks.directory.iterdir():
        file.rmdir() if file.is_dir() and not file.is_symlink() else file.unlink()
    assert "hook" not in gateway.apply().stderr


def test_a_hook_that_hangs_or_shouts_holds_nothing_up(hooks):
    gateway = hooks.gateway
    pids = hooks.notes / "pids"
    pids.touch()
    hooks.add("10-loud", "head -c 300000 /dev/zero | tr '\\0' x\necho; exit 3\n")
    # Neither it nor what it started wants to end.
    hooks.add("20-hang", f"trap '' TERM\n(trap '' TERM; sleep 600) &\necho $$ $! >>{pids}\nwait\nsleep 600\n")
    hooks.recorder()
    gateway.serve()
    gateway.peer("tablet", key := key_pair()[1], 50)
    wait_for(lambda: pids.read_text(), 40, what="the hook that hangs")
    wait_for(lambda: key in gateway.peers(), 30, what="the pass that is told of")
    # The loop goes on meanwhile; what several passes did is told in one run.
    for number in range(51, 54):
        gateway.peer(f"device-{number}", other := key_pair()[1], number)
        wait_for(lambda other=other: other in gateway.peers(), 20, what="a pass beside the hook")
    # 30 s are over: it is ended with what it started, and the next one runs.
    wait_for(lambda: hooks.runs(), 50, what="the hook behind it")
    first = [int(pid) for pid in pids.read_text().split()][:2]
    wait_for(lambda: not any(alive(pid) for pid in first), 10, what="the end of its group")
    log = gateway.log.read_text()
    assert "it took too long" in log and "a hook failed" in log and "status=3" in log
    assert "wrote more than is kept" in log and log.count("x") < 40_000
    # The stop of the daemon does not wait for the next one.
    wait_for(lambda: len(pids.read_text().split()) == 4, 20, what="the next run")
    began = time.monotonic()
    gateway.stop()
    assert time.monotonic() - began < 10
    second = [int(pid) for pid in pids.read_text().split()][2:]
    wait_for(lambda: not any(alive(pid) for pid in second), 10, what="the end of its group")
    # Coalesced: the three changes beside the first run were told in one.
    assert len(pids.read_text().split()) == 4


def test_an_apply_without_a_daemon_runs_them_at_its_end(hooks):
    gateway = hooks.gateway
    hooks.recorder()
    hooks.add("60-says", "echo done by $WIREBUDDY_RESULT\n")
    done = gateway.apply("--format", "json")
    assert json.loads(done.stdout)["document"] == "apply", "hooks write to standard error alone"
    assert "done by applied" in done.stderr
    assert hooks.runs()[0].document == json.loads(done.stdout)
    gateway.write("peers/wg0/broken.yaml", "kind: Peer\nname: 5\n")
    gateway.apply(expect=INVALID)
    assert [run.result for run in hooks.runs()] == ["applied", "failed"]
    # Looking changes nothing and tells nobody.
    gateway.remove("peers/wg0/broken.yaml")
    gateway.wirebuddy("plan")
    assert len(hooks.runs()) == 2


def alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
