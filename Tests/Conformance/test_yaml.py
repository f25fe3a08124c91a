"""What we accept, other YAML 1.2 readers read as the same values; what we refuse, we refuse with a place.

The unit stage writes how we read some 2,000 texts (cases.txt, the corpus, generated files, edits of them, damaged
files) to .build/readings.jsonl. Here Debian's node-yaml and libfyaml's fy-tool read the same texts.
"""

import base64
import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READINGS = Path(os.environ.get("WIREBUDDY_READINGS", ROOT / ".build" / "readings.jsonl"))

# Faults of fy-tool 0.7.12, which node-yaml has not: it refuses some empty items and empty block texts, loses a blank
# line before a deeper line of a folded text, and keeps a CR LF before a closing quote.
REFUSED = re.compile("did not find expected node content|empty block scalar with wrongly indented comment")
FOLDED = re.compile(rb"[:-][ ]+>[-+0-9]*[ ]*(#[^\n]*)?\r?\n|\r\n[ ]*[\"']")


@pytest.fixture(scope="module")
def readings():
    assert READINGS.exists(), f"{READINGS} is missing: run swift test --filter ReadingsTests first"
    lines = [json.loads(line) for line in READINGS.read_text().split("\n") if line]
    assert len(lines) > 1500
    return lines


def number(text):
    """A number of the core schema, as written by us or by another reader."""
    text = text.replace("_", "")
    lower = text.lower().replace("infinity", ".inf")
    if lower in ("nan", ".nan"):
        return "nan"
    if lower.lstrip("+-") == ".inf":
        return float("-inf" if lower[0] == "-" else "inf")
    if re.fullmatch(r"0x[0-9a-f]+", lower):
        return int(lower, 16)
    if re.fullmatch(r"0o[0-7]+", lower):
        return int(lower[2:], 8)
    return int(lower) if re.fullmatch(r"[-+]?[0-9]+", lower) else float(lower)


def normal(value):
    """A reading in one form; nothing distinguishes 1.0 from 1, which YAML does not either."""
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, dict):
        if "n" in value and len(value) == 1 and isinstance(value["n"], str):
            return ("number", number(value["n"]))
        if "s" in value and len(value) == 1 and isinstance(value["s"], str):
            return ("string", value["s"])
        return {key: normal(item) for key, item in value["m"].items()}
    return ("constant", value)


def documents(reading):
    """The documents that are not empty: SyntaxTree leaves empty ones out."""
    return [normal(item) for item in reading if item is not None]


# MARK: node-yaml


def read_with_node(readings, version="1.2"):
    process = subprocess.run(
        ["node", str(Path(__file__).parent / "read_yaml.js")],
        input="\n".join(json.dumps({"text": reading["text"], "version": version}) for reading in readings),
        env={**os.environ, "NODE_PATH": "/usr/share/nodejs"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in process.stdout.split("\n") if line]


# MARK: fy-tool


CORE = [
    (re.compile(r"~|null|Null|NULL|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(
        r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), lambda text: {"n": text}),
]  # fmt: skip
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "\\": "\\", "0": "\0", "a": "\a", "e": "\x1b", "f": "\f", "v": "\v"}


def scalar(event):
    """A scalar event of the test suite's form: `:plain`, `"double`, `'single`, `|literal`, `>folded`."""
    assert event[0] not in "&*<", "anchors and tags are refused by us"
    text = re.sub(r"\\(.)", lambda match: ESCAPES[match[1]], event[1:])
    if event[0] == ":":
        for pattern, convert in CORE:
            if pattern.fullmatch(text):
                return convert(text)
    return {"s": text}


def tree(events):
    """The documents of a stream of events."""
    found, stack = [], []

    def add(value):
        if not stack:
            found.append(value)
        else:
            stack[-1].append(value)

    for event in events:
        if event.startswith("=VAL "):
            add(scalar(event[5:]))
        elif event.startswith(("+SEQ", "+MAP")):
            stack.append([])
        elif event in ("-SEQ", "-MAP"):
            items = stack.pop()
            if event == "-MAP":
                items = {"m": {item["s"]: value for item, value in zip(items[::2], items[1::2])}}
            add(items)
    return found


def read_with_fyaml(reading):
    # Lines of events end in a line feed; other breaks are escaped.
    process = subprocess.run(
        ["fy-tool", "--testsuite", "-"], input=base64.b64decode(reading["text"]), capture_output=True)  # fmt: skip
    if process.returncode != 0:
        return {"error": process.stderr.decode(errors="replace").split("\n")[0]}
    return {"documents": tree(process.stdout.decode().split("\n"))}


# MARK: The comparison


def differences(readings, others, is_fault=lambda ours, other: False):
    """What another reader reads otherwise, by name."""
    found = {}
    for ours, other in zip(readings, others, strict=True):
        if is_fault(ours, other):
            continue
        if "error" in other:
            found[ours["name"]] = f"refused: {other['error']}"
        elif documents(other["documents"]) != documents(ours["documents"]):
            found[ours["name"]] = f"reads {other['documents']}, we read {ours['documents']}"
    return found


def is_fault_of_fyaml(ours, other):
    text = base64.b64decode(ours["text"])
    if "error" in other:
        return REFUSED.search(other["error"]) is not None

    def folded(reading):
        return re.sub(r"(\\n)+", " ", json.dumps(reading, sort_keys=True))

    return FOLDED.search(text) is not None and folded(ours["documents"]) == folded(other["documents"])


def test_node_yaml(readings):
    accepted = [reading for reading in readings if "documents" in reading]
    assert differences(accepted, read_with_node(accepted)) == {}


def test_strings_we_write_are_strings_in_yaml_1_1(readings):
    written = [reading for reading in readings if reading.get("yaml11")]
    assert len(written) == 2
    assert differences(written, read_with_node(written, "1.1")) == {}


def test_fyaml(readings):
    accepted = [reading for reading in readings if "documents" in reading]
    with ThreadPoolExecutor(4) as pool:
        others = list(pool.map(read_with_fyaml, accepted))
    assert differences(accepted, others, is_fault_of_fyaml) == {}
    faults = sum(is_fault_of_fyaml(*pair) for pair in zip(accepted, others) if "error" in pair[1])
    assert faults * 50 < len(accepted)


def test_refusals_have_a_place(readings):
    refused = [reading for reading in readings if "problems" in reading]
    assert len(refused) > 100
    for reading in refused:
        lines = base64.b64decode(reading["text"]).count(b"\n") + 1
        for problem in reading["problems"]:
            assert 1 <= problem["line"] <= lines and problem["column"] >= 1 and problem["message"], reading["name"]
