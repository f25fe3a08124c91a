"""The SDKs and the programs of examples/clients against a gateway."""

import asyncio
import json
import os
import subprocess
import sys
import threading

import pytest
from lab.gateway import ROOT
from served.server import URL

sys.path.insert(0, str(ROOT / "sdk/python/src"))

from wirebuddy import AsyncClient, Client, errors  # noqa: E402

EXAMPLES = {
    "client.sh": ["bash"],
    "client.py": [sys.executable],
    "client.mjs": ["node"],
}


def environment(server):
    path = os.pathsep.join(filter(None, [str(ROOT / "sdk/python/src"), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "WIREBUDDY_URL": URL, "WIREBUDDY_API_TOKEN": server.admin, "PYTHONPATH": path}


@pytest.fixture
def client(server):
    with Client(URL, token=server.admin) as client:
        yield client


@pytest.mark.parametrize("program", EXAMPLES)
def test_an_example(server, tmp_path, program):
    name = f"by-{program.replace('.', '-')}"
    command = [*EXAMPLES[program], ROOT / "examples/clients" / program, name]
    done = subprocess.run(command, cwd=tmp_path, env=environment(server), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr + server.log_tail()
    first, picture, drift = done.stdout.splitlines()
    (peer,) = server.get(f"/api/peers?search={name}").json()["data"]["peers"]
    assert (first, picture, drift) == (f"{name}: {peer['ip']}, converged", f"{name}.png", "drift: 0")
    shown = subprocess.check_output(["zbarimg", "--quiet", "--raw", tmp_path / f"{name}.png"], text=True)
    assert shown.rstrip("\n") == server.get(f"/api/peers/{peer['id']}/config").text.rstrip("\n")


@pytest.mark.parametrize("program", EXAMPLES)
def test_an_example_fails_aloud(server, tmp_path, program):
    command = [*EXAMPLES[program], ROOT / "examples/clients" / program, "x"]
    variables = environment(server) | {"WIREBUDDY_API_TOKEN": "wb_0"}
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert done.returncode != 0 and "401" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_python_writes_and_waits(server, client):
    made = client.create_peer({"name": "python", "interface": "wg0"}, wait=0)
    assert made.status == 201 and made.reconcile["state"] in ("pending", "converged")
    record = client.wait_for_revision(made.revision, timeout=20)
    assert record["result"] == "applied"
    found = client.get_peer(made.data["id"])
    assert found.etag == made.etag
    changed = client.update_peer(made.data["id"], {"description": "one"}, if_match=found.etag)
    with pytest.raises(errors.PreconditionFailed):
        client.update_peer(made.data["id"], {"description": "two"}, if_match=found.etag)
    dry = client.delete_peer(made.data["id"], dry_run=True)
    assert dry.data["unchanged"] is False and dry.beside["dry_run"] is True
    assert client.get_peer(made.data["id"]).etag == changed.etag
    with pytest.raises(errors.Conflict):
        client.create_peer({"name": "python", "interface": "wg0"})
    with pytest.raises(errors.Invalid) as caught:
        client.create_peer({"name": "other", "interface": "wg0", "ip": "10.9.0.1"})
    assert "ip" in caught.value.fields


def test_python_repeats_a_create_as_one(server, client):
    first = client.create_peer({"name": "once", "interface": "wg0"}, idempotency_key="a-key")
    again = client.create_peer({"name": "once", "interface": "wg0"}, idempotency_key="a-key")
    assert first.data["id"] == again.data["id"]


def test_python_reads_all_pages(server, client):
    for number in range(5):
        client.create_peer({"name": f"page-{number}", "interface": "wg0"})
    names = [peer["name"] for peer in client.iter_peers(search="page-", page_size=2)]
    assert sorted(names) == [f"page-{number}" for number in range(5)]


def test_python_at_the_socket(server):
    with Client(unix_socket=server.socket) as client:
        assert client.get_me().data["proof"] == "socket"


def test_python_follows_events(server, client):
    found, is_open = [], threading.Event()

    def follow():
        with Client(URL, token=server.admin) as listener:
            is_open.set()
            for event in listener.stream_events():
                found.append(event)
                if event.event == "pass":
                    return

    listener = threading.Thread(target=follow, daemon=True)
    listener.start()
    is_open.wait(5)
    for number in range(20):
        client.create_peer({"name": f"event-{number}", "interface": "wg0"})
        listener.join(0.5)
        if not listener.is_alive():
            break
    assert not listener.is_alive() and found[-1].data["type"] == "pass"


def test_asyncio(server):
    async def work():
        async with AsyncClient(URL, token=server.admin) as client:
            made = await asyncio.gather(
                *(client.create_peer({"name": f"async-{number}", "interface": "wg0"}) for number in range(5))
            )
            names = {peer["name"] async for peer in client.iter_peers(search="async-")}
            assert names == {answer.data["name"] for answer in made}
            with pytest.raises(errors.NotFound):
                await client.get_peer("00000000-0000-8000-8000-000000000000")

    asyncio.run(work())


def test_javascript(server):
    """live.mjs does the same with the other SDK, and tells what it saw."""
    done = subprocess.run(
        ["node", ROOT / "Tests/API/live.mjs"], env=environment(server), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr + server.log_tail()
    assert json.loads(done.stdout) == {
        "created": 201,
        "applied": "applied",
        "stale": "PreconditionFailed",
        "dry": True,
        "taken": "Conflict",
        "fields": ["ip"],
        "once": True,
        "pages": 5,
        "event": "pass",
    }
