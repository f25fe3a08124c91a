"""What dnsperf says of a server, with the same options for each."""

import re
import resource
import subprocess

# Enough sockets that the kernel spreads them over the threads of a server, and enough queries on their way that none
# waits for work. One thread: a second one would take the processor from the server.
OPTIONS = ["-c", "32", "-q", "200", "-t", "5"]


def load(port, queries, seconds, *words):
    """Answers per second, queries sent, queries without an answer, and the processor time it took itself."""
    command = ["nice", "-n", "-5", "dnsperf", "-s", "127.0.0.1", "-p", port, "-d", queries, "-l", seconds, *OPTIONS, *words]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=seconds + 60, check=True).stdout  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = Result(text)
    result.processor_time = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result


class Result:
    def __init__(self, text):
        self.rate = float(re.search(r"Queries per second:\s+([\d.]+)", text).group(1))
        self.sent = int(re.search(r"Queries sent:\s+(\d+)", text).group(1))
        self.lost = int(re.search(r"Queries lost:\s+(\d+)", text).group(1))
        codes = re.search(r"Response codes:\s+(.*)", text)
        self.codes = codes.group(1) if codes else ""
        # With -v, a line per answer: "> NOERROR name type 0.000123".
        self.times = sorted(float(line) * 1000 for line in re.findall(r"^> \S+ \S+ \S+ ([\d.]+)$", text, re.M))

    def percentile(self, share):
        return self.times[min(int(len(self.times) * share), len(self.times) - 1)]
