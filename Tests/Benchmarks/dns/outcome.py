"""The table: what was measured beside what is promised."""

from table import SERVERS


def report(table, names, options, refresh):
    more = {"of_better": 1.3}
    table.head()
    for suffix in ("", ", log on"):
        goal = {"goal": ("≥", 40_000, "/s")} if suffix else {}
        for what in ("blocked", "cached"):
            table.row(f"{what} answers{suffix}", "1/s", **more, **goal)
            table.spread(f"{what} answers{suffix}")
            # With a whole core (1.00) for itself, it is dnsperf's rate that stands above.
            table.row(f"share of dnsperf, {what}{suffix}", "cores", is_more_better=False, digits=2)
            table.row(f"{what} answers of a core{suffix}", "1/s", **more)
        table.row(f"queries lost{suffix}", "")
    table.row("names asked once", "1/s")
    table.row("names asked once of a core", "1/s")
    for suffix in ("", ", log on"):
        table.row(f"p50 at 5,000/s{suffix}", "ms", is_more_better=False, digits=3)
        table.row(f"p99 at 5,000/s{suffix}", "ms", is_more_better=False, digits=3,
                  goal=("≤", 1, " ms"))  # fmt: skip
    table.row("rows written")
    table.row("rows dropped at saturation")
    # Rows that nobody asked for are no rows kept: the rate must have been reached.
    reached = table.row("answers at the paced rate, log on", "1/s", goal=("≥", 0.98 * options.paced, "/s"))
    dropped = table.median("wirebuddy", "rows dropped at the paced rate")
    table.fact("rows dropped at the paced rate", f"{dropped:,.0f} at {reached:,.0f}/s", dropped == 0 and reached >= 0.98 * options.paced)
    for kind in ("resident", "proportional"):
        for when in ("one name", "before any query", "after the load"):
            of = {"of_better": 1.0, "of": "dnsmasq"} if (kind, when) == ("resident", "after the load") else {}
            table.row(f"{kind}, {when}", "MB", is_more_better=False, digits=1, **of)
    for server in ("wirebuddy", "unbound", "dnsmasq"):
        grown = table.median(server, "resident, before any query") - table.median(server, "resident, one name")
        table.take(server, "memory of a name", grown * 1e6 / len(names.blocked))
    table.row("memory of a name", "bytes", is_more_better=False, digits=1, goal=("≤", 24, ""))
    table.row("start to first answer", "ms", is_more_better=False, goal=("≤", 500, " ms"))
    table.row("start that compiles the list", "ms")
    table.row("one more rule until it is active", "ms", is_more_better=False, digits=1,
              goal=("≤", 50, " ms"))  # fmt: skip
    for name, title, unit, figure in (
        ("blocked", "Blocked names answered per second", "1/s", "blocked answers"),
        ("core", "Blocked names answered per second of a core", "1/s", "blocked answers of a core"),
        ("memory", f"Resident memory with {options.names:,} blocked names", "MB", "resident, after the load"),
        ("start", "From exec to the first answer", "ms", "start to first answer"),
    ):  # fmt: skip
        lines = {server: value for server in SERVERS if (value := table.median(server, figure))}
        table.record.plot(name, title, unit, "", lines, scale="bars")
    count, result, before, peak = refresh
    table.fact("queries lost while the list is refreshed",
               f"{result.lost} of {result.sent:,} in {count} refreshes", result.lost == 0)  # fmt: skip
    table.note("resident while the list is refreshed", f"{before:.1f} MB before, at most {peak:.1f} MB")
