"""`make run` in the lab's gateway: says what it will change, applies, and takes everything away on Ctrl-C."""

import os
import signal
import subprocess

from lab.gateway import ROOT
from lab.namespace import wait_for

SETTINGS = "forward|accept_ra|promote|src_valid|rp_filter"


def test_run_and_interrupt(lab, tmp_path):
    """With a route out, and on a host that has none. One test: both runs use the same folder below .build."""
    text = run_and_interrupt(lab, tmp_path)
    assert "Endpoint = 203.0.113.1:51820" in text
    lab.gw.run("ip", "route", "del", "default")
    text = run_and_interrupt(lab, tmp_path)
    assert "Endpoint = 127.0.0.1:51820" in text


def run_and_interrupt(lab, tmp_path):
    before = lab.gw.output("sysctl", "-a", "--pattern", SETTINGS), lab.gw.output("nft", "list", "ruleset")
    log = tmp_path / "run.log"
    with open(log, "wb") as out:
        process = lab.gw.start(ROOT / "scripts/run", stdout=out, stderr=out, start_new_session=True)
    wait_for(lambda: "press Ctrl-C" in log.read_text() or process.poll() is not None, 30, what="the gateway is up")
    text = log.read_text()
    assert process.poll() is None, text
    assert "userspace" in text and "create" in text and "[Interface]\n# laptop\nPrivateKey = " in text
    assert "\x1b[38;5;16;48;5;231m" in text, "the QR code"
    assert lab.gw.run("wg", "show", "wg0").stdout.count("peer:") == 2
    # As a terminal does it: the whole process group gets the signal.
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        raise AssertionError(log.read_text()) from None
    wait_for(lambda: lab.gw.processes() == [], 3, what="no process is left: " + str(lab.gw.processes()))
    assert lab.gw.run("ip", "link", "show", "wg0", check=False).returncode != 0
    assert (lab.gw.output("sysctl", "-a", "--pattern", SETTINGS), lab.gw.output("nft", "list", "ruleset")) == before
    return text
