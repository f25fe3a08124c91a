"""What holds whatever breaks: traffic goes on, the daemon lives, and says nothing that is secret."""

import contextlib
import json

from .namespace import wait_for

# Until the daemon makes another try at the latest, and what a slow host needs on top of it.
RECOVERED = 40


@contextlib.contextmanager
def survived(office):
    """The sessions of a device lose nothing while the block runs, and the daemon is the same one after it."""
    gateway = office.gateway
    daemon = gateway.pid()
    with office.measured() as flow:
        yield
    assert flow["lost"] == 0, flow
    assert gateway.daemon.poll() is None and gateway.pid() == daemon, gateway.log_tail()
    assert_quiet(gateway)


def assert_quiet(gateway):
    """The log names no key, and no line of it is a crash."""
    text = gateway.log.read_text()
    assert gateway.namespace.output("wg", "show", "wg0", "private-key") not in text
    assert "Fatal error" not in text and "Traceback" not in text


def told(gateway):
    """What `status` says holds, and how it stands with the remote; nothing when there is no status."""
    done = gateway.namespace.run(*gateway.arguments("status", "--format", "json"), check=False)
    if not done.stdout.startswith("{"):
        return done.stderr
    status = json.loads(done.stdout)
    return json.dumps([[row for row in status["conditions"] if row["holds"]], status["remote"]])


def wait_told(gateway, *words, seconds=15):
    """Until all of these stand in what `status` says."""
    said = ""

    def is_told():
        nonlocal said
        said = told(gateway)
        return all(word in said for word in words)

    try:
        wait_for(is_told, seconds, interval=0.2, what=f"a status that says {words}")
    except AssertionError as error:
        raise AssertionError(f"{error}\n{said}{gateway.log_tail()}") from None
