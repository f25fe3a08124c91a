"""The formats of reports, each read by the rules of whoever takes it.

SARIF is held against the schema of OASIS (2.1.0 with errata 01) and JUnit against that of Jenkins' xUnit plugin, which
`scripts/venv` takes out of archives of PyPI (`Tests/formats.txt`). Schemas of our own stand beside them, since the official
ones let much through: in `formats/sarif-2.1.0.schema.json` every object is closed, messages are escaped and paths are
relative; `formats/junit.xsd` has the order and the attributes that Ant and Maven want besides.
"""

import json
import re
import sys
from pathlib import Path

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from lxml import etree

from .documents import described

OWN = Path(__file__).parent / "formats"
OFFICIAL = Path(sys.prefix) / "formats"
FORMATS = FormatChecker()
# What is not known is not checked, and nobody told.
assert {"uri", "uri-reference", "date-time"} <= set(FORMATS.checkers)


def json_schema(kind, file):
    return kind(json.loads(file.read_text()), format_checker=FORMATS)


SARIF = [json_schema(Draft4Validator, OFFICIAL / "sarif-schema-2.1.0.json"),
         json_schema(Draft202012Validator, OWN / "sarif-2.1.0.schema.json")]  # fmt: skip
JUNIT = [etree.XMLSchema(etree.parse(file)) for file in (OFFICIAL / "junit-10.xsd", OWN / "junit.xsd")]

# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands: `::name key=value,…::message`.
COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*)(?:,[a-zA-Z]+=[^,:\r\n]*)*)::([^\r\n]*)")


def sarif(text):
    """The run of a SARIF document."""
    document = json.loads(text)
    for schema in SARIF:
        schema.validate(document)
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    return run


def junit(text):
    """The suite of a JUnit document."""
    root = etree.fromstring(text.encode())
    for schema in JUNIT:
        schema.assertValid(root)
    suite = root.find("testsuite")
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases)
    for kind, name in ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"):
        assert int(suite.get(kind)) == len(suite.findall(f"testcase/{name}"))
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
    return suite


def unescaped(text, also=()):
    """A value of a workflow command as the runner reads it; what should be escaped and isn't is an error."""
    assert not re.search("%(?!" + "|".join(["25", "0D", "0A", *also]) + ")", text), text
    for code, letter in ("0D", "\r"), ("0A", "\n"), ("3A", ":"), ("2C", ","), ("25", "%"):
        text = text.replace(f"%{code}", letter)
    return text


def github(text):
    """The commands of a step's output: (level, properties, message)."""
    *lines, summary = text.splitlines()
    assert not summary.lstrip().startswith("::") and "##[" not in summary
    found = []
    for line in lines:
        match = COMMAND.fullmatch(line)
        assert match, line
        level, properties, message = match.groups()
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        assert set(pairs) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        found.append((level, {key: unescaped(value, ("3A", "2C")) for key, value in pairs.items()}, unescaped(message)))
    order = [["error", "warning", "notice"].index(level) for level, _, _ in found]
    assert order == sorted(order)
    return found


def markdown(text, command):
    assert text.splitlines()[0] == f"<!-- wirebuddy {command} -->"
    assert len(text) <= 60_000
    return text


def html(text):
    """A page that brings everything along and asks nobody for more."""
    assert text.startswith("<!DOCTYPE html>") and text.rstrip().endswith("</html>")
    assert "default-src 'none'" in text and not re.search(r"(src|href)\s*=\s*[\"']?(?!#)", text)
    return text


def checked(text, form, command):
    """The output of a report command, read by the rules of its format."""
    match form:
        case "json": return described(json.loads(text))  # fmt: skip
        case "sarif": return sarif(text)  # fmt: skip
        case "junit": return junit(text)  # fmt: skip
        case "github": return github(text)  # fmt: skip
        case "markdown": return markdown(text, command)  # fmt: skip
        case "html": return html(text)  # fmt: skip
        case _: return text  # fmt: skip
