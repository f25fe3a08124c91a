"""How long a write of one peer takes until it is in the kernel: commit, pass and reading back included."""

import json

# Run inside the namespace: makes peers one after the other on one connection, and prints of each the milliseconds and the
# public key that the answer names.
WRITER = """
import http.client, json, sys, time
token, count = sys.argv[1], int(sys.argv[2])
connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=60)
for number in range(count):
    body = json.dumps({"name": f"written {number}", "interface": "wg0"})
    start = time.monotonic()
    connection.request("POST", "/api/peers?wait=30s", body, {
        "Authorization": "Bearer " + token, "Content-Type": "application/json"})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    taken = (time.monotonic() - start) * 1000
    assert answer.status == 201 and told["reconcile"]["state"] == "converged", (answer.status, told)
    print(json.dumps([taken, told["data"]["public_key"]]), flush=True)
"""


def measure(figures, namespace, token, count):
    """The answer of a write comes when it was read back; that it is true is looked up here once more, at the end."""
    figures.part("A write until it is in the kernel", f"{count:,} times POST /api/peers, one after the other: edit, validation of "
                 "the tree, plan, commit, pass, read back, answer.")  # fmt: skip
    done = namespace.run("python3", "-c", WRITER, token, str(count), timeout=60 + count * 5)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    present = {line.split("\t")[0] for line in namespace.output("wg", "show", "wg0", "dump").splitlines()[1:]}
    missing = [key for _, key in rows if key not in present]
    figures.fact("written peers that wg does not show", not missing, f"{len(missing)} of {len(rows)}")
    times = sorted(taken for taken, _ in rows)
    figures.add("REST write to kernel, p50", times[len(times) // 2], "ms", at_most=100)
    figures.add("REST write to kernel, p99", times[len(times) * 99 // 100], "ms", at_most=300)
    figures.add("REST write to kernel, slowest", times[-1], "ms")
    figures.plot("writes", "POST /api/peers until it is in the kernel", "share of writes in %", "ms",
                 {"slower than this share": [((number + 1) * 100 / len(times), taken) for number, taken in enumerate(times)]})  # fmt: skip
