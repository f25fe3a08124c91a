"""The samples of a soak as one picture."""

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402


def draw(told, file):
    rows = told["samples"]
    begin = rows[0]["time"]
    minutes = [(row["time"] - begin) / 60 for row in rows]
    figure, grid = pyplot.subplots(3, 2, figsize=(12, 10), dpi=80, layout="constrained", sharex=True)
    memory, counts, processor, disk, healed, waits = grid.flat

    for name in ("rss_mb", "anonymous_mb"):
        memory.plot(minutes, [row[name] for row in rows], label=name[:-3])
    memory.set(title="Memory of the daemon", ylabel="MB")
    for name in ("descriptors", "threads", "git processes", "wireguard-go descriptors"):
        counts.plot(minutes, [row[name] for row in rows], label=name)
    counts.set(title="Descriptors, threads, processes")
    shares = [
        (later["processor_s"] - row["processor_s"]) / (later["time"] - row["time"]) * 100 for row, later in zip(rows, rows[1:])
    ]  # fmt: skip
    processor.plot(minutes[1:], shares, label="daemon")
    processor.set(title="Processor time", ylabel="% of a core")
    for name in (name for name in rows[0] if name.endswith(" mb")):
        points = [(at, row[name]) for at, row in zip(minutes, rows) if name in row]
        disk.plot(*zip(*points), label=name[:-3])
    disk.set(title="On the disk", ylabel="MB")

    by_kind = {}
    for at, what, _, seconds in told["tampering"]:
        if seconds is not None:
            by_kind.setdefault(what.replace("_", " "), []).append(((at - begin) / 60, seconds))
    for number, (what, points) in enumerate(sorted(by_kind.items())):
        healed.scatter(*zip(*points), s=12, label=what, marker="osv^D"[number // 10], color=f"C{number % 10}")
    never = [(at - begin) / 60 for at, _, _, seconds in told["tampering"] if seconds is None]
    for at in never:
        healed.axvline(at, color="red")
    healed.set(title="Tampering until it is healed (red: never)", ylabel="seconds", xlabel="minutes")

    for label, times in (
        ("reads", of_kind(told, "read")), ("writes", of_kind(told, "write")),
        ("DNS", sorted(sum((one["times"] for one in told["queries"]), []))),
    ):  # fmt: skip
        waits.plot(*zip(*slowest(times, begin)), label=label)
    waits.set(title="The slowest answer of every 10 s", ylabel="ms", xlabel="minutes", yscale="log")

    for axes in grid.flat:
        axes.grid(True, alpha=0.3)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=7)
    for axes in (memory, counts, processor, disk, healed):
        axes.set_ylim(bottom=0)
    figure.suptitle(f"{told['minutes']:g} minutes, seed {told['seed']}: {'good' if told['good'] else 'FAILED'}")
    figure.savefig(file, metadata={"Software": None})
    pyplot.close(figure)


def of_kind(told, kind):
    return sorted(sum((rows for name, rows in told["requests"]["times"].items() if name.startswith(kind)), []))


def slowest(times, begin):
    """Minutes and milliseconds."""
    worst = {}
    for at, taken in times:
        slot = int(at - begin) // 10
        worst[slot] = max(worst.get(slot, 0), taken)
    return [(slot / 6, worst[slot]) for slot in sorted(worst)] or [(0, float("nan"))]
