"""The help of every command, and what is said to somebody who mistypes."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

from lab.gateway import BINARY

USAGE = 64


def commands():
    """Every command with its words, from what the program says of itself."""
    text = subprocess.run([BINARY, "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout

    def walk(command, words):
        yield words, command
        for child in command.get("subcommands", []):
            if child["commandName"] != "help" and child.get("shouldDisplay", True):
                yield from walk(child, [*words, child["commandName"]])

    return list(walk(json.loads(text)["command"], []))


COMMANDS = commands()
LEAVES = [(words, command) for words, command in COMMANDS if not command.get("subcommands")]
GROUPS = [(words, command) for words, command in COMMANDS if command.get("subcommands")]


def run(*words):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


def misspelt(word):
    """A word with two letters in each other's place, or without its last one."""
    swapped = word[:1] + word[2:3] + word[1:2] + word[3:]
    return swapped if swapped != word else word[:-1]


def options(command):
    found = []
    for argument in command.get("arguments", []):
        long = [name["name"] for name in argument.get("names", []) if name["kind"] == "long"]
        if argument["kind"] == "option" and long and argument.get("shouldDisplay", True):
            found.append((long[0], argument.get("allValues") or []))
    return found


def words_needed(command):
    """What a command must have besides options: what is missing is told before what is unknown."""
    needed = []
    for argument in command.get("arguments", []):
        if not argument["isOptional"]:
            values = argument.get("allValues") or ["x"]
            name = next((name["name"] for name in argument.get("names", []) if name["kind"] == "long"), None)
            needed += [values[0]] if argument["kind"] == "positional" else [f"--{name}", values[0]]
    return needed


def for_all(check, of):
    """Check all commands at once: the problems of each, none of which hides another."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        found = pool.map(lambda pair: [f"{' '.join(pair[0])}: {problem}" for problem in check(*pair)], of)
        return [problem for problems in found for problem in problems]


def test_help_has_an_example():
    def problems(words, command):
        done = run(*words, "--help")
        if done.returncode != 0 or done.stderr:
            yield f"exit {done.returncode}: {done.stderr}"
        if "USAGE: wirebuddy" not in done.stdout:
            yield "no usage"
        text = done.stdout.split("USAGE:")[0]
        if f"wirebuddy {' '.join(words)}".strip() not in text or ("xample" not in text and words):
            yield "no example"

    assert len(COMMANDS) > 60
    assert for_all(problems, COMMANDS) == []


def is_refused(done, *parts):
    return done.returncode == USAGE and done.stdout == "" and all(part in done.stderr for part in parts)


def test_an_unknown_option_is_a_usage_error_with_a_suggestion():
    suggested = []

    def problems(words, command):
        needed = words_needed(command)
        known = [name for name, _ in options(command) if len(name) > 4]
        for name in known[-1:]:
            done = run(*words, f"--{misspelt(name)}", *needed)
            # What is wrong with the values or missing is told before an option that nobody knows.
            if f"Did you mean '--{name}'?" in done.stderr:
                suggested.append(words)
            if not is_refused(done):
                yield f"--{misspelt(name)}: exit {done.returncode}: {done.stdout}"
        nonsense = run(*words, "--there-is-no-such-thing", *needed)
        if not is_refused(nonsense):
            yield f"nonsense: exit {nonsense.returncode}: {nonsense.stdout}{nonsense.stderr}"

    assert for_all(problems, LEAVES) == []
    assert len(suggested) > 0.7 * len(LEAVES)


def test_a_misspelt_value_is_a_usage_error_with_a_suggestion():
    tried = []

    def problems(words, command):
        needed = words_needed(command)
        for name, values in options(command):
            long = [value for value in values if len(value) > 3]
            # These are the same everywhere.
            if not long or (name in ("log-level", "format") and words != ["plan"]):
                continue
            tried.append(name)
            done = run(*words, f"--{name}", misspelt(long[0]), *needed)
            if not is_refused(done, "is invalid for", f"Did you mean '{long[0]}'?"):
                yield f"--{name} {misspelt(long[0])}: exit {done.returncode}: {done.stdout}{done.stderr}"

    assert for_all(problems, LEAVES) == []
    assert {"format", "log-level", "platform"} <= set(tried)


def test_an_unknown_subcommand_is_a_usage_error_with_a_suggestion():
    def problems(words, command):
        for child in command["subcommands"]:
            name = child["commandName"]
            # Of short words nobody can tell.
            if len(name) < 4 or name == "help":
                continue
            done = run(*words, misspelt(name))
            if not is_refused(done, f"did you mean '{name}'?"):
                yield f"{misspelt(name)}: exit {done.returncode}: {done.stderr}"

    assert len(GROUPS) > 8
    # Groups below groups run their default command, to which the word is an argument.
    assert for_all(problems, [pair for pair in GROUPS if len(pair[0]) < 2]) == []
