"""The man pages: commands from `wirebuddy --experimental-dump-help`, files from the JSON Schemas.

    pages.py DUMP.json SCHEMAS OUTPUT [--date YYYY-MM-DD] [--version TEXT]

One page per command with its subcommands as sections, one for the host file, one for the documents of a repository. What
the program itself can't say (files, environment, exit codes) stands in text.py beside this file.
"""

import argparse
import json
from pathlib import Path

import text
from roff import Page, bold, escaped, italic

# Options that every command has are told once, in wirebuddy(1).
COMMON = {"config", "state", "host-file", "no-color", "log-level", "format", "version", "help", "h"}


def names(argument):
    return ["-" * (1 if name["kind"] == "short" else 2) + name["name"] for name in argument.get("names", [])]


def shown(arguments):
    return [argument for argument in arguments if argument.get("shouldDisplay", True)]


def is_common(argument):
    return any(name["name"] in COMMON for name in argument.get("names", [])) and argument["kind"] != "positional"


def synopsis(words, command):
    """`wirebuddy peer add <name> [--ip <address> ...] [options]`, as roff."""
    parts = [bold(" ".join(words))]
    for argument in shown(command.get("arguments", [])):
        value = italic(argument.get("valueName", "value"))
        if argument["kind"] == "positional":
            one = value
        elif is_common(argument):
            continue
        else:
            one = bold(names(argument)[-1]) + ("" if argument["kind"] == "flag" else "\\ " + value)
        if argument.get("isRepeating"):
            one += "\\ ..."
        parts.append(f"[{one}]" if argument.get("isOptional") else one)
    if command.get("subcommands"):
        parts.append(italic("command"))
    parts.append("[" + italic("options") + "]")
    return " ".join(parts)


def describe(page, arguments):
    for argument in arguments:
        tags = [italic(argument.get("valueName", "value"))] if argument["kind"] == "positional" else [
            bold(name) + ("" if argument["kind"] == "flag" else " " + italic(argument.get("valueName", "value")))
            for name in names(argument)
        ]
        page.item(", ".join(tags))
        sentences = [argument.get("abstract", "").strip(), argument.get("discussion", "").strip()]
        if argument.get("allValues"):
            sentences.append("One of " + ", ".join(argument["allValues"]) + ".")
        if argument.get("defaultValue") and argument["kind"] != "flag":
            sentences.append(f"Default: {argument['defaultValue']}.")
        page.prose(" ".join(sentence for sentence in sentences if sentence))


def section(page, words, command):
    """A subcommand as a section of its parent's page."""
    page.subsection(" ".join(words))
    page.raw(synopsis(words, command))
    page.paragraph(command.get("abstract", ""))
    page.discussion(command.get("discussion", ""))
    describe(page, [argument for argument in shown(command.get("arguments", [])) if not is_common(argument)])
    for nested in command.get("subcommands", []):
        section(page, words + [nested["commandName"]], nested)


def command_page(command, page):
    words = ["wirebuddy", command["commandName"]]
    page.name("-".join(words), command.get("abstract", ""))
    page.section("SYNOPSIS")
    page.raw(synopsis(words, command))
    page.section("DESCRIPTION")
    page.paragraph(command.get("abstract", ""))
    page.discussion(command.get("discussion", ""))
    own = [argument for argument in shown(command.get("arguments", [])) if not is_common(argument)]
    if own:
        page.section("OPTIONS")
        describe(page, own)
        page.paragraph("The options of every command stand in wirebuddy(1).")
    nested = command.get("subcommands", [])
    if nested:
        page.section("COMMANDS")
        for one in nested:
            section(page, words + [one["commandName"]], one)
    page.see_also(["wirebuddy(1)", "wirebuddy.yaml(5)", "wirebuddy-config(5)"])


def overview(root, commands, page):
    page.name("wirebuddy", root["abstract"])
    page.section("SYNOPSIS")
    page.raw(synopsis(["wirebuddy"], root))
    page.section("DESCRIPTION")
    page.paragraph(root["abstract"])
    page.discussion(root.get("discussion", ""))
    page.section("COMMANDS")
    for command in commands:
        page.item(f"\\fBwirebuddy\\-{escaped(command['commandName'])}\\fR(1)")
        page.prose(command.get("abstract", ""))
    page.section("OPTIONS")
    serve = next(command for command in commands if command["commandName"] == "serve")
    describe(page, [argument for argument in shown(serve["arguments"]) if is_common(argument)])
    for title, items in text.SECTIONS:
        page.section(title)
        for tag, meaning in items:
            page.item(bold(tag))
            page.prose(meaning)
    page.see_also(["wirebuddy.yaml(5)", "wirebuddy-config(5)", "wg(8)", "nft(8)", "git(1)", "systemctl(1)"])


def field_rows(schema, prefix=""):
    for name, field in schema.get("properties", {}).items():
        if name in ("apiVersion", "kind") and not prefix:
            continue
        yield prefix + name, field, name in schema.get("required", [])
        if "properties" in field:
            yield from field_rows(field, f"{prefix}{name}.")


def value(field, definitions):
    """What a field takes, in words."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return value_of_definition(name, definitions)
    if "const" in field:
        return json.dumps(field["const"]).strip('"')
    if "enum" in field:
        return " | ".join(str(one) for one in field["enum"])
    if "anyOf" in field:
        return " | ".join(dict.fromkeys(value(one, definitions) for one in field["anyOf"]))
    kind = field.get("type", "")
    if kind == "integer" and "minimum" in field and "maximum" in field:
        return f"{field['minimum']}-{field['maximum']}"
    if kind == "array":
        return "list of " + value(field.get("items", {}), definitions)
    return {"object": "mapping", "boolean": "true | false"}.get(kind, kind if isinstance(kind, str) else "")


def value_of_definition(name, definitions):
    words = name.replace("-", " ")
    examples = definitions.get(name, {}).get("examples")
    return f"{words}, such as {json.dumps(examples[0], ensure_ascii=False).strip(chr(34))}" if examples else words


def fields(page, schema):
    definitions = schema.get("$defs", {})
    for name, field, required in field_rows(schema):
        page.item(bold(name) + ": " + escaped(value(field, definitions)))
        sentences = [field.get("description", "")]
        if required:
            sentences.append("Required.")
        if "default" in field:
            sentences.append(f"Default: {json.dumps(field['default'], ensure_ascii=False)}.")
        page.prose(" ".join(sentence for sentence in sentences if sentence))


def host_page(schema, page):
    page.name("wirebuddy.yaml", "the host file of a WireBuddy gateway")
    page.section("SYNOPSIS")
    page.raw(bold("/etc/wirebuddy.yaml"))
    page.section("DESCRIPTION")
    page.paragraph(schema["description"] + " The file may be absent, and so may each of its fields.")
    page.section("FIELDS")
    fields(page, schema)
    page.section("EXAMPLES")
    page.block(text.HOST_EXAMPLE)
    page.see_also(["wirebuddy(1)", "wirebuddy-config(5)"])


def documents_page(schemas, page):
    page.name("wirebuddy-config", "the documents of a WireBuddy repository")
    page.section("SYNOPSIS")
    page.raw(bold("/etc/wirebuddy/*.yaml") + ", " + bold("/etc/wirebuddy/*/*.yaml"))
    page.section("DESCRIPTION")
    page.discussion(text.DOCUMENTS)
    for schema in schemas:
        page.section(schema["title"].upper())
        page.paragraph(schema.get("description", ""))
        fields(page, schema)
    page.section("EXAMPLES")
    page.block(text.DOCUMENT_EXAMPLE)
    page.see_also(["wirebuddy(1)", "wirebuddy.yaml(5)"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dump", type=Path)
    parser.add_argument("schemas", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--date", required=True)
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    root = json.loads(options.dump.read_text())["command"]
    commands = [one for one in root["subcommands"] if one.get("shouldDisplay", True) and one["commandName"] != "help"]
    options.output.mkdir(parents=True, exist_ok=True)

    def write(name, number, build, *arguments):
        page = Page(name, number, options.date, options.version)
        build(*arguments, page)
        (options.output / f"{name}.{number}").write_text(page.text())

    write("wirebuddy", 1, overview, root, commands)
    for command in commands:
        write(f"wirebuddy-{command['commandName']}", 1, command_page, command)
    read = {path.name: json.loads(path.read_text()) for path in sorted(options.schemas.glob("*.schema.json"))}
    host = read.pop("host.schema.json")
    write("wirebuddy.yaml", 5, host_page, host)
    # One document of any kind: the union of the others.
    read.pop("wirebuddy.schema.json", None)
    write("wirebuddy-config", 5, documents_page, list(read.values()))


main()
