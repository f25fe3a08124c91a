"""A device brought up by the real `wg-quick`, from the text that it is given."""

import os
import subprocess

from .namespace import wait_for

# Stands in for openresolv: wg-quick hands it the DNS servers, and this keeps what it was told.
RESOLVCONF = """#!/bin/sh
echo "$@" >>"{log}"
[ "$1" = -a ] && cat >>"{log}"
exit 0
"""


class WgQuick:
    """`wg0` in a namespace, by wg-quick with wireguard-go where the kernel has no WireGuard."""

    def __init__(self, namespace, directory, text):
        self.namespace = namespace
        self.file = directory / "wg0.conf"
        self.log = directory / "wg-quick.log"
        self.dns_log = directory / "resolvconf.log"
        programs = directory / "bin"
        programs.mkdir(exist_ok=True)
        stub = programs / "resolvconf"
        stub.write_text(RESOLVCONF.format(log=self.dns_log))
        stub.chmod(0o755)
        self.environment = f"PATH={programs}:{os.environ['PATH']}"
        self.write(text)

    def write(self, text):
        self.file.touch(mode=0o600)
        self.file.write_text(text)

    def run(self, verb):
        """Run wg-quick; its exit code. What it says goes to a file: wireguard-go keeps a pipe open for its lifetime."""
        with open(self.log, "ab") as log:
            return self.namespace.start(
                "env", self.environment, "WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go", "LOG_LEVEL=error",
                "wg-quick", verb, self.file, stdout=log, stderr=subprocess.STDOUT,
            ).wait(timeout=30)  # fmt: skip

    def up(self):
        if self.run("up") != 0:
            raise AssertionError(self.log.read_text())
        wait_for(self.has_handshake, 15, what=f"a handshake\n{self.log.read_text()}")

    def down(self):
        assert self.run("down") == 0, self.log.read_text()

    def has_handshake(self):
        # Nothing has been sent yet where the keepalive is off.
        rows = self.namespace.output("wg", "show", "wg0", "latest-handshakes").splitlines()
        return rows and all(row.split("\t")[1] != "0" for row in rows)

    @property
    def dns(self):
        return self.dns_log.read_text() if self.dns_log.exists() else ""
