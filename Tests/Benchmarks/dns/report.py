"""The table: what was measured beside what is promised."""


def report(table, names, options, refresh):
    more = {"of_better": 1.3}
    table.head()
    for suffix in ("", ", log on"):
        goal = {"goal": ("≥ 40,000", lambda rate: rate >= 40_000)} if suffix else {}
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
                  goal=("≤ 1 ms", lambda value: value <= 1))  # fmt: skip
    table.row("rows written")
    table.row("rows dropped at saturation")
    # Rows that nobody asked for are no rows kept: the rate must have been reached.
    reached = table.row("answers at the paced rate, log on", "1/s",
                        goal=(f"{options.paced:,}", lambda rate: rate >= 0.98 * options.paced))  # fmt: skip
    table.row("rows dropped at the paced rate",
              goal=(f"0 at {options.paced:,}/s", lambda count: count == 0 and reached >= 0.98 * options.paced))  # fmt: skip
    for kind in ("resident", "proportional"):
        for when in ("one name", "before any query", "after the load"):
            of = {"of_better": 1.0, "of": "dnsmasq"} if (kind, when) == ("resident", "after the load") else {}
            table.row(f"{kind}, {when}", "MB", is_more_better=False, digits=1, **of)
    for server in ("wirebuddy", "unbound", "dnsmasq"):
        grown = table.median(server, "resident, before any query") - table.median(server, "resident, one name")
        table.take(server, "memory of a name", grown * 1e6 / len(names.blocked))
    table.row("memory of a name", "bytes", is_more_better=False, digits=1, goal=("≤ 24", lambda value: value <= 24))
    table.row("start to first answer", "ms", is_more_better=False, goal=("≤ 500 ms", lambda value: value <= 500))
    table.row("start that compiles the list", "ms")
    table.row("one more rule until it is active", "ms", is_more_better=False, digits=1,
              goal=("≤ 50 ms", lambda value: value <= 50))  # fmt: skip
    count, result, before, peak = refresh
    table.fact("queries lost while the list is refreshed",
               f"{result.lost} of {result.sent:,} in {count} refreshes", result.lost == 0)  # fmt: skip
    table.note("resident while the list is refreshed", f"{before:.1f} MB before, at most {peak:.1f} MB")
