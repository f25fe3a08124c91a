"""Collects and prints figures: median, smallest and largest of their rounds, beside goals; and hands them to a record."""

import statistics
import time


class Figures:
    def __init__(self, rounds, record):
        self.rounds = rounds
        self.record = record
        self.medians = {}
        self.missed = []
        print(f"{'figure':<46} {'median':>9} {'min':>9} {'max':>9}  unit  goal", flush=True)

    def part(self, title, text=""):
        """Begins a group of figures; `text` says what is measured against what."""
        print(f"-- {title}", flush=True)
        self.record.part(title, text)

    def timed(self, name, action, rounds=None, **goal):
        """Runs an action some times and prints how long it took in seconds."""
        times = []
        for _ in range(rounds or self.rounds):
            start = time.monotonic()
            action()
            times.append(time.monotonic() - start)
        return self.add(name, times, **goal)

    def add(self, name, values, unit="s", at_most=None, of=None, is_ratio=False, judge=statistics.median, beside=None):
        """Prints a figure.

        - of: what the goal was made of
        - judge: which of the values is held against the goal
        - beside: the name of a figure that this one is divided by, for the eye
        """
        values = values if isinstance(values, list) else [values]
        median = statistics.median(values)
        self.medians[name] = median
        row = {"name": name, "unit": unit, "median": median, "min": min(values), "max": max(values), "rounds": len(values)}
        text = ""
        if beside is not None and self.medians[beside] > 0:
            row["ratio"], row["beside"] = median / self.medians[beside], beside
            text = f"{row['ratio']:.2f} × {beside.strip()}  "
        if at_most is not None:
            judged = judge(values)
            row["goal"] = f"≤ {digits(at_most)}{f' ({of})' if of else ''}"
            row["judged"], row["met"] = judged, judged <= at_most
            row["excess"] = judged / at_most if at_most > 0 else judged
            text += f"≤ {at_most:.3f}{f' ({of})' if of else ''} {'ok' if row['met'] else 'MISSED'}"
            if not row["met"]:
                self.missed.append((name, is_ratio))
        print(f"{name:<46} {median:>9.3f} {min(values):>9.3f} {max(values):>9.3f}  {unit:<4}  {text}", flush=True)
        self.record.row(**row)
        return median

    def fact(self, name, holds, text):
        """Prints something that must hold exactly."""
        if not holds:
            self.missed.append((name, True))
        print(f"{name:<46} {text}  {'ok' if holds else 'MISSED'}", flush=True)
        self.record.row(name=name, text=text, met=bool(holds))

    def plot(self, *arguments, **options):
        self.record.plot(*arguments, **options)

    def summary(self, check):
        """Hands everything over; the exit code."""
        self.record.write()
        if not self.missed:
            print("every goal was met")
            return 0
        print("missed: " + ", ".join(name.strip() for name, _ in self.missed))
        return 1 if check and any(is_ratio for _, is_ratio in self.missed) else 0


def digits(value):
    """A number with three digits that say something, and as many before the point as it has."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
