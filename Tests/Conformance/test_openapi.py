"""schemas/openapi.json, what the gateway serves, judged by independent validators.

That it agrees with the router is a test of the API target, that its answers agree with it one of the live server.
"""

import json
import re
from pathlib import Path

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "schemas" / "openapi.json").read_text())
REGISTRY = Registry().with_resource("urn:openapi", DRAFT202012.create_resource(DOCUMENT))
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
# What may stand unused: schemes are named, not referred to.
UNREFERENCED = {("securitySchemes", "bearer"), ("securitySchemes", "cookie")}


def resolved(value):
    while "$ref" in value:
        target = DOCUMENT
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def problems(schema, value):
    """What is wrong with a value by a schema of the document."""
    whole = json.loads(json.dumps(schema).replace('"#/components', '"urn:openapi#/components'))
    return [f"{error.json_path}: {error.message:.200}" for error in OAS31Validator(whole, registry=REGISTRY).iter_errors(value)]


def contents():
    """Every example beside its schema."""
    for name, (_, _, operation) in OPERATIONS.items():
        parts = [("body", operation["requestBody"])] if "requestBody" in operation else []
        parts += list(operation["responses"].items())
        for part, answer in parts:
            for media, content in resolved(answer).get("content", {}).items():
                if media not in ("application/json", "text/event-stream"):
                    continue
                examples = {"example": content["example"]} if "example" in content else {}
                examples |= {key: resolved(example)["value"] for key, example in content.get("examples", {}).items()}
                for key, example in examples.items():
                    yield pytest.param(content["schema"], example, id=f"{name}-{part}-{key}")


def test_the_document_is_openapi_3_1():
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


@pytest.mark.parametrize("schema, example", list(contents()))
def test_examples_are_what_their_schemas_say(schema, example):
    assert problems(schema, example) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_everything(name):
    method, path, operation = OPERATIONS[name]
    assert operation["summary"] and len(operation["tags"]) == 1
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    parameters = [resolved(parameter) for parameter in operation["parameters"]]
    assert all(parameter["description"] and parameter["schema"] for parameter in parameters)
    in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    assert in_path == set(re.findall(r"\{(\w+)\}", path))
    codes = set(operation["responses"])
    assert {"400", "500"} <= codes, "what every operation can answer"
    is_open = operation["x-access"] == "open"
    assert (operation.get("security") == []) == is_open
    assert is_open or {"401", "503"} <= codes
    assert operation["x-access"] not in ("admin", "secrets") or "403" in codes
    assert operation["x-rate"] == "exempt" or "429" in codes
    assert "requestBody" not in operation or {"413", "415", "422"} <= codes
    headers = {parameter["name"] for parameter in parameters if parameter["in"] == "header"}
    assert ("If-Match" in headers) == ("412" in codes) or name == "batch"
    for code, answer in operation["responses"].items():
        answer = resolved(answer)
        assert {"X-Request-Id", "X-WireBuddy-Revision"} <= set(answer["headers"])
        if code[0] in "45":
            error = answer["content"]["application/json"]["example"]
            assert error["error"] and error["message"]
        elif "application/json" in answer.get("content", {}) and name != "getOpenAPI":
            assert "example" in answer["content"]["application/json"], code


def test_nothing_is_described_that_no_operation_uses():
    used = set(re.findall(r'"#/components/(\w+)/([\w.-]+)"', json.dumps(DOCUMENT)))
    described = {(group, name) for group, members in DOCUMENT["components"].items() for name in members}
    assert described - used == UNREFERENCED
