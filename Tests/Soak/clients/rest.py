"""Reads and writes of the API, run inside the gateway's namespace: `rest.py TOKEN INTERFACE READS_PER_SECOND SECONDS_PER_WRITE`.

Standard library only. Ends at the end of standard input and prints JSON: the time of the clock and the milliseconds of
each request by what it was, and what was answered where it was not what is promised.
"""

import collections
import http.client
import itertools
import json
import sys
import threading
import time

from asking import ask_until_told

token, interface, rate, pause = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
# Peers that are there at the same time: the oldest goes when one more comes.
KEPT = 20
READS = ("/api/peers?limit=50", "/api/status", "/api/interfaces", "/api/metrics/dashboard", "/metrics", "/api/drift")

ending = threading.Event()
times = collections.defaultdict(list)
faults = collections.Counter()


class Client:
    """One connection, made again after it failed."""

    def __init__(self):
        self.connection = None

    def ask(self, kind, method, path, body=None, wanted=(200,)):
        """The JSON of an answer, or None, which is counted; only the text of a fault is kept, not what it is about."""
        began = time.time()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=60)
            headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": "application/json"} if body else {})
            self.connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection = None
            faults[f"{kind} {method} {path.split('?')[0]}: {type(error).__name__} {error}"] += 1
            return None
        times[f"{kind} {method} {pattern(path)}"].append((round(began, 2), round((time.time() - began) * 1000, 1)))
        if answer.status not in wanted:
            faults[f"{kind} {method} {pattern(path)}: {answer.status} {content[:300].decode(errors='replace')}"] += 1
            return None
        return json.loads(content) if content.startswith(b"{") else {}


def pattern(path):
    """A path without the identity in it."""
    parts = path.split("?")[0].split("/")
    return "/".join(parts[:3] + ["…"] * (len(parts) - 3))


def read():
    client, due = Client(), time.monotonic()
    for path in itertools.cycle(READS):
        if ending.wait(max(0, due - time.monotonic())):
            return
        due = max(due, time.monotonic() - 1) + 1 / rate
        client.ask("read", "GET", path)


def write():
    """Makes, changes, blocks and removes peers; each has to be in the kernel when it is answered."""
    client, made = Client(), collections.deque()
    for number in itertools.count():
        if ending.is_set():
            break
        told = change(client, "POST", "/api/peers", {"name": f"soak {number}", "interface": interface}, (201,))
        if told:
            made.append(told["data"]["id"])
        if made:
            identity = made[number % len(made)]
            change(client, "PATCH", f"/api/peers/{identity}", {"description": f"round {number}"})
            change(client, "PATCH", f"/api/peers/{identity}", {"enabled": number % 2 == 0})
        if len(made) > KEPT:
            change(client, "DELETE", f"/api/peers/{made.popleft()}", None, (200, 204))
    for identity in made:
        change(client, "DELETE", f"/api/peers/{identity}", None, (200, 204))


def change(client, method, path, body, wanted=(200,)):
    if ending.wait(pause) and method != "DELETE":
        return None
    told = client.ask("write", method, f"{path}?wait=30s", body, wanted)
    if told and told.get("reconcile", {}).get("state") != "converged":
        faults[f"write {method} {pattern(path)}: reconcile {json.dumps(told.get('reconcile'))[:300]}"] += 1
    return told


ask_until_told(ending, {"times": times, "faults": faults}, read, write)
