"""10,000 peers: the figures of WireBuddy beside those of wg for the same peers in the same run.

    python3 Tests/Benchmarks/reconcile [--peers N] [--rounds N] [--seed N] [--check]

Needs root, wireguard-go, git and strace. Everything happens in network namespaces of its own. Each figure is the median
of several rounds with its smallest and largest; a goal that was missed says MISSED. With --check a missed ratio or a
write of a pass with nothing to do ends with 1; absolute times depend on the machine and are only printed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "IntegrationTests"), str(Path(__file__).parent)]

import daemon  # noqa: E402
from figures import Figures  # noqa: E402
from lab.gateway import BINARY, ROOT  # noqa: E402
from lab.namespace import remove_leftovers, run  # noqa: E402
from peers import Peers  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--check", action="store_true", help="end with 1 when a ratio is missed")
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("reconcile: needs root for namespaces: CAN'T RUN")
    if not BINARY.exists():
        sys.exit(f"reconcile: {BINARY} is missing: make build")
    remove_leftovers()
    figures = Figures(options.rounds)
    commit = run("git", "-C", ROOT, "rev-parse", "--short", "HEAD", check=False).stdout.strip() or "?"
    print(f"{options.peers} peers, seed {options.seed}, wireguard-go, {os.cpu_count()} cores, commit {commit}, "
          f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    peers = Peers(options.peers, options.seed)
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        daemon.measure(figures, peers, Path(folder))
    sys.exit(figures.summary(options.check))


if __name__ == "__main__":
    main()
