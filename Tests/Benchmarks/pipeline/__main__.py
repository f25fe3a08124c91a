"""10,000 peer files: what `plan --base` of a pull request takes, beside `validate` and git on the same checkout.

    python3 Tests/Benchmarks/pipeline [--peers N] [--rounds N] [--seed N] [--check]

Needs git and a release build, no root. A pull request changes one peer, or a hundred; each is planned as text, JSON and
SARIF, from a checkout alone. Beside it stand, in the same rounds, `validate` of the files of that checkout, `git diff
--stat` of the two commits, and `git cat-file` of every file of both, which no plan of two commits can do without. Peak
memory is that of the process. With --check a missed ratio or a wrong plan ends with 1; times are only printed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "IntegrationTests"), str(Path(__file__).parents[1] / "reconcile"),
                str(Path(__file__).parents[1])]  # fmt: skip

from figures import Figures  # noqa: E402
from lab.gateway import BINARY, CHANGES, DONE  # noqa: E402
from peers import Peers, git  # noqa: E402
from record import Record  # noqa: E402

FORMATS = "text", "json", "sarif"
CHANGED = 1, 100


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--check", action="store_true", help="end with 1 when a ratio or a plan is missed")
    options = options.parse_args()
    if not BINARY.exists():
        sys.exit(f"pipeline: {BINARY} is missing: make build")
    figures = Figures(options.rounds, Record("pipeline", options, ["git"]))
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        checkout = Path(folder) / "checkout"
        checkout.mkdir()
        make(checkout, Peers(options.peers, options.seed))
        measure(figures, checkout, options)
    sys.exit(figures.summary(options.check))


def make(checkout, peers):
    """Branch main, and a branch per pull request, which gives some peers other addresses."""
    peers.repository(checkout)
    for count in CHANGED:
        git(checkout, "checkout", "-q", "-b", f"change-{count}", "main")
        total = len(peers.keys)
        for number in range(0, total, total // count)[:count]:
            moved = peers.document(total + number, peers.keys[number])
            (checkout / peers.path(number)).write_text(moved.replace(f"peer{total + number:05}", f"peer{number:05}"))
        git(checkout, "commit", "-q", "-a", "-m", f"{count} other addresses")
    git(checkout, "gc", "-q")


def run(*words, expect=DONE):
    """Runs a command: its seconds, its peak memory in MiB, its output."""
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in words], stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.monotonic() - start
        # Reaped here, with what it used: Popen must not wait for it again.
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != expect:
            sys.exit(f"pipeline: {' '.join(map(str, words))}: exit {process.returncode}, expected {expect}")
        output.seek(0)
        return took, usage.ru_maxrss / 1024, output.read()


def read_by_git(checkout, revisions):
    """Every file of the revisions, as git hands them out one after the other: seconds."""
    start = time.monotonic()
    for revision in revisions:
        names = git(checkout, "ls-tree", "-r", "--format=%(objectname)", revision)
        subprocess.run(
            ["git", "-C", checkout, "cat-file", "--batch"], input=names.encode(), stdout=subprocess.DEVNULL, check=True)  # fmt: skip
    return time.monotonic() - start


def measure(figures, checkout, options):
    for count in CHANGED:
        head = f"change-{count}"
        git(checkout, "checkout", "-q", head)
        name = "1 of them changed" if count == 1 else f"{count} of them changed"
        figures.part(name, "`plan --base` beside `validate` and git on the same checkout")
        takes = {key: [] for key in ("diff", "read", "validate", *FORMATS)}
        memory = {key: [] for key in ("validate", *FORMATS)}
        # Round by round, so that whatever else the machine does meets all of them.
        for _ in range(options.rounds):
            takes["diff"].append(run("git", "-C", checkout, "diff", "--stat", "main", head)[0])
            takes["read"].append(read_by_git(checkout, ("main", head)))
            for form in ("validate", *FORMATS):
                words = ["validate"] if form == "validate" else ["plan", "--base", "main", "--format", form]
                state = checkout.with_name("no-state")
                took, peak, output = run(BINARY, *words, "--config", checkout, "--state", state,
                                         expect=DONE if form == "validate" else CHANGES)  # fmt: skip
                takes[form].append(took)
                memory[form].append(peak)
                if form == "json":
                    changes = json.loads(output)["changes"]
        figures.add("git diff --stat", takes["diff"])
        read = figures.add("git cat-file of both revisions", takes["read"])
        valid = figures.add("validate", takes["validate"])
        figures.add("  peak memory", memory["validate"], "MiB")
        for form in FORMATS:
            took = figures.add(f"plan --base, {form}", takes[form], at_most=5)
            figures.add("  peak memory", memory[form], "MiB")
            figures.add("  times validate", took / valid, "×", at_most=6, is_ratio=True)
            figures.add("  times what git needs to read them", took / read, "×")
        peers = [change for change in changes if change["kind"] == "Peer"]
        figures.fact(f"what is planned: {name}", len(peers) == count, f"{len(peers)} peers")


if __name__ == "__main__":
    main()
