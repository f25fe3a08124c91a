"""Answers of DNS as dig prints them."""

import re
from dataclasses import dataclass, field


@dataclass
class Answer:
    """What `dig` got; `status` is None if nothing came."""

    status: str | None = None
    flags: set = field(default_factory=set)
    answers: list = field(default_factory=list)
    authority: list = field(default_factory=list)
    error: str = ""
    text: str = ""

    @property
    def values(self):
        """The data of the answer section."""
        return [row[-1] for row in self.answers]


def dig(namespace, server, name, kind="A", *options, seconds=5):
    """Ask once, for at most so many seconds."""
    done = namespace.run("dig", f"@{server}", name, kind, f"+time={seconds}", "+tries=1", "+nocookie", *options,
                         check=False)  # fmt: skip
    return parse(done.stdout)


def parse(text):
    answer = Answer(text=text)
    if match := re.search(r"status: (\w+)", text):
        answer.status = match[1]
    if match := re.search(r"flags: ([^;]*);", text):
        answer.flags = set(match[1].split())
    if match := re.search(r"; EDE: (.*)", text):
        answer.error = match[1]
    section = None
    for line in text.splitlines():
        if match := re.match(r";; (\w+) SECTION", line):
            section = match[1]
        elif line and not line.startswith(";"):
            words = line.split(None, 4)
            if section == "ANSWER":
                answer.answers.append(words)
            elif section == "AUTHORITY":
                answer.authority.append(words)
        elif not line:
            section = None
    return answer
