"""The figures of the servers side by side: medians of the rounds, a ratio, and a goal beside what has one."""

import statistics

SERVERS = ("wirebuddy", "unbound", "dnsmasq", "echo")


class Table:
    def __init__(self, record):
        self.record = record
        self.values = {}
        self.rows = []
        self.missed = []

    def take(self, server, figure, value):
        """Notes one round's value."""
        self.values.setdefault((figure, server), []).append(value)

    def median(self, server, figure):
        values = self.values.get((figure, server))
        return statistics.median(values) if values else None

    def head(self):
        print(f"\n{'figure':<44} {'wirebuddy':>10} {'unbound':>10} {'dnsmasq':>10} {'NIO echo':>10}  {'ratio':>6}  goal")

    def row(self, figure, unit="", is_more_better=True, digits=0, goal=None, of_better=None, of=None):
        """Prints a figure of each server; ours.

        - goal: (sign, limit, unit) that our median is held against; a number that is only printed
        - of_better: what our figure divided by the better of the others' must be at least (at most where less is
          better); of names the only one it is compared with
        """
        medians = {server: self.median(server, figure) for server in SERVERS}
        ours = medians["wirebuddy"]
        others = [medians[name] for name in ([of] if of else SERVERS[1:3]) if medians[name]]
        ratio = None
        if ours and others:
            ratio = ours / (max(others) if is_more_better else min(others))
        verdicts = []
        if goal and ours is not None:
            sign, limit, of_what = goal
            met = ours >= limit if sign == "≥" else ours <= limit
            verdicts.append(self.verdict(figure, f"{sign} {limit:,g}{of_what}", met, False, excess(sign, ours, limit)))
        if of_better and ratio is not None:
            sign, met = ("≥", ratio >= of_better) if is_more_better else ("≤", ratio <= of_better)
            text = f"{sign} {of_better:g} × {of or 'the better of them'}"
            verdicts.append(self.verdict(figure, text, met, True, excess(sign, ratio, of_better)))
        cells = [f"{medians[server]:>10,.{digits}f}" if medians[server] is not None else f"{'':>10}" for server in SERVERS]
        label = f"{figure}, {unit}" if unit else figure
        shown = [f"{verdict['goal']}: {'met' if verdict['met'] else 'MISSED'}" for verdict in verdicts]
        print(f"{label:<44} {' '.join(cells)}  {f'{ratio:.2f}' if ratio else '':>6}  {'; '.join(shown)}", flush=True)
        self.record.row(name=figure, unit=unit, digits=digits, ratio=ratio, verdicts=verdicts, columns={
            server: {"median": medians[server], "min": min(values), "max": max(values)}
            for server in SERVERS if (values := self.values.get((figure, server)))
        })  # fmt: skip
        return ours

    def verdict(self, figure, text, is_met, is_ratio, beyond=None):
        if not is_met:
            self.missed.append((figure, is_ratio))
        return {"goal": text, "met": is_met, "excess": beyond}

    def fact(self, figure, text, is_met):
        self.verdict(figure, text, is_met, True)
        print(f"{figure:<44} {text}: {'met' if is_met else 'MISSED'}", flush=True)
        self.record.row(name=figure, text=text, met=bool(is_met))

    def note(self, figure, text):
        print(f"{figure:<44} {text}", flush=True)
        self.record.row(name=figure, text=text, met=None)

    def spread(self, figure):
        """The smallest and largest value of each server, to see how quiet the machine was."""
        parts = []
        for server in SERVERS:
            if values := self.values.get((figure, server)):
                parts.append(f"{server} {min(values):,.0f}…{max(values):,.0f}")
        print(f"  rounds of {figure}: {', '.join(parts)}")


def excess(sign, value, limit):
    """How many times beyond its limit a value is; above 1 it is missed. None where that can't be said in numbers."""
    if sign == "≥":
        return limit / value if value else None
    return value / limit if limit else None
