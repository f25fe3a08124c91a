"""The documents that commands print, held against their schemas."""

import json

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from .gateway import ROOT


def described(document):
    """The document, which is what its schema says."""
    folder = ROOT / "schemas/output"
    schemas = [json.loads(file.read_text()) for file in folder.glob("*.schema.json")]
    registry = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)
    schema = next(schema for schema in schemas if schema["$id"] == f"{document['document']}.schema.json")
    Draft202012Validator(schema, registry=registry).validate(document)
    return document
