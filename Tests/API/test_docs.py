"""The page `/docs` in a real browser: it lists the operations, shows their schemas and tries calls, on a phone too."""

import json
import re

import pytest
from lab.gateway import ROOT
from served.browser import PROGRAM, Browser
from served.server import URL

DOCUMENT = json.loads((ROOT / "schemas/openapi.json").read_text())
IDENTIFIERS = [operation["operationId"] for item in DOCUMENT["paths"].values() for operation in item.values()]


@pytest.fixture
def browser(server, tmp_path):
    assert PROGRAM, "the tests of the page need chromium: CAN'T RUN"
    with Browser(tmp_path / "profile") as browser:
        yield browser


def open_page(browser, server):
    browser.open(f"{URL}/docs")
    browser.run("document.getElementById('token').focus()")
    browser.type(server.admin)
    browser.press("Enter")
    browser.wait("document.querySelector('.operation') !== null")


def open_operation(browser, name):
    browser.run(f"location.hash = '#{name}'")
    browser.wait(f"document.querySelector('#{name} .try') !== null")


def send(browser, name):
    browser.run(f"document.querySelector('#{name} form').requestSubmit()")
    browser.wait(f"document.querySelector('#{name} .result .code') !== null")
    return int(browser.run(f"document.querySelector('#{name} .result .code').textContent"))


def test_it_lists_every_operation_and_finds_them(server, browser):
    open_page(browser, server)
    shown = browser.run("[...document.querySelectorAll('.operation')].map((operation) => operation.id)")
    assert sorted(shown) == sorted(IDENTIFIERS)
    browser.press("/")
    browser.type("qr code")
    browser.wait("document.querySelectorAll('.operation:not([hidden])').length === 1")
    assert browser.run("document.querySelector('.operation:not([hidden])').id") == "getPeerQRCode"
    assert browser.errors == []


def test_it_shows_schemas_and_examples(server, browser):
    open_page(browser, server)
    open_operation(browser, "createPeer")
    text = browser.run("document.getElementById('createPeer').innerText")
    assert "routing_mode" in text and "full_tunnel" in text and "dry_run" in text
    browser.run(
        "document.querySelectorAll('#createPeer .answers details').forEach((answer) => { answer.open = true; })"
    )
    browser.wait("document.querySelector('#createPeer .answers pre') !== null")
    assert "Resource created successfully" in browser.run("document.querySelector('#createPeer .answers').innerText")
    # Everything else opens too, without an exception.
    browser.run("document.querySelectorAll('.operation').forEach((operation) => { operation.open = true; })")
    browser.wait(f"document.querySelectorAll('.operation .try').length === {len(IDENTIFIERS)}")
    assert browser.errors == []


def test_it_tries_calls(server, browser):
    peer = server.peer("of the page")
    open_page(browser, server)
    open_operation(browser, "listPeers")
    assert send(browser, "listPeers") == 200
    assert peer["id"] in browser.run("document.querySelector('#listPeers .result pre').textContent")
    # A write is a dry run until the reader wants it.
    before = server.head
    open_operation(browser, "createPeer")
    browser.run('document.querySelector(\'#createPeer textarea\').value = \'{"name": "dry", "interface": "wg0"}\'')
    assert send(browser, "createPeer") == 200 and server.head == before
    open_operation(browser, "getPeerQRCode")
    browser.run("document.querySelector('#try-getPeerQRCode-id').focus()")
    browser.type(peer["id"])
    assert send(browser, "getPeerQRCode") == 200
    browser.wait("document.querySelector('#getPeerQRCode .result img')?.naturalWidth > 0")
    assert browser.errors == []


def test_it_keeps_the_token_to_itself(server, browser):
    open_page(browser, server)
    addresses = browser.run("[location.href, ...performance.getEntries().map((entry) => entry.name)]")
    assert not any(server.admin in address for address in addresses)
    assert all(re.match(rf"{URL}/|data:|blob:|[a-z-]*$", address) for address in addresses), addresses
    assert browser.run("[localStorage.length, document.cookie]") == [0, ""]
    browser.run("document.getElementById('forget').click()")
    assert browser.run("sessionStorage.length") == 0
    browser.wait("!document.getElementById('gate').hidden")
    assert server.admin not in server.log.read_text()


@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_phone(server, browser, dark):
    browser.resize(390, 844, dark)
    open_page(browser, server)
    for name in ("listPeers", "updatePeer", "getStatus"):
        open_operation(browser, name)
        assert browser.run("document.documentElement.scrollWidth") == 390, name
    assert browser.errors == []


def test_only_its_own_script_runs(server):
    first, second = server.get("/docs", token=None), server.get("/docs", token=None)
    policy = first.headers["content-security-policy"]
    (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert re.findall(r'<(?:script|style) nonce="([^"]*)"', first.text) == [nonce, nonce]
    assert second.headers["content-security-policy"] != policy, "a number used once"
    assert "{{nonce}}" not in first.text
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", first.text), "nothing comes from elsewhere"


def test_it_can_be_turned_off(server):
    server.patch("/api/settings", {"api": {"docs": False}})
    assert server.get("/docs", token=None, expect=404).json()["error"] == "Not Found"
    server.patch("/api/settings", {"api": {"docs": True}})
    server.get("/docs", token=None)
