"""Access documents at scale: what a change writes, and what the firewall costs a packet.

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
                str(Path(__file__).parents[1] / "reconcile")]  # fmt: skip

import changes  # noqa: E402
import packets  # noqa: E402
from figures import Figures  # noqa: E402
from lab.gateway import BINARY, ROOT  # noqa: E402
from lab.namespace import remove_leftovers, run  # noqa: E402


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
    commit = run("git", "-C", ROOT, "rev-parse", "--short", "HEAD", check=False).stdout.strip() or "?"
    print(f"{options.peers} peers, {changes.GROUPS} groups, {changes.DOCUMENTS} documents, {os.cpu_count()} cores, "
          f"commit {commit}, load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    figures = Figures(options.rounds)
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        tables = {
            count: changes.measure(figures, count, Path(folder) / str(count)) for count in (10, options.peers)
        }  # fmt: skip
        packets.measure(figures, tables, options.packets, Path(folder))
    sys.exit(figures.summary(options.check))


if __name__ == "__main__":
    main()
