"""`wirebuddy traffic`: what the daemon counted, as text, JSON, CSV and pictures."""

import csv
import io
import stat
import subprocess
from xml.etree import ElementTree

import pytest
from lab.documents import described
from lab.flows import pings
from lab.gateway import ERROR
from lab.namespace import wait_for


@pytest.fixture
def counted(office):
    """A gateway that has stored a sample of its device's pings."""
    office.gateway.settings(telemetry="{sample_interval: 5s}")
    office.serve()

    def has_samples():
        assert pings(office.device.namespace, "10.8.0.1", wait=1)
        return office.gateway.json("traffic", "device1")["totals"]["rx"] > 1000

    wait_for(has_samples, 60, interval=0.5, what="a sample")
    return office.gateway


def test_forms(counted, tmp_path):
    peer = described(counted.json("traffic", "wg0/device1", "--since", "1d"))
    assert peer["of"]["name"] == "wg0/device1" and peer["counted"] == "encrypted"
    assert len(peer["points"]) in (24, 25) and peer["resolution"] == "hourly"
    assert sum(point["rx"] for point in peer["points"]) == peer["totals"]["rx"]
    by_id = counted.json("traffic", peer["of"]["id"])
    assert by_id["totals"]["rx"] >= peer["totals"]["rx"]

    interface = described(counted.json("traffic", "wg0"))
    assert interface["of"]["kind"] == "interface" and interface["counted"] == "inner"
    assert interface["totals"]["rx"] > 0
    everything = described(counted.json("traffic"))
    assert everything["of"]["kind"] == "gateway"
    assert [row["name"] for row in everything["peers"]] == ["wg0/device1"]

    for resolution, most in [("daily", 8), ("weekly", 2)]:
        coarse = described(counted.json("traffic", "device1", "--since", "7d", "--resolution", resolution))
        assert len(coarse["points"]) <= most and coarse["totals"]["rx"] >= peer["totals"]["rx"]

    text = counted.wirebuddy("traffic").stdout
    assert "Traffic of all interfaces\ninner bytes per hour, " in text and "\nwg0/device1 " in text and "█" in text
    assert "\x1b" not in text

    rows = list(csv.DictReader(io.StringIO(counted.wirebuddy("traffic", "device1", "--csv").stdout, newline="")))
    assert sum(int(row["rx_bytes"]) for row in rows) >= peer["totals"]["rx"]


def test_pictures(counted, tmp_path):
    svg, png = tmp_path / "a.svg", tmp_path / "a.png"
    svg.write_text("old")
    assert counted.wirebuddy("traffic", "device1", "--svg", svg, "--png", png).stdout == f"{svg}\n{png}\n"
    root = ElementTree.parse(svg).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.find("{http://www.w3.org/2000/svg}title").text == "Traffic of peer wg0/device1"
    assert png.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert {stat.S_IMODE(file.stat().st_mode) for file in (svg, png)} == {0o600}
    assert sorted(file.name for file in tmp_path.glob("a.*")) == ["a.png", "a.svg"]
    document = described(counted.json("traffic", "--svg", svg))
    assert document["files"] == [str(svg)]

    folder = tmp_path / "folder"
    folder.mkdir()
    assert "not a regular file" in counted.wirebuddy("traffic", "--svg", folder, expect=ERROR).stderr
    # Programs are found by PATH: here only git is.
    programs = tmp_path / "programs"
    programs.mkdir()
    git = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True).stdout.strip()
    (programs / "git").symlink_to(git)
    png.unlink()
    words = counted.arguments("traffic", "--png", png)
    done = counted.namespace.run("env", f"PATH={programs}", *words, check=False)
    assert done.returncode == ERROR
    assert "librsvg2-bin" in done.stderr and not png.exists()


def test_mistakes(counted):
    done = counted.wirebuddy("traffic", "devce1", expect=ERROR)
    assert 'no peer "devce1": did you mean' in done.stderr and "device1" in done.stderr
    done = counted.wirebuddy("traffic", "--since", "2026-01-02", "--until", "2026-01-01", expect=64)
    assert "--since must be before --until" in done.stderr
    counted.wirebuddy("traffic", "--csv", "--format", "json", expect=64)
    done = counted.wirebuddy("traffic", "--since", "2010-01-01", "--resolution", "hourly", expect=ERROR)
    assert "resolution=daily" in done.stderr
