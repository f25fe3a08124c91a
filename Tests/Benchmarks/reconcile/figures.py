"""Collects and prints figures: median, smallest and largest of their rounds, beside goals."""

import statistics
import time


class Figures:
    def __init__(self, rounds):
        self.rounds = rounds
        self.medians = {}
        self.missed = []
        print(f"{'figure':<46} {'median':>9} {'min':>9} {'max':>9}  unit  goal", flush=True)

    def timed(self, name, action, rounds=None, **goal):
        """Runs an action some times and prints how long it took in seconds."""
        times = []
        for _ in range(rounds or self.rounds):
            start = time.monotonic()
            action()
            times.append(time.monotonic() - start)
        return self.add(name, times, **goal)

    def add(self, name, values, unit="s", at_most=None, of=None, is_ratio=False, judge=statistics.median):
        """Prints a figure; `of` says what the goal was made of, `judge` which of the values is held against it."""
        values = values if isinstance(values, list) else [values]
        median = statistics.median(values)
        self.medians[name] = median
        verdict = ""
        if at_most is not None:
            good = judge(values) <= at_most
            verdict = f"≤ {at_most:.3f}{f' ({of})' if of else ''} {'ok' if good else 'MISSED'}"
            if not good:
                self.missed.append((name, is_ratio))
        print(f"{name:<46} {median:>9.3f} {min(values):>9.3f} {max(values):>9.3f}  {unit:<4}  {verdict}", flush=True)
        return median

    def fact(self, name, holds, text):
        """Prints something that must hold exactly."""
        if not holds:
            self.missed.append((name, True))
        print(f"{name:<46} {text}  {'ok' if holds else 'MISSED'}", flush=True)

    def summary(self, check):
        if not self.missed:
            print("every goal was met")
            return 0
        print("missed: " + ", ".join(name for name, _ in self.missed))
        return 1 if check and any(is_ratio for _, is_ratio in self.missed) else 0
