"""The Python SDK: every documented operation, in both clients; its types; that it can be installed."""

import inspect
import os
import subprocess
import sys
from keyword import iskeyword

import pytest
from documented import OPERATIONS, ROOT, address, snake

from wirebuddy import AsyncClient, Client
from wirebuddy._async_operations import AsyncOperations
from wirebuddy._operations import Operations

SDK = ROOT / "sdk/python"


class Recorder(Operations):
    """Keeps requests instead of sending them."""

    def _send(self, request):
        self.request = request


class AsyncRecorder(AsyncOperations):
    async def _send(self, request):
        self.request = request


def call(recorder, operation):
    """Calls the method of an operation with every parameter that the document names."""
    method = getattr(recorder, snake(operation["id"]))
    placed = ["a/b"] * len(operation["in_path"]) + ([{"name": "x"}] if operation["body"] else [])
    # Words of the language end with a line below: `from_`.
    named = {f"{snake(name)}_" if iskeyword(name) else snake(name): "1" for name in operation["query"]}
    named |= {snake(name): "2" for name in operation["headers"]}
    return method(*placed, **named)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_every_operation_has_a_method(operation, kind):
    method = getattr(kind, snake(operation["id"]), None)
    assert method is not None, f"{kind.__name__} has no {snake(operation['id'])}"
    assert inspect.getdoc(method)


@pytest.mark.parametrize("recorder", [Recorder(), AsyncRecorder()])
def test_every_method_sends_what_is_documented(plain_operation, recorder):
    called = call(recorder, plain_operation)
    if inspect.iscoroutine(called):
        with pytest.raises(StopIteration):
            called.send(None)
    path, query = address(plain_operation)
    request = recorder.request
    assert (request.method, request.path, dict(request.query)) == (plain_operation["method"], path, query)
    assert request.body == ({"name": "x"} if plain_operation["body"] else None)
    assert set(request.headers) == set(plain_operation["headers"])


def test_no_method_is_undocumented():
    known = {snake(row["id"]) for row in OPERATIONS} | {"close", "wait_for_revision"}
    for kind in (Client, AsyncClient):
        public = {name for name in dir(kind) if not name.startswith(("_", "iter_"))}
        assert public - known == set()


def test_every_paged_list_has_an_iterator():
    paged = [row for row in OPERATIONS if {"limit", "offset"} <= set(row["query"])]
    assert len(paged) >= 5
    for row in paged:
        name = "iter" + row["id"].removeprefix("list").removeprefix("get")
        assert hasattr(Client, snake(name)) and hasattr(AsyncClient, snake(name)), name


def test_the_generated_files_are_fresh():
    done = subprocess.run([sys.executable, ROOT / "sdk/generator", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_file_is_noticed(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "sdk"))
    from generator import __main__ as generator
    from generator.document import Document

    document = Document.load()
    document.operations[0].path += "/x"
    stale = {path.name for path in generator.stale(document)}
    assert {"_operations.py", "_async_operations.py", "operations.js"} <= stale


def test_its_types_hold():
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", ROOT / ".build/mypy", "src", "tests/typed.py",
               ROOT / "examples/clients/client.py"]  # fmt: skip
    done = subprocess.run(command, cwd=SDK, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pip_installs_it(tmp_path):
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
           "--no-build-isolation", "--no-index", "--target", tmp_path / "site", tmp_path / "source"]  # fmt: skip
    # A copy: setuptools leaves build folders beside the sources.
    subprocess.run(["cp", "-R", SDK, tmp_path / "source"], check=True)
    done = subprocess.run(pip, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site/wirebuddy/py.typed").exists()
    code = "import wirebuddy; print(wirebuddy.__file__, wirebuddy.Client('http://127.0.0.1:1'))"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    shown = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=tmp_path, env=environment)
    assert shown == f"{tmp_path}/site/wirebuddy/__init__.py Client('http://127.0.0.1:1')\n"
