"""The JavaScript SDK: every documented operation, its declarations, and its own tests."""

import json
import re
import subprocess

import pytest
from documented import OPERATIONS, ROOT, STREAM, address, camel

SDK = ROOT / "sdk/javascript"


@pytest.fixture(scope="module")
def recorded():
    """What every method sends, and the names of all methods."""
    calls = []
    for row in OPERATIONS:
        if row["id"] != STREAM:
            given = ["a/b"] * len(row["in_path"]) + ([{"name": "x"}] if row["body"] else [])
            options = {camel(name): "1" for name in row["query"]}
            options |= {camel(name): "2" for name in row["headers"]}
            calls.append({"id": row["id"], "given": [*given, options]})
    done = subprocess.run(
        ["node", ROOT / "Tests/SDK/record.mjs"], input=json.dumps(calls), capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_operation_has_a_method(recorded, operation):
    assert operation["id"] in recorded["names"]


def test_every_method_sends_what_is_documented(recorded, plain_operation):
    (sent,) = [row for row in recorded["results"] if row["id"] == plain_operation["id"]]
    path, query = address(plain_operation)
    assert (sent["method"], sent["path"], sent["query"]) == (plain_operation["method"], path, query)
    assert sent["body"] == ({"name": "x"} if plain_operation["body"] else None)
    added = {"Accept", "Authorization", *(["Content-Type"] if plain_operation["body"] else [])}
    assert set(sent["headers"]) == set(plain_operation["headers"]) | added


def test_every_method_is_declared(operation):
    file = "client.d.ts" if operation["id"] == STREAM else "operations.d.ts"
    assert re.search(rf"^  {operation['id']}\(", (SDK / "src" / file).read_text(), re.MULTILINE)


def test_every_paged_list_has_an_iterator(recorded):
    for row in OPERATIONS:
        if {"limit", "offset"} <= set(row["query"]):
            assert "iter" + row["id"].removeprefix("list").removeprefix("get") in recorded["names"]


def test_no_method_is_undocumented(recorded):
    known = {row["id"] for row in OPERATIONS} | {"waitForRevision", "_send"}
    assert {name for name in recorded["names"] if not name.startswith("iter")} - known == set()


def test_its_declarations_hold():
    done = subprocess.run(["tsc", "-p", SDK], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_its_own_tests():
    files = sorted((SDK / "test").glob("*.test.js"))
    done = subprocess.run(["node", "--test", *files], cwd=SDK, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE)


def test_it_has_no_dependencies():
    package = json.loads((SDK / "package.json").read_text())
    assert not {"dependencies", "devDependencies", "peerDependencies"} & set(package)
