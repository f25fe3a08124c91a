"""10,000 peers, 500 of them active, a year: what telemetry costs, beside one row per peer and sample in plain SQL.

    python3 Tests/Benchmarks/telemetry [--peers N] [--active N] [--days N] [--check]

Needs a release build of TelemetryLoad (`scripts/build release TelemetryLoad`). The last 7 days are sampled every
30 s. The table of plain SQL gets one day of the same peers, a row for each peer and sample, with an index of (peer, time);
what a week or a year would take is multiplied and says so. With --check a missed size or ratio ends with 1; times depend on
the machine and are only printed.
"""

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.append(str(Path(__file__).parents[1]))

from figures import Figures  # noqa: E402
from record import Record  # noqa: E402

LOAD = Path(os.environ.get("WIREBUDDY_TELEMETRYLOAD", ROOT / ".build/release/TelemetryLoad"))
GOALS = {
    "of a core at 30 s (%)": 1,
    "megabytes on the disk": 1000,
    "resident megabytes grown in 7 days of samples": 20,
    "a year of one peer by week (ms)": 50,
    "what moved of late (ms)": 50,
}
SIZES = {"megabytes on the disk"}
SAMPLES_OF_A_DAY = 2880


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--active", type=int, default=500)
    options.add_argument("--days", type=int, default=365)
    options.add_argument("--check", action="store_true", help="end with 1 when a size or ratio is missed")
    options = options.parse_args()
    if not LOAD.exists():
        sys.exit(f"telemetry: {LOAD} is missing: scripts/build release TelemetryLoad")
    record = Record("telemetry", options)
    record.note_version("SQLite (plain SQL)", sqlite3.sqlite_version)
    figures = Figures(1, record)
    figures.part("A year of samples", "What TelemetryLoad writes, beside one row per peer and sample by SQLite of Python.")
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        ours(figures, Path(folder) / "state", options)
        plain(figures, Path(folder), options)
    sys.exit(figures.summary(options.check))


def ours(figures, state, options):
    """Each line of the writer is a figure."""
    words = [LOAD, state, options.peers, options.active, options.days]
    with subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True) as load:
        for line in load.stdout:
            name, value = line.rsplit(": ", 1)
            figures.add(name, float(value), "", at_most=GOALS.get(name), is_ratio=name in SIZES)
    if load.returncode != 0:
        sys.exit(f"telemetry: the writer ended with {load.returncode}")


def plain(figures, folder, options):
    """A row for each peer and sample, moved or not, in one transaction a sample: as many samples as take some seconds."""
    choose = random.Random(42)
    file = folder / "plain.db"
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("CREATE TABLE sample (peer INTEGER, time INTEGER, rx INTEGER, tx INTEGER, handshake INTEGER,"
                     " PRIMARY KEY (peer, time)) WITHOUT ROWID")  # fmt: skip
    counters = [[0, 0] for _ in range(options.peers)]
    samples, costs = 60, []
    for number in range(samples):
        now = 1_798_761_600 + 30 * number
        for peer in choose.sample(range(options.active), options.active * 2 // 3):
            counters[peer][0] += choose.randrange(6_000_000)
            counters[peer][1] += choose.randrange(60_000_000)
        rows = [(peer, now, rx, tx, now) for peer, (rx, tx) in enumerate(counters)]
        start = time.process_time()
        database.execute("BEGIN")
        database.executemany("INSERT INTO sample VALUES (?, ?, ?, ?, ?)", rows)
        database.execute("COMMIT")
        costs.append(time.process_time() - start)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    size = file.stat().st_size / samples
    cost = sum(costs) / len(costs) * 1000
    figures.add(f"plain SQL: processor time of a sample (of {samples})", cost, "ms")
    figures.add("plain SQL: 7 days of samples, extrapolated", size * SAMPLES_OF_A_DAY * 7 / 1e6, "MB")
    year = size * SAMPLES_OF_A_DAY * options.days / 1e6
    figures.add(f"plain SQL: {options.days} days, extrapolated", year, "MB")
    disk = figures.medians["megabytes on the disk"]
    figures.plot("disk", f"{options.days} days of {options.peers:,} peers on the disk", "MB", "",
                 {"wirebuddy": disk, "plain SQL, extrapolated": year}, scale="bars")  # fmt: skip
    figures.fact("  times as large as ours", year >= 20 * disk, f"{year / disk:.0f} × (at least 20)")
    sample = figures.medians["processor time of a sample, median (ms)"]
    figures.fact("  times the processor time", cost >= 5 * sample, f"{cost / sample:.0f} × (at least 5)")


if __name__ == "__main__":
    main()
