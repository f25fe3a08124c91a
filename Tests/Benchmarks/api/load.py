"""Reads under load, what a million requests leave in memory, and reads while a batch is applied."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

import observation
import writes
from baseline import processor_time
from daemon import resident, serve
from lab.gateway import ROOT, Gateway, document
from lab.namespace import Namespace, wait_for
from peers import Peers, commit

STATIC = Path(os.environ.get("WIREBUDDY_STATIC", ROOT / ".build/release/StaticServer"))
PAGE = "http://127.0.0.1:8080/api/peers?limit=50"
# Run inside the namespace: one connection that asks again and again and prints the milliseconds of each answer.
PROBE = """
import http.client, sys, time
connection, end = http.client.HTTPConnection("127.0.0.1", 8080, timeout=30), time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    start = time.monotonic()
    connection.request("GET", "/api/peers?limit=50", headers={"Authorization": "Bearer " + sys.argv[1]})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    print((time.monotonic() - start) * 1000, flush=True)
    time.sleep(0.002)
"""


def measure(figures, folder, options):
    namespace = Namespace("api")
    try:
        gateway = Gateway(namespace, folder / "gateway")
        peers = Peers(options.peers, 1)
        peers.repository(gateway.config)
        commit(gateway.config, "users/admin.yaml", document("User", username="admin", role="admin"))
        commit(gateway.config, "settings.yaml", document(
            "Settings", repository_id="6a1f3a52-8f0e-4c0b-9a53-2f5c7b3f1d10", reconcile="{interval: 30s}",
            rate_limits="{exempt: [127.0.0.0/8]}"))  # fmt: skip
        passes = serve(gateway)
        passes.wait(lambda entry: entry["changes"] != "0", what="the first pass")
        token = gateway.wirebuddy("token", "create", "bench", "--permission", "full").stdout.strip()
        # Before anything was read: nothing is in caches yet.
        writes.measure(figures, namespace, token, options.writes)
        size = len(curl(namespace, token))
        figures.part("Reads of what was observed")
        figures.add("bytes of a page of 50 peers", size, "B")
        observation.measure(figures, namespace, gateway, lambda url: curl(namespace, token, url=url))
        throughput(figures, namespace, gateway, token, size, options.seconds)
        # Before the batch: the goal is one of so many peers, which the batch adds to.
        memory(figures, namespace, gateway, token, options.requests)
        tail(figures, namespace, token, options.seconds)
        figures.add("serve resident after the batch", resident(gateway.pid()), "MB")
        gateway.stop(seconds=60)
    finally:
        namespace.close()


def library_version():
    """That of the server library, from what the package manager resolved."""
    rows = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    return next(row["state"]["version"] for row in rows if row["identity"] == "hummingbird")


def curl(namespace, token, *words, url=PAGE):
    done = namespace.run("curl", "-sS", "--fail-with-body", "-H", f"Authorization: Bearer {token}", *words, url,
                         timeout=180)  # fmt: skip
    return done.stdout


def wrk(namespace, url, token, seconds):
    """Requests per second; any answer but 200 is a failure."""
    done = namespace.run(
        "wrk", "-t1", "-c32", f"-d{seconds}s", "-H", f"Authorization: Bearer {token}", url, timeout=seconds + 60)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise AssertionError(done.stdout)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))


def throughput(figures, namespace, gateway, token, size, seconds):
    """In turns, so that both meet the same machine."""
    static = namespace.start(STATIC, "9090", str(size), stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: namespace.run("curl", "-sf", "-o", "/dev/null", "http://127.0.0.1:9090/", check=False)
                 .returncode == 0, 10, what="the static server")  # fmt: skip
        bare_pid = namespace.processes("StaticServer")[0]
        ours, bare, our_times, bare_times = [], [], [], []
        for _ in range(figures.rounds):
            for rates, times, url, pid in (
                (bare, bare_times, "http://127.0.0.1:9090/", bare_pid),
                (ours, our_times, PAGE, gateway.pid()),
            ):
                before = processor_time(pid)
                rates.append(wrk(namespace, url, token, seconds))
                times.append((processor_time(pid) - before) / (rates[-1] * seconds) * 1e6)
    finally:
        static.kill()
        static.wait()
    figures.part("Reads under load", "wrk with 32 connections, beside StaticServer: one route of the same library that "
                 "answers the same number of bytes.")  # fmt: skip
    figures.add("static route of the same size", bare, "1/s")
    figures.add("GET /api/peers?limit=50", ours, "1/s", beside="static route of the same size")
    # This one depends less on what else the machine does.
    figures.plot("rate", "Requests per second, 32 connections", "1/s", "", scale="bars",
                 lines={"static route": max(bare), "GET /api/peers?limit=50": max(ours)})  # fmt: skip
    figures.add("  processor time of a request, static", bare_times, "µs")
    figures.add("  processor time of a request, ours", our_times, "µs", beside="  processor time of a request, static")
    figures.add("  static ÷ ours", max(bare) / max(ours), "", at_most=2, of="at least half of it", is_ratio=True)


def tail(figures, namespace, token, seconds):
    """The slowest reads while nothing happens, and while 1,000 peers are made."""
    figures.part("Reads while 1,000 peers are made by one batch")
    idle = probe(namespace, token, seconds)
    body = json.dumps({"writes": [
        {"method": "POST", "path": "/api/peers", "body": {"name": f"batch {number}", "interface": "wg0"}}
        for number in range(1000)
    ]})  # fmt: skip
    reader = namespace.start("python3", "-c", PROBE, token, "600", stdout=subprocess.PIPE, text=True)
    try:
        # Its start is over.
        reader.stdout.readline()
        start = time.monotonic()
        answer = json.loads(curl(
            namespace, token, "-X", "POST", "-H", "Content-Type: application/json", "-d", body,
            url="http://127.0.0.1:8080/api/batch?wait=60s"))  # fmt: skip
        taken = time.monotonic() - start
    finally:
        reader.kill()
    busy = [float(line) for line in reader.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]
    if answer["reconcile"]["state"] != "converged":
        raise AssertionError(f"the batch: {answer['reconcile']}")
    figures.add("batch of 1,000 peers, until read back", taken)
    figures.add("  reads in the meantime", len(busy), "")
    figures.add("p99 of a read, idle", percentile(idle), "ms")
    figures.add("p99 of a read, while the batch is applied", percentile(busy), "ms", beside="p99 of a read, idle",
                at_most=5 * percentile(idle), of="5 × idle", is_ratio=True)  # fmt: skip


def probe(namespace, token, seconds):
    done = namespace.run("python3", "-c", PROBE, token, str(seconds), timeout=seconds + 60)
    return [float(line) for line in done.stdout.split()]


def percentile(values, share=0.99):
    return sorted(values)[int(len(values) * share)]


def memory(figures, namespace, gateway, token, requests):
    figures.part("Memory after many requests")
    before = resident(gateway.pid())
    asked, rate = 0, wrk(namespace, PAGE, token, 2)
    while asked < requests:
        seconds = min(60, max(1, int((requests - asked) / rate) + 1))
        rate = wrk(namespace, PAGE, token, seconds)
        asked += int(rate * seconds)
    figures.add("serve resident before the requests", before, "MB")
    figures.add(f"serve resident after {asked:,} requests", resident(gateway.pid()), "MB", at_most=120)
