"""Writes BENCHMARKS.md and its plots from what the sections of `make bench` handed over.

    python3 Tests/Benchmarks/report [--to FOLDER]

Needs matplotlib (Tests/requirements.txt). A section that was not measured is named as such; one that an earlier run measured says
when, and of which commit.
"""

import argparse
import json
import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent)]
sys.path.append(str(Path(__file__).parents[1]))

import plots  # noqa: E402
from page import page  # noqa: E402
from record import FOLDER, ROOT, RUN  # noqa: E402

# In the order of the page: what each is about.
SECTIONS = {
    "reconcile": "Reconcile",
    "kernel": "Reconcile, in the kernel",
    "access": "Firewall",
    "pipeline": "Pipelines",
    "repository": "Repository",
    "api": "REST API",
    "whole": "The whole daemon",
    "telemetry": "Telemetry",
    "dns": "DNS",
}
PLOTS = "docs/benchmarks"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--to", type=Path, default=ROOT, help="the folder of BENCHMARKS.md; plots go below it")
    options = options.parse_args()
    found = {}
    for name in SECTIONS:
        file = FOLDER / f"{name}.json"
        if file.exists():
            found[name] = json.loads(file.read_text())
    if not found:
        sys.exit(f"report: no section was measured: {FOLDER} is empty")
    folder = options.to / PLOTS
    folder.mkdir(parents=True, exist_ok=True)
    # Pictures of figures that are no longer on the page.
    for old in folder.glob("*.png"):
        old.unlink()
    pictures = {name: plots.draw(content, folder, PLOTS) for name, content in found.items()}
    file = options.to / "BENCHMARKS.md"
    file.write_text(page(SECTIONS, found, pictures, RUN or newest(found)))
    print(f"report: {os.path.relpath(file)}, {sum(map(len, pictures.values()))} plots, "
          f"{len(found)} of {len(SECTIONS)} sections")  # fmt: skip


def newest(found):
    """The run of the section that was measured last, where this is not part of one."""
    return max(found.values(), key=lambda content: content["taken"])["run"]


if __name__ == "__main__":
    main()
