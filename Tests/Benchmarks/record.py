"""Hands a section's figures over to `report`: one file of JSON in .build/bench, made only when the section came to its end."""

import json
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("WIREBUDDY_BENCH_FOLDER", ROOT / ".build/bench"))
# One `make bench` is one run; a section that is measured alone is a run of its own.
RUN = os.environ.get("WIREBUDDY_BENCH_RUN", "")


class Record:
    """What one section measured.

    - options: what it was told, such as the number of peers
    - packages: those of Debian that it is compared with or driven by; their versions are noted
    """

    def __init__(self, section, options, packages=()):
        self.path = FOLDER / f"{section}.json"
        # What an earlier run left is not what this one measured.
        self.path.unlink(missing_ok=True)
        self.began = time.monotonic()
        self.content = {
            "section": section, "run": RUN, "taken": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "commit": commit(),
            "machine": machine(), "load": round(os.getloadavg()[0], 1), "options": plain(options),
            "versions": {name: version(name) for name in packages}, "parts": [], "plots": [],
        }  # fmt: skip
        print(f"{section}: {commit()}, {', '.join(f'{key} {value}' for key, value in self.content['options'].items())}, "
              f"{self.content['machine']}, load {self.content['load']}", flush=True)  # fmt: skip

    def note_version(self, name, text):
        """The version of something that is no package."""
        self.content["versions"][name] = text

    def part(self, title, text=""):
        """Begins a table; `text` says what is measured against what."""
        self.content["parts"].append({"title": title, "text": text, "rows": []})

    def row(self, **fields):
        if not self.content["parts"]:
            self.part("")
        self.content["parts"][-1]["rows"].append(fields)

    def plot(self, name, title, x, y, lines, scale="linear"):
        """Something to draw.

        - lines: points (x, y) by name; with `scale` `bars` a value by name
        - scale: that of both axes, `linear` or `log`
        """
        self.content["plots"].append({"name": name, "title": title, "x": x, "y": y, "lines": lines, "scale": scale})

    def write(self):
        self.content["seconds"] = round(time.monotonic() - self.began)
        FOLDER.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps(self.content, indent=1, ensure_ascii=False))
        temporary.rename(self.path)


def plain(options):
    """Options of the command line without switches."""
    return {key: str(value) for key, value in vars(options).items() if value is not None and not isinstance(value, bool)}


def commit():
    """The commit that is measured, and whether the tree differs from it."""

    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=False).stdout.strip()

    # Only what is built counts: figures themselves are written into the tree.
    changed = git("status", "--porcelain", "--untracked-files=no", "--", "Sources", "Package.swift", "Tests/Benchmarks")
    return (git("rev-parse", "--short", "HEAD") or "?") + (" and uncommitted changes" if changed else "")


def version(package):
    """That of an installed package of Debian."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "not from a package"


def machine():
    """Processor, cores, memory, kernel and distribution in one line."""
    fields = dict(line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    release = platform.freedesktop_os_release().get("PRETTY_NAME", "?")
    return (f"{fields.get('model name', platform.machine())}, {os.cpu_count()} cores, {memory:.0f} GiB, "
            f"Linux {platform.release()}, {release}")  # fmt: skip
