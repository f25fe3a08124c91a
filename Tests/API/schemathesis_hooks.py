"""What the generated requests must not take from themselves: who they are, that they are not counted, and a gateway that
applies what is written. A write that did is undone over the socket, which knows no limits."""

import os

import httpx
import schemathesis

GATEWAY = httpx.Client(
    transport=httpx.HTTPTransport(uds=os.environ["FUZZED_SOCKET"], limits=httpx.Limits(max_keepalive_connections=0)),
    base_url="http://gateway",
    timeout=60,
)
KEPT = {
    "/api/settings": {"rate_limits": {"exempt": ["127.0.0.0/8"]}, "windows": [], "probes": []},
    f"/api/users/{os.environ['FUZZED_ADMIN']}": {"enabled": True, "role": "admin"},
}


@schemathesis.hook
def after_call(context, case, response):
    if case.method == "GET" or not 200 <= response.status_code < 300:
        return
    GATEWAY.delete("/api/suspend").raise_for_status()
    for path, body in KEPT.items():
        GATEWAY.patch(path, json=body).raise_for_status()
    if "windows" in (case.body if isinstance(case.body, dict) else {}):
        # Windows that are closed hold the revision that opens them again; a pass that is asked for is not held.
        # What it finds to be refused is no fault of the pass.
        answer = GATEWAY.post("/api/reconcile")
        if answer.status_code >= 500:
            answer.raise_for_status()
