"""Reports as HTML files in a real browser: on a phone, dark and light, without a script or a request."""

import html
import re

import pytest
from lab.namespace import wait_for
from served.browser import PROGRAM, Browser

# As hostile as names may be; what they may not be is tried where reports are made of values (HTMLReportTests).
HOSTILE = ["a'b &amp, c", "javascript:alert(1)", "x" * 60]


@pytest.fixture
def browser(tmp_path):
    assert PROGRAM, "the tests of reports need chromium: CAN'T RUN"
    with Browser(tmp_path / "profile", width=380, height=800) as browser:
        yield browser


@pytest.fixture
def drifted(server):
    """A gateway whose drift stands, with peers of names that are no markup."""
    peers = [server.peer(name) for name in HOSTILE]
    server.patch("/api/settings", {"reconcile": {"drift": "report"}}, expect=200)
    try:
        server.wait_in_sync()
        for peer in peers:
            server.namespace.run("wg", "set", "wg0", "peer", peer["public_key"], "allowed-ips", "10.99.99.9/32")
        yield server
    finally:
        server.patch("/api/settings", {"reconcile": {"drift": "heal"}}, expect=200)
        for peer in peers:
            server.delete(f"/api/peers/{peer['id']}", expect=200)


def problems(browser, page, tmp_path, width, dark):
    """What is wrong with a page of this width."""
    file = tmp_path / f"report-{width}-{dark}.html"
    file.write_text(page)
    browser.resize(width, 800, dark)
    browser.open(file.as_uri())
    browser.run("document.querySelectorAll('details').forEach((object) => { object.open = true; })")
    found = browser.run(
        """[...document.querySelectorAll('body *')].filter((element) => {
            const box = element.getBoundingClientRect();
            return box.right > innerWidth + 0.5 || box.left < -0.5;
        }).map((element) => element.outerHTML.slice(0, 200))"""
    )
    if browser.run("document.documentElement.scrollWidth") > width:
        found.append("the page scrolls sideways")
    return found + browser.errors


def test_drift_with_its_history(drifted, browser, tmp_path):
    def told():
        return len([row for row in drifted.get("/api/drift/history?limit=100").json()["data"] if not row["healed_at"]])

    wait_for(lambda: told() >= len(HOSTILE), 60, what="drift that is written down")
    page = drifted.get("/api/drift?format=html").text
    assert page.startswith("<!DOCTYPE html>") and page.rstrip().endswith("</html>")
    assert not re.search(r"<(script|img|link|iframe)|https?://|url\(", page)
    for name in HOSTILE:
        assert html.escape(name, quote=False).replace('"', "&quot;").replace("'", "&#39;") in page
    for width in (380, 1280):
        for dark in (False, True):
            assert problems(browser, page, tmp_path, width, dark) == []
    assert "10.99.99.9/32" in browser.run("document.body.innerText")
    # Dark is dark.
    back = browser.run("getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in re.findall(r"\d+", back)[:3]) < 150
