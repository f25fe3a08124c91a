"""The whole daemon: 10,000 peers, 1,000,000 blocked names, API and telemetry, with a device that asks and one that reads.

    python3 Tests/Benchmarks/whole [--peers N] [--names N] [--seconds N] [--check]

Needs root, wireguard-go, dnsperf, unbound and wrk. Everything happens in network namespaces of its own. The names come as lists
of the repository; queries come through the tunnel of one of the peers. With --check a missed goal ends with 1.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[2] / "IntegrationTests"), str(Path(__file__).parent), str(Path(__file__).parents[1] / "reconcile"),
    str(Path(__file__).parents[1] / "dns"), str(Path(__file__).parents[1]),
]  # fmt: skip

import memory  # noqa: E402
from figures import Figures  # noqa: E402
from lab.gateway import BINARY  # noqa: E402
from lab.namespace import remove_leftovers  # noqa: E402
from record import Record  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--names", type=int, default=1_000_000)
    options.add_argument("--seconds", type=int, default=20, help="how long each load lasts")
    options.add_argument("--check", action="store_true", help="end with 1 when a goal is missed")
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("whole: needs root for namespaces: CAN'T RUN")
    if not BINARY.exists():
        sys.exit(f"whole: {BINARY} is missing: make build")
    remove_leftovers()
    figures = Figures(1, Record("whole", options, ["wireguard-go", "dnsperf", "wrk"]))
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        memory.measure(figures, Path(folder), options)
    sys.exit(figures.summary(options.check))


if __name__ == "__main__":
    main()
