"""kill -9 during writes: nothing acknowledged is lost, the repository is sound, and the next start tidies up."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from lab.gateway import ROOT
from lab.namespace import wait_for
from lab.office import count

pytestmark = pytest.mark.crash

LOAD = Path(os.environ.get("WIREBUDDY_LOAD", ROOT / ".build/debug/RepositoryLoad"))
PEERS, WRITERS = 200, 8


class Repository:
    """A git repository with a worktree and a file per peer."""

    def __init__(self, path):
        self.path = path
        (path / "peers/wg0").mkdir(parents=True)
        (path / "wg0.yaml").write_text("kind: Interface\nname: wg0\naddress: 10.8.0.1/13\nlisten_port: 51820\n")
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "gc.auto=0", "commit", "-q", "-m", "begin")

    def git(self, *words):
        done = subprocess.run(["git", "-C", self.path, *words], capture_output=True, text=True)
        assert done.returncode == 0, f"git {' '.join(map(str, words))}: {done.stdout}{done.stderr}"
        return (done.stdout + done.stderr).strip()

    def load(self, writers, writes, seed):
        return subprocess.Popen(
            [LOAD, self.path, str(writers), str(writes), str(seed)], stdout=subprocess.PIPE, text=True)  # fmt: skip

    def check(self, acknowledged, context):
        """After the next start: everything is as if nothing had happened."""
        assert self.git("fsck", "--strict", "--no-dangling", "--no-progress") == "", context
        assert self.git("status", "--porcelain") == "", context
        form = "--format=%H %T -%(trailers:key=Request-Id,valueonly,separator=)"
        log = [line.split(" ") for line in self.git("log", form).splitlines()]
        missing = acknowledged - {commit for commit, *_ in log}
        assert not missing, f"{context}: acknowledged and lost: {sorted(missing)}"
        requests = [request for _, _, request in log if request != "-"]
        assert len(requests) == len(set(requests)), f"{context}: a write was committed twice"
        trees = [tree for _, tree, _ in log]
        assert all(one != other for one, other in zip(trees, trees[1:])), f"{context}: an empty commit"
        left = [
            str(path.relative_to(self.path)) for path in self.path.rglob("*")
            if path.name.startswith((".wirebuddy", "tmp_", "fast_import_crash"))
            or path.suffix in (".lock", ".keep") and path.name != "wirebuddy.lock"
            or path.parent.name == "wirebuddy" and path.parent.parent.name == ".git"
        ]  # fmt: skip
        assert not left, f"{context}: left over {left}"


def commits(lines):
    """What was acknowledged; the last line of a killed writer may be cut off."""
    words = [line.split() for line in lines]
    return {line[2] for line in words if len(line) == 5 and line[0] in ("first", "ok")}


def children(process):
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        found += [int(word) for word in task.read_text().split()]
    return found


def runs(process):
    """Whether it is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def next_start(repository, seed, context):
    """A writer that ends in order. A branch stays locked for 10 s when git was killed while it moved it."""
    end = time.monotonic() + 40
    while True:
        process = repository.load(1, 1, seed)
        text, _ = process.communicate(timeout=60)
        if "failed" not in text:
            return commits(text.splitlines())
        assert ".lock" in text and time.monotonic() < end, f"{context}: {text}"
        time.sleep(2)


def test_kill_during_writes(tmp_path, choose, say):
    assert LOAD.exists(), f"{LOAD} is missing: swift build --product RepositoryLoad"
    repository = Repository(tmp_path / "configuration")
    acknowledged = set(next_start(repository, "begin", "begin"))
    total, at_work = count(200), 0
    for number in range(total):
        process = repository.load(WRITERS, PEERS * 1000, number)
        # What it had said is read in the end; a pipe holds enough for the second that it lives.
        seconds = choose.random() * 0.8
        first = process.stdout.readline()
        assert first.startswith("first"), f"round {number}: {first}"
        time.sleep(seconds)
        everybody = choose.random() < 0.3
        programs = children(process.pid)
        victims = programs if everybody else []
        at_work += process.poll() is None
        for victim in [process.pid, *victims]:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        text, _ = process.communicate(timeout=30)
        lines = [first, *text.splitlines()]
        acknowledged |= commits(lines)
        context = f"round {number}, killed after {seconds:.3f} s{' with its git programs' if everybody else ''}"
        if number % 2:
            acknowledged |= next_start(repository, f"{number}-early", context)
        # git programs that lost their caller end by themselves; a start may come before or after that.
        wait_for(lambda: not any(map(runs, programs)), 30, 0.02, "the end of git")
        acknowledged |= next_start(repository, f"{number}-next", context)
        repository.check(acknowledged, context)
    say(f"kill -9 of writes: {total} of {total} sound, {at_work} killed at work, {len(acknowledged)} acknowledged kept")
    assert at_work >= total // 2
