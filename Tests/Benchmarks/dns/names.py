"""The names of the benchmark, the same for every server and every run: a list to block, and queries in a fixed mix."""

import random

# Names that the upstream answers and no list has.
ZONE = "bench.example"
WORDS = (
    "ad ads adserver analytics banner beacon click collect counter data event impression log metric pixel pop promo "
    "report sync tag telemetry track traffic stat"
).split()
ENDINGS = ["com", "net", "org", "io", "info", "de", "co.uk", "com.br", "xyz", "ru"]


class Names:
    def __init__(self, count, cached, seed, real=None):
        choose = random.Random(seed)
        self.real = 0
        blocked = {}
        if real:
            for line in real.read_text().splitlines()[:count]:
                if line and not line.startswith("#"):
                    blocked[line.strip().lower()] = None
            self.real = len(blocked)
        # Like those of real lists: one to three labels before the ending, 22 octets on average.
        while len(blocked) < count:
            labels = [choose.choice(WORDS)] if choose.random() < 0.6 else []
            labels.append("%s%x" % (choose.choice(WORDS), choose.getrandbits(choose.choice((24, 32, 40)))))
            blocked[".".join([*labels, choose.choice(ENDINGS)])] = None
        self.blocked = list(blocked)
        self.cached = [f"host{number}.{ZONE}" for number in range(cached)]
        self.asked = choose.sample(self.blocked, min(10_000, count))
        # A fifth of what is asked for stands below a name of the list.
        self.asked = [f"www.{name}" if number % 5 == 0 else name for number, name in enumerate(self.asked)]
        self.choose = choose

    def files(self, folder):
        """Query files for dnsperf by what they ask for."""
        mix = self.asked + self.choose.choices(self.cached, k=len(self.asked))
        self.choose.shuffle(mix)
        asked = set(self.asked)
        once = [name for name in self.blocked if name not in asked]
        self.choose.shuffle(once)
        paths = {}
        for what, names in (("blocked", self.asked), ("cached", self.cached), ("mixed", mix), ("once", once)):
            paths[what] = folder / f"{what}.queries"
            paths[what].write_text("".join(f"{name} A\n" for name in names))
        return paths

    def average(self):
        return sum(map(len, self.blocked)) / len(self.blocked)
