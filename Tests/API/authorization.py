"""Who may do what: the one table from which docs/authorization.md is printed and every cell of it is tested.

`authorization.py --write` prints it. A row is an operation of the OpenAPI document, whose `x-access` a Swift test
compares with `Operations.all`; what that does not say stands in OVERRIDES.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/authorization.md"
METHODS = ("get", "post", "put", "patch", "delete")

COLUMNS = {
    "anonymous": "no token",
    "user": "a session of a user with role `user` to whom the object does not belong",
    "owner": "a session of the user with role `user` to whom it belongs",
    "read-only": "an admin's token with permission `read`",
    "full": "an admin's token with permission `full`",
    "expired": "a token past its end",
    "revoked": "a token that was revoked",
    "elsewhere": "a token that is used from an address outside its list",
    "admin": "a session of an admin",
}
UNPROVEN = ("anonymous", "expired", "revoked", "elsewhere")

# What a request answers to those who may make it, where that is not the documented success: requests that would end
# the session of the test, or that only somebody without a session makes.
ANSWERS = {
    "login": 422,
    "enrol": 409,
    "changePassword": 422,
    "receiveGitHook": 404,
    "confirm": 409,
}

# What the access of an operation does not say: whose object it is, and by what proof.
OVERRIDES = {
    "getPeer": {"user": 404},
    "getPeerConfig": {"user": 404},
    "getPeerQRCode": {"user": 404},
    "getPeerTraffic": {"user": 404},
    "getPeerGeography": {"user": 404},
    "getDNSRule": {"user": 404},
    "getUser": {"user": 404},
    "updateUser": {"user": 404},
    "patchUser": {"user": 404},
    "deleteToken": {"user": 404},
    "logout": {"full": 409},
}


@dataclass
class Row:
    """An operation with the status of each column."""

    id: str
    method: str
    path: str
    access: str
    #: Whether it can be tried without changing anything.
    has_dry_run: bool
    statuses: dict[str, int]


def rows():
    document = json.loads((ROOT / "schemas/openapi.json").read_text())
    return [
        row_of(path, method, item[method], item.get("parameters", []))
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]


def row_of(path, method, operation, shared):
    names = {
        parameter.get("name") or parameter["$ref"].rsplit("/")[-1]
        for parameter in [*shared, *operation.get("parameters", [])]
    }
    has_dry_run = bool({"dry_run", "DryRun"} & names)
    name, access = operation["operationId"], operation["x-access"]
    success = min(int(status) for status in operation["responses"] if status.startswith("2"))
    answer = ANSWERS.get(name, success)
    statuses = {column: status_of(column, access, method == "get", answer) for column in COLUMNS}
    return Row(name, method.upper(), path, access, has_dry_run, statuses | OVERRIDES.get(name, {}))


def status_of(column, access, is_read, answer):
    """What the access of an operation says; it knows nothing of the object."""
    if access == "open":
        return answer
    if column in UNPROVEN:
        return 401
    if column in ("user", "owner") and access == "admin":
        return 403
    if column == "read-only" and (not is_read or access == "secrets"):
        return 403
    return answer


def page():
    lines = [
        "# Who may do what",
        "",
        "Printed by `Tests/API/authorization.py --write` from the table that the tests go through cell by cell: every",
        "operation of the API, and the status it answers to each kind of caller. Where a write can be tried with",
        "`dry_run=true` it is, which answers 200.",
        "",
        *(f"- **{name}**: {what}." for name, what in COLUMNS.items()),
        "",
        "What belongs to somebody else answers 404, as if it was not there. Open operations ignore a token that is not",
        "good. A login without a body is 422, an enrolment where there is an admin is 409, a new password that breaks",
        "the rule is 422; API tokens can't log out (409). The hook of git is proved by a signature of its own, and is not there",
        "(404) without its secret.",
        "",
        "| operation | request | " + " | ".join(COLUMNS) + " |",
        "|---|---|" + "---|" * len(COLUMNS),
    ]
    for row in rows():
        cells = " | ".join(str(row.statuses[column]) for column in COLUMNS)
        lines.append(f"| `{row.id}` | `{row.method} {row.path}` | {cells} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: authorization.py --write")
    PAGE.write_text(page())
