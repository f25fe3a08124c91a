"""Requests made from the served OpenAPI document: no server error, no undocumented status, no answer beside its
schema."""

import json
import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path

from lab.gateway import ROOT

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
EXAMPLES = 50
# Most of what the others ask for is refused before anything in it is looked at.
EXAMPLES_OF_OTHERS = 15
PROVE = os.environ.get("WIREBUDDY_PROVE") == "1"
# The full counts try other requests each time; what a run of the CI says does not depend on luck.
SEED = os.environ.get("WIREBUDDY_SEED") or (str(random.randrange(1 << 32)) if PROVE else "4")


def operations():
    document = json.loads((ROOT / "schemas/openapi.json").read_text())
    return [row for item in document["paths"].values() for row in item.values() if isinstance(row, dict)]


def proof(server, who):
    """The header of one kind of caller."""
    match who:
        case "admin":
            return server.admin
        case "user":
            # No session: the run logs out.
            server.user("fuzzed")
            return server.token("fuzzed", "read", "--allow-secrets", "--user", "fuzzed")
        case "read-only":
            return server.token("reader", "read")
    return None


def judge(fresh, tmp_path, who):
    """Runs schemathesis as somebody; its report is in the failure."""
    for number in range(3):
        fresh.peer(f"peer-{number}")
    document = tmp_path / "openapi.json"
    document.write_text(fresh.get("/api/openapi.json").text)
    token = proof(fresh, who)
    command = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file",
        CONFIGURATION,
        "run",
        document,
        "--url",
        "http://127.0.0.1:8080",
        "--checks",
        "all",
        "--max-examples",
        EXAMPLES * 4 if PROVE else EXAMPLES if who == "admin" else EXAMPLES_OF_OTHERS,
        "--seed",
        SEED,
        "--report",
        "junit",
        "--report-dir",
        tmp_path,
    ]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": str(HOOKS),
        "FUZZED_SOCKET": str(fresh.socket),
        "FUZZED_ADMIN": fresh.get("/api/auth/me").json()["data"]["user"]["id"],
    }
    with open(tmp_path / "schemathesis.txt", "w") as output:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=tmp_path,
            env=environment,
            stdout=output,
            stderr=output,
            timeout=1800,
        )
    report = (tmp_path / "schemathesis.txt").read_text()
    assert done.returncode == 0, f"WIREBUDDY_SEED={SEED}\n" + report[-20000:] + fresh.log_tail()
    assert fresh.daemon.poll() is None
    if token:
        fresh.get("/api/auth/me", token=token)
    assert token is None or token not in fresh.log.read_text()


# A class each, so that several workers share them (`--dist loadscope`).
class TestAsAdmin:
    def test_it(self, fresh, tmp_path):
        judge(fresh, tmp_path, "admin")


class TestAsUser:
    def test_it(self, fresh, tmp_path):
        judge(fresh, tmp_path, "user")


class TestAsReader:
    def test_it(self, fresh, tmp_path):
        judge(fresh, tmp_path, "read-only")


class TestAsNobody:
    def test_it(self, fresh, tmp_path):
        judge(fresh, tmp_path, "nobody")


def test_only_what_cannot_be_said_may_be_refused():
    """The operations with another answer to valid bodies are those that name their rules."""
    configuration = tomllib.loads(CONFIGURATION.read_text())
    general = set(configuration["checks"]["positive_data_acceptance"]["expected-statuses"])
    assert 412 in general and not general & {400, 422, 429}
    more = {400: set(), 422: set(), 429: set()}
    for group in configuration["operations"]:
        statuses = group.get("checks", {}).get("positive_data_acceptance", {}).get("expected-statuses", general)
        ids = group["include-operation-id"]
        for status in set(statuses) - general:
            more[status] |= {ids} if isinstance(ids, str) else set(ids)
    assert more[422] == {row["operationId"] for row in operations() if row.get("x-unsayable-rules")}
    traffic = {"getPeerTraffic", "getInterfaceTraffic", "exportTraffic"}
    geography = {"getPeerGeography", "getCountryTraffic", "getSystemTraffic"}
    others = {"listDNSQueries", "listDriftHistory", "getDNSStats", "explainDNS", "explainAccess"}
    assert more[400] == others | traffic | geography
    assert more[429] == {"login", "changePassword", "enrol", "streamEvents"}
    assert configuration["generation"]["max-examples"] >= EXAMPLES >= 50
