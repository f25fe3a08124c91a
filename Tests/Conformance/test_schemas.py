"""The JSON Schemas judged by an independent validator and an independent YAML parser.

The decoder and the schemas are generated from the same tables, but the rules behind them are written twice: as Swift
and as regular expressions. Here jsonschema (2020-12) judges what the decoder judged: every document of the corpus, and
the single values of values.json. Texts are read by ruamel.yaml's own parser, resolved by the YAML 1.2 core schema.
"""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "Tests" / "ManifestTests" / "Corpus"
SCHEMAS = {path.name: json.loads(path.read_text()) for path in sorted((ROOT / "schemas").glob("*.schema.json"))}
# Without their $schema, else jsonschema would change to its own validator class at each reference.
REGISTRY = Registry().with_resources(
    (name, DRAFT202012.create_resource({key: value for key, value in schema.items() if key != "$schema"}))
    for name, schema in SCHEMAS.items()
)

# What a schema can see; every other code is about the text or the whole tree.
SCHEMA_CODES = {
    "not-a-mapping", "unsupported-version", "unknown-kind", "unknown-field",
    "missing-field", "pool-exhausted", "wrong-type", "invalid-value", "unsupported-value", "conflicting-fields", "plain-secret",
}  # fmt: skip

CORE_SCHEMA = [
    (re.compile(r"~|null|Null|NULL|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)"), lambda text: float("inf")),
    (re.compile(r"\.(nan|NaN|NAN)"), lambda text: float("nan")),
]


def ecma_pattern(_, pattern, instance, __):
    """`pattern` as JSON Schema means it (ECMA-262): `$` is the end of the text, never a place before a line break."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$(?=$|\))|(?<=\()\$(?=\|)", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = validators.extend(Draft202012Validator, {"pattern": ecma_pattern})


def validator(name):
    return Validator(SCHEMAS[name], registry=REGISTRY)


def value_of(node):
    """A node as JSON data, plain scalars by the YAML 1.2 core schema."""
    if isinstance(node, ScalarNode):
        if node.style is None:
            for pattern, convert in CORE_SCHEMA:
                if pattern.fullmatch(node.value):
                    return convert(node.value)
        return node.value
    if isinstance(node, MappingNode):
        return {value_of(key): value_of(value) for key, value in node.value}
    return [value_of(item) for item in node.value]


def documents(text):
    """The documents with their first line, counted from 1."""
    yaml = YAML(typ="safe", pure=True)
    for node in yaml.compose_all(text):
        if not (isinstance(node, ScalarNode) and node.value == ""):
            yield node.start_mark.line + 1, value_of(node)


def is_valid(document, host):
    if host:
        return validator("host.schema.json").is_valid(document)
    general = validator("wirebuddy.schema.json").is_valid(document)
    kind = document.get("kind") if isinstance(document, dict) else None
    own = f"{str(kind).lower()}.schema.json"
    if isinstance(kind, str) and own in SCHEMAS and kind != "Host":
        assert validator(own).is_valid(document) == general, "a kind's own schema and the general one disagree"
    return general


def problems(path):
    """The expected verdict and, by line, the codes of errors, as the decoder's test holds them."""
    twin = path.with_suffix(".problems")
    if not twin.exists():
        return "good", []
    lines = twin.read_text().splitlines()
    found = [re.match(r"\S+?:(\d+):\d+: error\[([a-z0-9-]+)\]: ", line) for line in lines[1:]]
    return lines[0].removeprefix("schema: "), [(int(match[1]), match[2]) for match in found if match]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schema_is_a_schema(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("path", sorted([*CORPUS.glob("good/*.yaml"), *CORPUS.glob("bad/*.yaml")]), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_documents_of_the_corpus(path):
    verdict, errors = problems(path)
    if verdict == "none":
        pytest.skip("the text is refused before there is a document")
    found = list(documents(path.read_bytes().decode("utf-8-sig")))
    starts = [line for line, _ in found] + [10**9]
    assert found or path.stem == "host-empty"
    for index, (line, document) in enumerate(found):
        codes = {code for place, code in errors if starts[index] <= place < starts[index + 1]}
        expected = verdict == "good" or not codes & SCHEMA_CODES
        assert is_valid(document, path.stem.startswith("host")) == expected, f"the document in line {line}: {codes}"
    if verdict == "bad":
        assert any(not is_valid(document, path.stem.startswith("host")) for _, document in found)


def values():
    for name, entry in json.loads((Path(__file__).parent / "values.json").read_text()).items():
        for verdict in ("good", "bad", "decoder"):
            for value in entry[verdict]:
                yield pytest.param(entry["document"], value, verdict != "bad", id=f"{name}-{verdict}-{value!r:.40}")


def substitute(template, value):
    if isinstance(template, dict):
        return {value if key == "$" else key: substitute(item, value) for key, item in template.items()}
    if isinstance(template, list):
        return [substitute(item, value) for item in template]
    return value if template == "$" else template


@pytest.mark.parametrize("template, value, expected", list(values()))
def test_single_values(template, value, expected):
    assert is_valid(substitute(template, value), "kind" not in template) == expected
