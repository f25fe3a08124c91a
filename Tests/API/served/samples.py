"""The samples of the contract: a text format, and how an answer is compared with what is printed."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "contract"

# What stands for a value that no document can know.
PLACEHOLDERS = {
    "<text>": lambda value: isinstance(value, str) and value != "",
    "<integer>": lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    "<object>": lambda value: isinstance(value, dict),
    "<array>": lambda value: isinstance(value, list),
    "<time>": lambda value: matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value),
    "<uuid>": lambda value: matches(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value),
    "<token>": lambda value: matches(r"wb_[0-9A-Za-z]{43,}", value),
    "<key>": lambda value: matches(r"[A-Za-z0-9+/]{43}=", value),
}


def matches(pattern, value):
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


@dataclass
class Sample:
    """One request and what it answers."""

    title: str
    method: str
    path: str
    headers: list[str] = field(default_factory=list)
    body: str = ""
    status: int = 0
    content_type: str = ""
    answer: str = ""


def samples(name):
    """The samples of a file, in order."""
    text = (FOLDER / name).read_text()
    return [parsed(part) for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]


def parsed(text):
    title, _, rest = text.partition("\n")
    request, _, answer = rest.partition("\n=> ")
    line, *lines = request.splitlines()
    method, path = line.split(" ", 1)
    headers = []
    while lines and re.match(r"[A-Za-z-]+:", lines[0]):
        headers.append(lines.pop(0))
    head, _, expected = answer.partition("\n")
    status, content_type = head.split(" ")
    return Sample(title, method, path, headers, "\n".join(lines), int(status), content_type, expected.strip())


def differences(expected, found, where="$"):
    """Where an answer is not as printed. It may say more: fields besides, and rows after those that are printed."""
    if isinstance(expected, str) and expected in PLACEHOLDERS:
        return [] if PLACEHOLDERS[expected](found) else [f"{where}: {found!r} is no {expected}"]
    if isinstance(expected, dict) and isinstance(found, dict):
        missing = [f"{where}.{name}: missing" for name in expected if name not in found]
        return missing + [
            line for name in expected if name in found
            for line in differences(expected[name], found[name], f"{where}.{name}")
        ]  # fmt: skip
    if isinstance(expected, list) and isinstance(found, list):
        if len(found) < len(expected) or (not expected and found):
            return [f"{where}: {len(found)} rows, {len(expected)} are printed"]
        return [
            line for index, row in enumerate(expected) for line in differences(row, found[index], f"{where}[{index}]")
        ]
    same = type(expected) is type(found) and expected == found
    return [] if same else [f"{where}: {found!r}, printed is {expected!r}"]


def text_differences(expected, found):
    """The same of a text, line by line. Comments are for people: they may stand anywhere."""
    lines = [line for line in found.rstrip("\n").split("\n") if not line.startswith("#")]
    printed = expected.split("\n")
    if len(lines) != len(printed):
        return [f"{len(lines)} lines, {len(printed)} are printed:\n{found}"]
    wrong = []
    for want, have in zip(printed, lines):
        name, _, value = want.rpartition(" ")
        if value in PLACEHOLDERS:
            good = have.startswith(name + " ") and PLACEHOLDERS[value](have.removeprefix(name + " "))
        else:
            good = want == have
        if not good:
            wrong.append(f"{have!r}, printed is {want!r}")
    return wrong


def as_json(text):
    return json.loads(text)
