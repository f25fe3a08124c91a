"""What reads of what was observed cost: the scrape of Prometheus, the dashboard, a year of one peer."""

import json
import time

from baseline import processor_time

API = "http://127.0.0.1:8080"


def measure(figures, namespace, gateway, ask):
    """`ask(url)` asks the API with a token and returns the body."""
    peer = json.loads(ask(f"{API}/api/peers?limit=1"))["data"]["peers"][0]["id"]
    body = ask(f"{API}/metrics")
    figures.add("size of /metrics", len(body) / 1e6, "MB")
    for name, url, goal in (
        ("GET /metrics", "/metrics", 100),
        ("GET /api/metrics/dashboard", "/api/metrics/dashboard", 50),
        ("GET a year of one peer by week",
         f"/api/metrics/peers/{peer}?resolution=weekly&start=2026-01-01&end=2027-01-01", 50),
    ):  # fmt: skip
        # The first one may wait for a look at the host.
        ask(API + url)
        times = [spent(lambda url=url: ask(API + url)) for _ in range(10)]
        figures.add(name, times, "ms", at_most=goal, of="curl and all")
    before, start = processor_time(gateway.pid()), time.monotonic()
    time.sleep(65)
    share = (processor_time(gateway.pid()) - before) / (time.monotonic() - start) * 100
    figures.add("serve with nothing to do: passes, looks, samples", share, "% of a core")


def spent(action):
    """Milliseconds."""
    start = time.monotonic()
    action()
    return (time.monotonic() - start) * 1000
