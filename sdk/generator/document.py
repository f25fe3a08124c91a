"""The OpenAPI document as the generator sees it: operations with typed arguments and answers, and named types."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from .names import pascal
from .schema import Alias, Array, Field, Literals, Map, Plain, Record, Reference, union

SOURCE = Path(__file__).parents[2] / "schemas/openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
# Written by hand in both SDKs: a stream is no answer.
STREAM = "text/event-stream"
# Headers that the transport sets itself.
HEADERS = {"If-Match", "Idempotency-Key"}


@dataclass
class Parameter:
    name: str
    type: object
    doc: str


@dataclass
class Operation:
    """One operation."""

    id: str
    method: str
    path: str
    doc: str
    parameters: list[Parameter] = field(default_factory=list)
    query: list[Parameter] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    body: object = None
    is_body_required: bool = False
    #: data, page, document, text, bytes or events.
    shape: str = "data"
    #: Where in `data` the rows of a page stand.
    rows: str | None = None
    answer: object = None
    #: What it answers to `dry_run=true`, where that is something else.
    dry_run: object = None

    @property
    def is_keyed(self):
        """Whether it takes an idempotency key, so that a client may repeat it."""
        return "Idempotency-Key" in self.headers

    @property
    def iterator(self):
        """The name of the iterator over all rows: iterPeers for listPeers."""
        names = {parameter.name for parameter in self.query}
        return re.sub("^(list|get)", "iter", self.id) if self.shape == "page" and {"limit", "offset"} <= names else None


class Document:
    def __init__(self, root):
        self.root = root
        self.types = {}
        self.operations = [
            self._operation(path, method, item[method], item.get("parameters", []))
            for path, item in root["paths"].items()
            for method in METHODS
            if method in item
        ]

    @classmethod
    def load(cls):
        return cls(json.loads(SOURCE.read_text()))

    def resolve(self, value):
        """What a `$ref` points to."""
        while isinstance(value, dict) and "$ref" in value:
            found = self.root
            for key in value["$ref"].removeprefix("#/").split("/"):
                found = found[key.replace("~1", "/").replace("~0", "~")]
            value = found
        return value

    def flat(self, schema):
        """A schema with its references and `allOf` merged, for those who look at its properties."""
        schema = self.resolve(schema)
        merged = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema.get("allOf", []):
            part = self.flat(part)
            properties = dict(part.get("properties", {}))
            for name, value in merged.get("properties", {}).items():
                # `{}` in a part means nothing more than the name.
                properties[name] = value if value or name not in properties else properties[name]
            merged = {**part, **merged}
            if properties:
                merged["properties"] = properties
            merged["required"] = [*part.get("required", []), *schema.get("required", []), *merged.get("required", [])]
        return merged

    # Operations

    def _operation(self, path, method, row, shared):
        operation = Operation(row["operationId"], method.upper(), path, sentence(row))
        parameters = [self.resolve(parameter) for parameter in [*shared, *row.get("parameters", [])]]
        in_path = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "path"}
        for name in re.findall(r"\{([^}]+)\}", path):
            operation.parameters.append(Parameter(name, Plain("string"), text(in_path[name].get("description", ""))))
        for parameter in parameters:
            if parameter["in"] == "query":
                kind = self.type(parameter.get("schema", {}), pascal(operation.id) + pascal(parameter["name"]))
                if parameter["name"] == "wait":
                    kind = union([kind, Plain("integer")])
                operation.query.append(Parameter(parameter["name"], kind, text(parameter.get("description", ""))))
            elif parameter["in"] == "header" and parameter["name"] in HEADERS:
                operation.headers.append(parameter["name"])
        body = self.resolve(row.get("requestBody"))
        if body:
            operation.is_body_required = bool(body.get("required"))
            operation.body = self.type(body["content"]["application/json"]["schema"], pascal(operation.id) + "Body")
        self._answer(operation, row["responses"])
        return operation

    def _answer(self, operation, responses):
        good = [self.resolve(responses[status]) for status in sorted(responses) if status.startswith("2")]
        content = {kind: row for response in reversed(good) for kind, row in response.get("content", {}).items()}
        if STREAM in content:
            operation.shape, operation.answer = "events", None
        elif "application/json" in content:
            if len(content) > 1:
                # What chooses another form than JSON: clients read the objects.
                operation.query = [parameter for parameter in operation.query if parameter.name != "format"]
            schemas = [response["content"]["application/json"]["schema"] for response in good]
            self._json(operation, [part for schema in schemas for part in self.alternatives(schema)])
        elif any(name.startswith("image/") for name in content):
            operation.shape, operation.answer = "bytes", Plain("bytes")
        else:
            operation.shape, operation.answer = "text", Plain("string")

    def alternatives(self, schema):
        """The schemas of which an answer fits one."""
        parts = self.resolve(schema).get("anyOf")
        return [found for part in parts for found in self.alternatives(part)] if parts else [schema]

    def _json(self, operation, schemas):
        """What an operation answers in JSON: the alternative that is not the answer of a dry run, and that one."""
        for schema in schemas:
            properties = self.flat(schema).get("properties", {})
            if "dry_run" in properties:
                operation.dry_run = self.type(properties["data"], "DryRun")
            else:
                self._data(operation, schema, properties)

    def _data(self, operation, schema, properties):
        name = pascal(re.sub("^(get|list)", "", operation.id))
        if "data" not in properties:
            operation.shape, operation.answer = "document", self.type(schema, name)
            return
        data = properties["data"]
        if "total" in properties:
            operation.shape = "page"
            rows = self.flat(data)
            if rows.get("type") != "array":
                operation.rows = next(
                    key for key, value in rows["properties"].items() if self.flat(value).get("type") == "array"
                )
                rows = self.flat(rows["properties"][operation.rows])
            operation.answer = self.type(rows["items"], name + "Row")
        else:
            operation.answer = self.type(data, name + "Data")

    # Types

    def type(self, schema, name):
        """The type of a schema; what has no name of its own gets `name`."""
        if schema is True or not schema:
            return Plain("any")
        if "$ref" in schema:
            kind, found = schema["$ref"].split("/")[-2:]
            if kind == "schemas":
                name = pascal(found)
                if name not in self.types:
                    self._named(name, self.resolve(schema))
                return Reference(name)
            return self.type(self.resolve(schema), name)
        if "const" in schema:
            return Literals((schema["const"],))
        if "enum" in schema:
            return Literals(tuple(schema["enum"]))
        for word in ("oneOf", "anyOf"):
            if word in schema and not schema.get("properties"):
                members = [self.type(part, f"{name}{index or ''}") for index, part in enumerate(schema[word])]
                return union(members)
        if "allOf" in schema:
            if len(schema["allOf"]) == 1 and not schema.get("properties"):
                return self.type(schema["allOf"][0], name)
            return self.type(self.flat(schema), name)
        kinds = schema.get("type", "object" if "properties" in schema else None)
        if isinstance(kinds, list):
            return union([self.type({**schema, "type": kind}, name) for kind in kinds])
        if kinds == "array":
            return Array(self.type(schema.get("items", {}), name + "Item"))
        if kinds == "object":
            if schema.get("properties"):
                return self._record(name, schema)
            return Map(self.type(schema.get("additionalProperties", True) or True, name + "Value"))
        return Plain(kinds or "any")

    def _named(self, name, schema):
        # Kept first: a type may contain itself.
        self.types[name] = Alias(name, text(schema.get("description", "")), Plain("any"))
        found = self.type(schema, name)
        if isinstance(self.types[name], Alias):
            self.types[name].type = found

    def _record(self, name, schema):
        while isinstance(self.types.get(name), Record):
            name += "2"
        record = self.types[name] = Record(name, text(schema.get("description", "")))
        required = set(schema.get("required", []))
        for key, value in schema["properties"].items():
            kind = self.type(value, name + pascal(key))
            doc = value.get("description", "") if isinstance(value, dict) else ""
            record.fields.append(Field(key, kind, key in required, text(doc)))
        return Reference(name)


def text(value):
    """A description in one line."""
    return " ".join(value.split())


def sentence(row):
    """What an operation does: its summary as a sentence, and its description."""
    found = " ".join(text(row.get(word, "")).rstrip(".") + "." for word in ("summary", "description") if row.get(word))
    return found or row["operationId"]
