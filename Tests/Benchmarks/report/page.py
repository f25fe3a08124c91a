"""The text of BENCHMARKS.md."""

from figures import digits


def page(sections, found, pictures, run):
    lines = ["# Benchmarks", ""]
    lines += head(found, run)
    lines += missed(sections, found)
    for name, title in sections.items():
        lines += ["", f"## {title}", ""]
        if name in found:
            lines += section(found[name], pictures[name], run)
        else:
            lines += [f"**Not measured.** `make bench BENCH={name}` measures it."]
    return "\n".join(lines) + "\n"


def head(found, run):
    machines = sorted({content["machine"] for content in found.values() if not content.get("emulated")})
    lines = [
        "Made by `make bench`, which measures everything in one run on one machine and writes this page. Absolute figures are those",
        "of the machine; ratios say more. Each figure is the median of its rounds, with the smallest and the largest.",
        "",
    ]
    lines += [f"- Machine: {machine}" for machine in machines]
    if len(machines) > 1:
        lines += ["- **The sections come from different machines**: compare none of them with another."]
    present = [content for content in found.values() if content["run"] == run]
    if present:
        commits = ", ".join(sorted({content["commit"] for content in present}))
        first = min(content["taken"] for content in present)
        minutes = sum(content["seconds"] for content in present) / 60
        loads = ", ".join(f"{content['section']} {content['load']}" for content in present)
        lines += [f"- This run: {first}, commit {commits}, {minutes:.0f} minutes; load average before each section: {loads}"]
    return lines


def missed(sections, found):
    """Every goal that was missed, the furthest first."""
    rows = []
    for name, content in found.items():
        for part in content["parts"]:
            for row in part["rows"]:
                rows += [(excess, name, part, row, goal, value) for excess, goal, value in misses(row)]
    count = sum(len(list(goals(row))) for content in found.values() for part in content["parts"] for row in part["rows"])
    if not rows:
        return ["", f"All {count} goals of the sections below were met."]
    rows.sort(key=lambda row: row[0], reverse=True)
    lines = ["", "## Missed goals, the worst first", "", f"{len(rows)} of {count} goals.", ""]
    lines += ["| section | figure | value | goal | times beyond |", "|---|---|--:|---|--:|"]
    for excess, name, part, row, goal, value in rows:
        beyond = f"{excess:.2f}" if excess != float("inf") else ""
        lines.append(f"| {sections[name]}, {part['title']} | {cell(row['name'])} | {value} | {cell(goal)} | {beyond} |")
    return lines


def goals(row):
    """Of a row, the goals: whether each is met."""
    if "verdicts" in row:
        yield from (verdict["met"] for verdict in row["verdicts"])
    elif row.get("met") is not None:
        yield row["met"]


def misses(row):
    """Of a row, how far beyond it is, the goal and the value, for each that was missed."""
    if "verdicts" in row:
        ours = row["columns"].get("wirebuddy", {}).get("median")
        value = f"{ours:,.{row['digits']}f} {row['unit']}".strip() if ours is not None else ""
        for verdict in row["verdicts"]:
            if not verdict["met"]:
                yield verdict["excess"] or float("inf"), verdict["goal"], value
    elif row.get("met") is False:
        if "text" in row:
            yield float("inf"), "exactly", cell(row["text"])
        else:
            yield row["excess"], row["goal"], f"{digits(row['judged'])} {row['unit']}".strip()


def section(content, pictures, run):
    options = ", ".join(f"{key} {value}" for key, value in content["options"].items())
    lines = []
    if content["run"] != run:
        lines += [f"**Not of this run**: measured {content['taken']}, commit {content['commit']}, on {content['machine']}, "
                  f"load average {content['load']}.", ""]  # fmt: skip
    if content.get("emulated"):
        lines += [f"Emulated machine: {content['machine']}.", ""]
    if content["versions"]:
        lines += ["Compared or driven: " + ", ".join(f"{name} {text}" for name, text in content["versions"].items()) + ".", ""]
    lines += [f"Options: {options}. It took {content['seconds']} s."]
    for part in content["parts"]:
        if not part["rows"]:
            continue
        lines += ["", f"### {part['title']}"] if part["title"] else []
        lines += ["", part["text"]] if part["text"] else []
        lines += table(part["rows"])
    for path, title in pictures:
        lines += ["", f"![{title}]({path})"]
    return lines


def table(rows):
    """Rows of one kind in a row are one table: those of several servers side by side, single figures, facts."""
    lines, kind = [], None
    for row in rows:
        if kind_of(row) != kind:
            kind = kind_of(row)
            lines += ["", *HEADS[kind]]
        lines.append(ROWS[kind](row))
    return lines


def kind_of(row):
    return "columns" if "columns" in row else "text" if "text" in row else "figure"


def figure_row(row):
    ratio = f"{row['ratio']:.2f} × {row['beside'].strip()}" if "ratio" in row else ""
    goal = f"{row['goal']}: {'met' if row['met'] else '**missed**'}" if "goal" in row else ""
    values = " | ".join(digits(row[key]) for key in ("median", "min", "max"))
    return f"| {cell(row['name'])} | {values} | {row['unit']} | {cell(ratio)} | {cell(goal)} |"


def text_row(row):
    verdict = {True: "met", False: "**missed**", None: ""}[row["met"]]
    return f"| {cell(row['name'])} | {cell(row['text'])} | {verdict} |"


def columns_row(row):
    cells = []
    for server in ("wirebuddy", "unbound", "dnsmasq", "echo"):
        values = row["columns"].get(server)
        cells.append(f"{values['median']:,.{row['digits']}f}" if values else "")
    ratio = f"{row['ratio']:.2f}" if row["ratio"] else ""
    verdicts = "; ".join(f"{one['goal']}: {'met' if one['met'] else '**missed**'}" for one in row["verdicts"])
    return f"| {cell(row['name'])} | {row['unit']} | {' | '.join(cells)} | {ratio} | {cell(verdicts)} |"


HEADS = {
    "figure": ["| figure | median | min | max | unit | ratio | goal |", "|---|--:|--:|--:|---|---|---|"],
    "text": ["| fact | | |", "|---|---|---|"],
    "columns": ["| figure | unit | wirebuddy | unbound | dnsmasq | bare echo | ratio to the better | goal |",
                "|---|---|--:|--:|--:|--:|--:|---|"],  # fmt: skip
}
ROWS = {"figure": figure_row, "text": text_row, "columns": columns_row}


def cell(text):
    """A text in a table: figures that belong to the one above are moved in."""
    indent = len(text) - len(text.lstrip(" "))
    return "&emsp;" * (indent // 2) + text.strip().replace("|", "\\|")
