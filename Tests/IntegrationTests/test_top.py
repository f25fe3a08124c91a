"""`wirebuddy top`: a table in a terminal, which is given back as it was, however it ends."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios

import pytest
from lab.documents import described
from lab.gateway import DONE, ERROR
from lab.namespace import wait_for


class Screen:
    """A command on a terminal of its own."""

    def __init__(self, gateway, *words, rows=24, columns=120):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.slave)
        self.shown = b""
        self.process = gateway.namespace.start(
            *gateway.arguments(*words), stdin=self.slave, stdout=self.slave, stderr=self.slave,
            start_new_session=True, env=os.environ | {"TERM": "xterm"},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))  # fmt: skip

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        while select.select([self.master], [], [], 0)[0]:
            self.shown += os.read(self.master, 65536)
        return self.shown

    def wait_for(self, text, seconds=20):
        """Wait until the text is shown behind what was waited for before."""
        wait_for(lambda: text in self.read(), seconds, what=f"{text} in {self.shown}")
        self.shown = self.shown[self.shown.index(text) + len(text) :]

    def type(self, keys):
        os.write(self.master, keys)

    def end(self):
        """Wait for the end; the terminal is as it was."""
        code = self.process.wait(timeout=15)
        self.read()
        assert termios.tcgetattr(self.slave) == self.before
        return code

    def close(self):
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def served(office):
    office.gateway.serve()
    office.connect()
    return office.gateway


@contextlib.contextmanager
def screen(gateway, *words, **options):
    screen = Screen(gateway, *words, **options)
    try:
        screen.wait_for(b"\x1b[?1049h")
        screen.wait_for(b"device1")
        yield screen
    finally:
        screen.close()


def test_once(served):
    # The daemon keeps a look for five seconds: that of before the handshake, too.
    wait_for(lambda: served.json("top")["peers"][0]["status"] == "connected", what="a look that sees the handshake")
    document = described(served.json("top"))
    assert [peer["name"] for peer in document["peers"]] == ["device1"]
    peer = document["peers"][0]
    assert peer["rx"] > 0 and peer["rx_bps"] is None
    assert document["interfaces"][0]["rx"] >= peer["rx"]
    lines = served.wirebuddy("top").stdout.splitlines()
    assert any(line.startswith("device1  wg0        connected") for line in lines), lines
    assert "\x1b" not in "".join(lines)


def test_rates(served, office):
    """Twenty pings of 1 kB a second are at least 100 kbit/s in both directions."""
    ping = office.device.namespace.start(
        "ping", "-i", "0.05", "-s", "1000", "-q", "10.8.0.1", stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        # The first look may be at the time before the pings.
        wait_for(lambda: served.json("top")["peers"][0]["rx"] > 20_000, what="pings")
        peer = described(served.json("top", "--once", "--interval", "6s"))["peers"][0]
    finally:
        ping.terminate()
    assert peer["rx_bps"] > 100_000 and peer["tx_bps"] > 100_000, peer


def test_keys_and_size(served):
    with screen(served, "top", "--interval", "1s") as shown:
        assert not termios.tcgetattr(shown.slave)[3] & (termios.ICANON | termios.ECHO)
        shown.wait_for(b"now by rate")
        shown.type(b"s")
        shown.wait_for(b"now by rx")
        shown.resize(6, 80)
        # Six lines from the top, and nothing below.
        wait_for(lambda: any(frame.count(b"\r\n") == 5 for frame in shown.read().split(b"\x1b[H")), what="a small table")
        shown.type(b"q")
        assert shown.end() == DONE
        shown.shown.index(b"\x1b[?25h\x1b[?1049l")


@pytest.mark.parametrize("end", ["ctrl-c", signal.SIGTERM, signal.SIGHUP])
def test_ends(served, end):
    with screen(served, "top") as shown:
        if end == "ctrl-c":
            shown.type(b"\x03")
        else:
            shown.process.send_signal(end)
        assert shown.end() == DONE
        shown.shown.index(b"\x1b[?25h\x1b[?1049l")


def test_the_daemon_goes_away(served):
    with screen(served, "top", "--interval", "1s") as shown:
        served.stop()
        assert shown.end() == ERROR
        message = shown.shown[shown.shown.index(b"\x1b[?1049l") :]
        assert b" the daemon at " in message and b" does not answer" in message


def test_no_daemon(gateway):
    gateway.interface()
    for words in [("top",), ("traffic",), ("traffic", "phone", "--csv")]:
        done = gateway.wirebuddy(*words, expect=ERROR)
        assert "no daemon serves" in done.stderr and done.stdout == ""
