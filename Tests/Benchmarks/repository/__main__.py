"""10,000 peer files: how long a write to the repository takes, alone and with 50 writers at once; and a write of one
rule among 2,000 and 20,000 in one file.

    python3 Tests/Benchmarks/repository [--peers N] [--rules N] [--rounds N] [--check]

Needs git and a release build of RepositoryLoad (`scripts/build release RepositoryLoad`). A write is a commit
that is on the disk, and a worktree that is brought along. With --check a growth that was missed ends with 1; times
depend on the machine, above all on its fsync, and are only printed.
"""

import argparse
import base64
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.append(str(Path(__file__).parents[1]))

from figures import Figures  # noqa: E402
from record import Record  # noqa: E402

LOAD = Path(os.environ.get("WIREBUDDY_LOAD", ROOT / ".build/release/RepositoryLoad"))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--rules", type=int, default=20_000, help="rules of the long file; the short has a tenth")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--check", action="store_true", help="end with 1 when the growth is missed")
    options = options.parse_args()
    if not LOAD.exists():
        sys.exit(f"repository: {LOAD} is missing: scripts/build release RepositoryLoad")
    figures = Figures(options.rounds, Record("repository", options, ["git"]))
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        figures.part("Writes", f"Commits of one object each among {options.peers:,} files, on the disk and in the worktree, "
                     "beside one small durable write of the same disk.")  # fmt: skip
        figures.add("fdatasync of 512 bytes", fsync(Path(folder)), "ms")
        repository = Path(folder) / "configuration"
        make(repository, options.peers)
        measure(figures, repository, options)
        rules(figures, Path(folder), options)
    sys.exit(figures.summary(options.check))


def fsync(folder):
    """One small durable write, in milliseconds: what no commit can be quicker than."""
    times = []
    for _ in range(20):
        start = time.monotonic()
        with open(folder / "probe", "wb") as file:
            file.write(b"x" * 512)
            file.flush()
            os.fdatasync(file.fileno())
        times.append((time.monotonic() - start) * 1000)
    return times


def git(repository, *words):
    done = subprocess.run(["git", "-C", repository, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def make(repository, peers, rules=0):
    """A file per peer in one folder and one file of all rules, committed and packed."""
    choose = random.Random(1)
    (repository / "peers/wg0").mkdir(parents=True)
    (repository / "wg0.yaml").write_text("kind: Interface\nname: wg0\naddress: 10.8.0.1/13\nlisten_port: 51820\n")
    if rules:
        (repository / "dns").mkdir()
        (repository / "dns/rules.yaml").write_text("kind: DNSRules\nrules:\n" + "".join(
            f"  - action: block\n    domain: host{number}.example.org\n    comment: rule {number}\n"
            for number in range(rules)))  # fmt: skip
    for number in range(peers):
        address = f"10.{8 + (number + 2) // 65536}.{(number + 2) // 256 % 256}.{(number + 2) % 256}"
        key = base64.b64encode(choose.randbytes(32)).decode()
        (repository / f"peers/wg0/peer-{number}.yaml").write_text(
            f"kind: Peer\nname: peer-{number}\ninterface: wg0\nip: {address}\npublic_key: {key}\n")  # fmt: skip
    git(repository, "init", "-q", "-b", "main")
    git(repository, "add", "-A")
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "gc.auto=0"]
    git(repository, *identity, "commit", "-q", "-m", "begin")
    git(repository, "gc", "-q")


def load(repository, writers, writes, seed, *kind):
    """The milliseconds of each write, sorted, and how long all of them took."""
    text = subprocess.run(
        [LOAD, repository, str(writers), str(writes), seed, *kind], capture_output=True, text=True, check=True).stdout  # fmt: skip
    lines = [line.split() for line in text.splitlines()]
    failed = [" ".join(line) for line in lines if line[0] == "failed"]
    if failed:
        sys.exit(f"repository: {len(failed)} writes failed: {failed[0]}")
    took = next(float(line[1]) for line in lines if line[0] == "took")
    return sorted(float(line[1]) for line in lines if line[0] == "ok"), took


def measure(figures, repository, options):
    before, commits = size(repository), int(git(repository, "rev-list", "--count", "main"))
    for writers, writes in ((1, 50), (50, 500)):
        rounds = [load(repository, writers, writes, f"{writers}-{number}") for number in range(options.rounds)]
        name = "1 writer" if writers == 1 else f"{writers} writers"
        goal = {"at_most": 30} if writers == 1 else {}
        figures.add(f"{name}: p50 of a write", [times[len(times) // 2] for times, _ in rounds], "ms", **goal)
        figures.add(f"{name}: p99 of a write", [times[len(times) * 99 // 100] for times, _ in rounds], "ms")
        rates = [len(times) * 1000 / took for times, took in rounds]
        figures.add(f"{name}: writes per second", rates, "1/s")
        if writers > 1:
            figures.add("  seconds for 150 writes", [150 / rate for rate in rates], at_most=1)
    written = int(git(repository, "rev-list", "--count", "main")) - commits
    git(repository, "repack", "-q", "-d", "-l", "--geometric=2")
    growth = (size(repository) - before) / written / 1024
    figures.add("growth of the repository per write, packed", growth, "KiB", at_most=16, is_ratio=True)
    figures.fact("fsck and status", git(repository, "fsck", "--no-dangling", "--no-progress") == ""
                 and git(repository, "status", "--porcelain") == "", "both say nothing")  # fmt: skip


def rules(figures, folder, options):
    """One rule more, changed or less in one file: what it costs grows with the text, not with what is read of it."""
    medians = {}
    for count in (options.rules // 10, options.rules):
        repository = folder / f"rules-{count}"
        make(repository, 10, count)
        rounds = [load(repository, 1, 60, f"{number}", "rules")[0] for number in range(options.rounds)]
        medians[count] = [times[len(times) // 2] for times in rounds]
        figures.add(f"{count} rules: p50 of a write of one", medians[count], "ms")
    figures.add(
        "  times as long as among a tenth of them", min(medians[options.rules]) / min(medians[options.rules // 10]), "×",
        at_most=12, is_ratio=True)  # fmt: skip


def size(repository):
    return sum(file.stat().st_size for file in (repository / ".git/objects").rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
