"""sdk/generator [--check]: write the parts of both SDKs that follow from the OpenAPI document: operations and types.

With --check nothing is written; exit 1 names the files that are stale.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from generator import javascript, python  # noqa: E402
from generator.document import Document  # noqa: E402

SDK = Path(__file__).parents[1]


def files(document):
    """The generated files: text by path."""
    return {
        SDK / "python/src/wirebuddy/models.py": python.models(document),
        SDK / "python/src/wirebuddy/_operations.py": python.operations(document, is_async=False),
        SDK / "python/src/wirebuddy/_async_operations.py": python.operations(document, is_async=True),
        SDK / "javascript/src/operations.js": javascript.operations(document),
        SDK / "javascript/src/operations.d.ts": javascript.declarations(document),
        SDK / "javascript/src/models.d.ts": javascript.models(document),
    }


def stale(document):
    """The generated files whose text is not what the document says."""
    return [path for path, text in files(document).items() if not path.exists() or path.read_text() != text]


def main(arguments):
    document = Document.load()
    found = stale(document)
    if arguments == ["--check"]:
        for path in found:
            print(f"{path.relative_to(SDK.parent)} is stale, run: python3 sdk/generator")
        return 1 if found else 0
    if arguments:
        print("usage: sdk/generator [--check]", file=sys.stderr)
        return 64
    texts = files(document)
    for path in found:
        path.write_text(texts[path])
        print(path.relative_to(SDK.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
