"""What has to hold at the end of a soak, with the figures behind it."""

import re
import sqlite3
import statistics

from loads import PUSHED_WITHIN

# Growth of memory over the second half, by least squares. A leak of 100 bytes for each of 100 events a second is 0.57 MB a minute.
MEMORY_PER_MINUTE = 0.1
# Below this a half says more of the allocator than of growth.
JUDGED_MINUTES = 4
# What comes and goes with requests that are under way while a sample is taken.
FLAT = {"descriptors": 4, "threads": 2, "git processes": 2, "wireguard-go descriptors": 8}
LEVELS = re.compile(rb" (error|critical) ")


class Verdict:
    def __init__(self):
        self.rows = []

    def judge(self, name, value, holds, bound):
        """`holds` is None where nothing is promised."""
        self.rows.append({"name": name, "value": value, "bound": bound, "holds": holds})

    def zero(self, name, found, of=""):
        """Nothing of this kind may have happened; the first ones are shown."""
        found = list(found)
        self.judge(name, f"{len(found)}{of}", not found, "0")
        for one in found[:10]:
            self.rows.append({"name": f"  {one}", "value": "", "bound": "", "holds": None})

    @property
    def is_good(self):
        return all(row["holds"] is not False for row in self.rows)

    def print(self):
        marks = {True: "ok", False: "FAILED", None: ""}
        for row in self.rows:
            print(f"{row['name'][:150]:<64} {row['value']:>24}  {row['bound']:<24} {marks[row['holds']]}".rstrip(), flush=True)


def flatness(verdict, rows):
    """Memory and descriptors of the second half."""
    begin, end = rows[0]["time"], rows[-1]["time"]
    second = [row for row in rows if row["time"] >= (begin + end) / 2]
    minutes = (second[-1]["time"] - second[0]["time"]) / 60
    is_long = minutes >= JUDGED_MINUTES
    for name in ("rss_mb", "anonymous_mb"):
        slope = statistics.linear_regression([row["time"] / 60 for row in second], [row[name] for row in second]).slope
        bound = f"≤ {MEMORY_PER_MINUTE} MB/min" if is_long else f"not judged: {minutes:.1f} min are less than {JUDGED_MINUTES}"
        verdict.judge(f"{name}: slope of the second half", f"{slope:+.3f} MB/min", slope <= MEMORY_PER_MINUTE if is_long else None, bound)
        verdict.judge(f"  {name}: first, median of the second half, highest",
                      f"{rows[0][name]:.1f}, {statistics.median(row[name] for row in second):.1f}, {max(row[name] for row in rows):.1f}",
                      None, "")  # fmt: skip
    quarters = [rows[len(rows) * part // 4 : len(rows) * (part + 1) // 4] for part in range(4)]
    for name, room in FLAT.items():
        early, late = (statistics.median(row[name] for row in quarters[part]) for part in (1, 3))
        verdict.judge(f"{name}: medians of the second and last quarter", f"{early:.0f} → {late:.0f}", late <= early + room, f"≤ {room} more")
    for name in sorted(name for name in rows[0] if name.endswith(" mb")):
        values = [row[name] for row in rows if name in row]
        verdict.judge(f"{name[:-3]}: MB at the beginning and end", f"{values[0]:.2f} → {values[-1]:.2f}", None, "")
    seconds = end - begin
    share = (rows[-1]["processor_s"] - rows[0]["processor_s"]) / seconds * 100
    verdict.judge("processor time of the daemon", f"{share:.0f} % of a core", None, "")


def healing(verdict, tampering):
    healed = sorted(row[3] for row in tampering.done if row[3] is not None)
    late = [f"{what} {thing}: {f'{seconds:.1f} s' if seconds is not None else 'never'}" for _, what, thing, seconds in tampering.missed()]
    verdict.judge("things tampered with", str(len(tampering.done)), bool(tampering.done), "≥ 1")
    verdict.judge("turns in which everything had been tampered with often enough", str(tampering.left_alone), None, "")
    verdict.zero(f"not healed within {tampering.within} s", late, f" of {len(tampering.done)}")
    if healed:
        verdict.judge("  seconds until healed: median, longest", f"{healed[len(healed) // 2]:.1f}, {healed[-1]:.1f}", None, "")


def packets(verdict, probes):
    for name, told in probes.items():
        verdict.judge(f"{name}: packets lost", f"{told['lost']} of {told['sent']:,}", told["lost"] == 0 and told["sent"] > 0, "0")
        verdict.judge("  longest silence", f"{told['longest_silence']:.2f} s", None, "")


def answers(verdict, name, told):
    """Of a client: its faults, and how long answers took."""
    count = sum(told["faults"].values())
    kinds = told["times"].items() if isinstance(told["times"], dict) else [("", told["times"])]
    for kind, rows in kinds:
        times = sorted(taken for _, taken in rows)
        verdict.judge(f"{name} {kind}".strip(), f"{len(times):,}", bool(times), "≥ 1")
        if times:
            verdict.judge("  ms: p50, p99, longest",
                          ", ".join(f"{times[min(len(times) - 1, int(len(times) * share))]:.0f}" for share in (0.5, 0.99, 1)), None, "")  # fmt: skip
    verdict.judge(f"{name}: faults", str(count), count == 0, "0")
    for fault, times in sorted(told["faults"].items(), key=lambda row: -row[1])[:10]:
        verdict.rows.append({"name": f"  {times} × {fault}", "value": "", "bound": "", "holds": None})


def pushes(verdict, told):
    times = sorted(seconds for _, seconds in told.seconds)
    verdict.judge("pushes that the kernel followed", f"{len(times)} ({told.retries} retried)", bool(times), "≥ 1")
    verdict.zero(f"not followed within {PUSHED_WITHIN} s", [f"{name}: {seconds}" for name, seconds in told.late])
    if times:
        verdict.judge("  seconds: median, longest", f"{times[len(times) // 2]:.1f}, {times[-1]:.1f}", None, "")


def log(verdict, file):
    """Lines of a level that nobody should see."""
    lines = [line.decode(errors="replace") for line in file.read_bytes().splitlines() if LEVELS.search(line[:80])]
    verdict.zero("errors in the log", lines)


def databases(verdict, state):
    """What SQLite says of the files, after the daemon ended."""
    for file in sorted(state.glob("*.db")):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            told = database.execute("PRAGMA integrity_check").fetchone()[0]
        verdict.judge(f"{file.name}: integrity_check", told, told == "ok", "ok")
