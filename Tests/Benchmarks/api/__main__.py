"""10,000 peers: what the API answers under load, beside a bare server of the same library in the same run.

    python3 Tests/Benchmarks/api [--peers N] [--writes N] [--seconds N] [--requests N] [--check]

Needs root, wireguard-go, git, wrk and release builds of wirebuddy and StaticServer. Everything happens in a network
namespace of its own, on its loopback. With --check a missed ratio ends with 1; absolute figures are only printed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[2] / "IntegrationTests"), str(Path(__file__).parents[1] / "reconcile"),
    str(Path(__file__).parent), str(Path(__file__).parents[1]),
]  # fmt: skip

import load  # noqa: E402
from figures import Figures  # noqa: E402
from lab.gateway import BINARY  # noqa: E402
from lab.namespace import remove_leftovers  # noqa: E402
from record import Record  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--seconds", type=int, default=10, help="how long each load lasts")
    options.add_argument("--writes", type=int, default=200, help="writes of one peer each, one after the other")
    options.add_argument("--requests", type=int, default=1_000_000, help="requests before memory is looked at")
    options.add_argument("--check", action="store_true", help="end with 1 when a ratio is missed")
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("api: needs root for namespaces: CAN'T RUN")
    for binary in (BINARY, load.STATIC):
        if not binary.exists():
            sys.exit(f"api: {binary} is missing: make build, scripts/build release StaticServer")
    remove_leftovers()
    record = Record("api", options, ["wrk", "wireguard-go"])
    record.note_version("Hummingbird (StaticServer)", load.library_version())
    figures = Figures(3, record)
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        load.measure(figures, Path(folder), options)
    sys.exit(figures.summary(options.check))


if __name__ == "__main__":
    main()
