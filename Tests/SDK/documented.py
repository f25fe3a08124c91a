"""The operations of the OpenAPI document, read without the code that made the SDKs of it."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
METHODS = ("get", "post", "put", "patch", "delete")
# Its stream is written by hand in both SDKs, and tested with its parser.
STREAM = "streamEvents"
# Headers that no method takes: the id of a request is made by the gateway, a client keeps no copy to compare.
# What no client of ours sends; the signatures are those of forges.
UNUSED = {"X-Request-Id", "If-None-Match", "X-Hub-Signature-256", "X-Gitea-Signature", "X-Gitlab-Token"}


def resolved(document, value):
    while "$ref" in value:
        found = document
        for key in value["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        value = found
    return value


def unused_query(operation):
    """The parameters of a query that no method takes: methods read objects, so none asks for another form of them."""
    content = operation["responses"].get("200", {}).get("content", {})
    return {"format"} if "application/json" in content and len(content) > 1 else set()


def documented():
    """Every operation of the document with the names of its parameters."""
    document = json.loads((ROOT / "schemas/openapi.json").read_text())
    rows = []
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                parameters = [
                    resolved(document, row) for row in [*item.get("parameters", []), *operation.get("parameters", [])]
                ]  # fmt: skip
                rows.append({
                    "id": operation["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "in_path": re.findall(r"\{([^}]+)\}", path),
                    "query": [row["name"] for row in parameters
                              if row["in"] == "query" and row["name"] not in unused_query(operation)],
                    "headers": [row["name"] for row in parameters
                                if row["in"] == "header" and row["name"] not in UNUSED],
                    "body": "requestBody" in operation,
                })  # fmt: skip
    assert len(rows) > 50, "the document has lost its operations"
    return rows


OPERATIONS = documented()


def words(name):
    """The words of a name in any style, in lower case: getPeerQRCode, If-Match."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)]


def snake(name):
    return "_".join(words(name))


def camel(name):
    first, *rest = words(name)
    return first + "".join(word.capitalize() for word in rest)


def address(operation):
    """The path that a call with the parameters `a/b` has, and its query, with `1` for every parameter."""
    path = re.sub(r"\{[^}]+\}", "a%2Fb", operation["path"])
    return path, dict.fromkeys(operation["query"], "1")
