"""What is measured of each server, alone on the machine and in turn with the others."""

import subprocess
import time

import dnsperf
from question import Client
from servers import ANSWER, PORT


class Rounds:
    def __init__(self, table, queries, names, options):
        self.table = table
        self.queries = queries
        self.names = names
        self.options = options

    def measure(self, server, log):
        """One start: until the first answer, memory, answers per second, times of answers."""
        suffix = ", log on" if log else ""
        start = server.start(log)
        if not log:
            self.table.take(server.name, "start to first answer", start * 1000)
            self.take_memory(server, "before any query")
        server.warm()
        for what in ("blocked", "cached"):
            self.load(server, what, suffix)
        if not log:
            self.once(server)
        self.latency(server, suffix)
        if log:
            self.take_log(server)
        else:
            self.take_memory(server, "after the load")
        server.stop()

    def take_memory(self, server, when):
        resident, proportional = server.memory()
        self.table.take(server.name, f"resident, {when}", resident)
        self.table.take(server.name, f"proportional, {when}", proportional)

    def load(self, server, what, suffix):
        # What the first queries cost stands in no figure.
        dnsperf.load(PORT, self.queries[what], 1)
        before = server.processor_time()
        result = dnsperf.load(PORT, self.queries[what], self.options.seconds)
        used = server.processor_time() - before
        self.table.take(server.name, f"{what} answers{suffix}", result.rate)
        self.table.take(server.name, f"{what} answers of a core{suffix}", result.sent / used)
        self.table.take(server.name, f"share of dnsperf, {what}{suffix}", result.processor_time / self.options.seconds)
        self.table.take(server.name, f"queries lost{suffix}", result.lost)

    def once(self, server):
        """Names that were not asked for before, so that no answer is there already."""
        before = server.processor_time()
        result = dnsperf.load(PORT, self.queries["once"], self.options.seconds)
        used = server.processor_time() - before
        self.table.take(server.name, "names asked once", result.rate)
        self.table.take(server.name, "names asked once of a core", result.sent / used)

    def latency(self, server, suffix):
        result = dnsperf.load(PORT, self.queries["mixed"], self.options.seconds, "-Q", "5000", "-v")
        self.table.take(server.name, f"p50 at 5,000/s{suffix}", result.percentile(0.50))
        self.table.take(server.name, f"p99 at 5,000/s{suffix}", result.percentile(0.99))

    def take_log(self, server):
        if server.name != "wirebuddy":
            return
        counters = server.say("counters")
        self.table.take(server.name, "rows written", counters["rows"])
        self.table.take(server.name, "rows dropped at saturation", counters["dropped"])
        paced = self.paced(server, self.options.paced)
        self.table.take(server.name, "answers at the paced rate, log on", paced[0])
        self.table.take(server.name, "rows dropped at the paced rate", paced[1])

    def paced(self, server, rate):
        """Answers and dropped rows while so many queries a second come."""
        before = server.say("counters")["dropped"]
        result = dnsperf.load(PORT, self.queries["mixed"], self.options.seconds, "-Q", rate)
        return result.rate, server.say("counters")["dropped"] - before

    def echo(self, server):
        server.start()
        self.load(server, "blocked", "")
        self.latency(server, "")
        server.stop()

    def rule(self, server):
        """From wanting a name blocked, which was answered before, to the first answer that blocks it."""
        client = Client(PORT)
        for number in range(5):
            name = self.names.cached[-1 - number]
            if client.ask(name, 2) != ANSWER:
                raise AssertionError(f"{server.name}: {name} is not answered")
            start = time.monotonic()
            server.block(name)
            client.until(name, server.null)
            self.table.take(server.name, "one more rule until it is active", (time.monotonic() - start) * 1000)
        client.close()

    def refresh(self, server):
        """Reads the list again and again under load."""
        command = ["nice", "-n", "-5", "dnsperf", "-s", "127.0.0.1", "-p", PORT, "-d", self.queries["mixed"], "-l", 10, "-Q", 10_000,
                   *dnsperf.OPTIONS]  # fmt: skip
        before = server.memory()[0]
        load = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
        count, peak, end = 0, before, time.monotonic() + 9
        while time.monotonic() < end:
            server.say("refresh")
            count += 1
            peak = max(peak, server.memory()[0])
        result = dnsperf.Result(load.communicate()[0])
        return count, result, before, peak
