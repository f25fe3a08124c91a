"""Reconciling 10,000 peers, and how it grows from 100 to 50,000: beside wg for the same peers in the same run.

    python3 Tests/Benchmarks/reconcile [--peers N] [--sizes N,N,…] [--rounds N] [--seed N] [--check]

Needs root, wireguard-go, git and strace. Everything happens in network namespaces of its own. Each figure is the median
of several rounds with its smallest and largest; a goal that was missed says MISSED. With --check a missed ratio or a
write of a pass with nothing to do ends with 1; absolute times depend on the machine and are only printed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "IntegrationTests"), str(Path(__file__).parent),
                str(Path(__file__).parents[1])]  # fmt: skip

import daemon  # noqa: E402
import growth  # noqa: E402
import start  # noqa: E402
from figures import Figures  # noqa: E402
from lab.gateway import BINARY  # noqa: E402
from lab.namespace import remove_leftovers  # noqa: E402
from peers import Peers  # noqa: E402
from record import Record  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--sizes", default="100,1000,10000,50000", help="numbers of peers whose costs are compared")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--check", action="store_true", help="end with 1 when a ratio is missed")
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("reconcile: needs root for namespaces: CAN'T RUN")
    if not BINARY.exists():
        sys.exit(f"reconcile: {BINARY} is missing: make build")
    remove_leftovers()
    sizes = [int(size) for size in options.sizes.split(",")]
    figures = Figures(options.rounds, Record("reconcile", options, ["wireguard-go", "wireguard-tools", "nftables", "git"]))
    peers = Peers(options.peers, options.seed)
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        daemon.measure(figures, peers, Path(folder))
        start.measure(figures, peers, Path(folder))
        growth.measure(figures, sizes, options.seed, Path(folder))
    sys.exit(figures.summary(options.check))


if __name__ == "__main__":
    main()
