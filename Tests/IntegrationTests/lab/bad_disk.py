"""A disk that fails or is slow on demand, for a daemon and what it starts. A real one can't be made to."""

import shutil
from pathlib import Path

from .namespace import run

SOURCE = Path(__file__).with_name("bad_disk.c")


class BadDisk:
    """A library that is loaded before the others and stands between a folder and who writes to it."""

    def __init__(self, directory, folder):
        self.control = directory / "fault"
        library = directory / "bad_disk.so"
        compiler = shutil.which("cc") or shutil.which("clang")
        assert compiler, "a C compiler is needed: apt-get install gcc"
        run(compiler, "-Wall", "-Werror", "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl")
        self.variables = [f"LD_PRELOAD={library}", f"FAULT_FOLDER={folder}", f"FAULT_FILE={self.control}"]

    def stand_before(self, gateway):
        """The daemons that the gateway starts from now on have this disk."""
        plain = gateway.arguments
        gateway.arguments = lambda *words: [
            *(["env", *self.variables] if words[0] == "serve" else []), *plain(*words)
        ]  # fmt: skip

    def fail(self, number):
        """Let every write end with this error number."""
        self.say(f"errno {number}")

    def fail_to_sync(self, number):
        """Let only bringing everything to the disk (`syncfs`) end with this error number."""
        self.say(f"sync {number}")

    def delay(self, milliseconds):
        """Let every write take so much longer."""
        self.say(f"sleep {milliseconds}")

    def heal(self):
        self.control.unlink()

    def say(self, text):
        temporary = self.control.with_suffix(".new")
        temporary.write_text(text + "\n")
        temporary.rename(self.control)
