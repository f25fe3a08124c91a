"""The firewall at scale: isolated peers, what a change of access documents writes, and what a packet costs.

    python3 Tests/Benchmarks/access [--peers N] [--packets N] [--rounds N] [--check]

10,000 peers in 200 groups with 2,000 documents beside 10 peers with the same documents, in one run. Needs root,
wireguard-go and trafgen (netsniff-ng). Everything happens in network namespaces of its own. Each figure is the median of
several rounds with its smallest and largest; with --check a missed ratio or count ends with 1.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "IntegrationTests"), str(Path(__file__).parent),
                str(Path(__file__).parents[1] / "reconcile"), str(Path(__file__).parents[1])]  # fmt: skip

import changes  # noqa: E402
import isolated  # noqa: E402
import packets  # noqa: E402
from figures import Figures  # noqa: E402
from lab.gateway import BINARY  # noqa: E402
from lab.namespace import remove_leftovers  # noqa: E402
from record import Record  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--packets", type=int, default=10_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--check", action="store_true", help="end with 1 when a ratio or a count is missed")
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("access: needs root for namespaces: CAN'T RUN")
    if not BINARY.exists():
        sys.exit(f"access: {BINARY} is missing: make build")
    remove_leftovers()
    figures = Figures(options.rounds, Record("access", options, ["nftables", "netsniff-ng", "wireguard-go"]))
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        isolated.measure(figures, options.peers, Path(folder) / "isolated")
        tables = {
            count: changes.measure(figures, count, Path(folder) / str(count)) for count in (10, options.peers)
        }  # fmt: skip
        packets.measure(figures, tables, options.packets, Path(folder))
    sys.exit(figures.summary(options.check))


if __name__ == "__main__":
    main()
