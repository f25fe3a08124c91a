"""From the start of serve until it is in sync and answers: on an empty host, and where everything is there already."""

import json
import subprocess
import time

from daemon import Passes, is_idle
from lab.gateway import Gateway, document
from lab.namespace import Namespace, wait_for
from peers import commit

# Run inside the namespace: asks until it is answered with 200, and prints when that was by the clock that all processes share.
ASKER = """
import http.client, json, sys, time
def until_200(path, headers):
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=30)
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return time.monotonic()
        except OSError:
            pass
        time.sleep(0.002)
print("asking", flush=True)
ready = until_200("/readyz", {})
print(json.dumps([ready, until_200("/api/peers?limit=50", {"Authorization": "Bearer " + sys.argv[1]})]), flush=True)
"""
GOAL = 2.0


def measure(figures, peers, folder):
    figures.part("From the start of serve to in sync and answering", "exec until /readyz and GET /api/peers say 200, and until the "
                 "first pass ended, whichever is last; on an empty host wireguard-go is started and gets all peers.")  # fmt: skip
    cold, warm = [], []
    for number in range(figures.rounds):
        namespace = Namespace(f"start{number}")
        try:
            gateway = Gateway(namespace, folder / f"start{number}")
            peers.repository(gateway.config)
            commit(gateway.config, "users/admin.yaml", document("User", username="admin", role="admin"))
            token = made_token(gateway)
            cold.append(started(gateway, token, lambda entry: not is_idle(entry)))
            gateway.stop(seconds=60)
            # The tunnels carry on; what is there is found to be right.
            warm.append(started(gateway, token, is_idle))
            gateway.stop(seconds=60)
        finally:
            namespace.close()
    for name, rows in (("empty host", cold), ("a restart", warm)):
        figures.add(f"in sync and answering, {name}", [max(row) for row in rows], at_most=GOAL)
        for index, what in enumerate(("/readyz says 200", "GET /api/peers says 200", "the first pass ended")):
            figures.add(f"  {what}, {name}", [row[index] for row in rows])


def made_token(gateway):
    """A token needs its owner in the state database, which a plan without changes of the host does not write."""
    gateway.wirebuddy("apply", timeout=300)
    token = gateway.wirebuddy("token", "create", "bench", "--permission", "full").stdout.strip()
    gateway.wirebuddy("down", timeout=300)
    return token


def started(gateway, token, accept):
    """Seconds from exec to readiness, to a list of peers, and to the end of the pass that is accepted."""
    asker = gateway.namespace.start("python3", "-c", ASKER, token, stdout=subprocess.PIPE, text=True)
    try:
        asker.stdout.readline()
        passes = Passes(gateway.log)
        begin = time.monotonic()
        with open(gateway.log, "ab") as log:
            gateway.daemon = gateway.namespace.start(
                *gateway.arguments("serve", "--log-level", "debug"), stdout=log, stderr=log)  # fmt: skip
        entry = passes.wait(accept, what="the first pass")
        ended = time.monotonic() - begin
        if entry["failed"] != "0":
            raise AssertionError(f"the first pass failed: {entry}{gateway.log_tail()}")
        wait_for(lambda: asker.poll() is not None, 60, 0.01, "an answer of the API")
        ready, answered = json.loads(asker.stdout.readline())
    finally:
        asker.kill()
        asker.wait()
        asker.stdout.close()
    return ready - begin, answered - begin, ended
