"""Exit codes are the same in every format, and every format is what its readers take, whatever a command found."""

import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from lab.device import key_pair
from lab.gateway import BINARY, CHANGES, DONE, ERROR, INVALID, LOCKED, PARTLY, RAIL, ROOT, STALE, document
from lab.namespace import wait_for
from lab.reports import JUNIT, SARIF, checked, github, sarif

REPORTS = ["text", "json", "markdown", "html", "sarif", "junit", "github"]
RESULTS = ["text", "json"]
USAGE = 64

# What each command answers to each outcome. None: the outcome says nothing about it. Outcomes are made in this order.
MATRIX = {
    #                   validate  plan     drift    apply   status
    "new":            (DONE,     CHANGES, DONE,    None,   None),
    "locked":         (DONE,     CHANGES, DONE,    LOCKED, None),
    "in sync":        (DONE,     DONE,    DONE,    DONE,   DONE),
    "drift":          (DONE,     CHANGES, CHANGES, None,   None),
    "changes":        (DONE,     CHANGES, CHANGES, None,   None),
    "stale":          (None,     None,    None,    STALE,  None),
    "refused":        (DONE,     RAIL,    CHANGES, RAIL,   None),
    "invalid":        (INVALID,  INVALID, INVALID, INVALID, None),
    "no documents":   (INVALID,  INVALID, INVALID, INVALID, None),
    "unreadable":     (ERROR,    ERROR,   ERROR,   ERROR,  None),
    "partly applied": (DONE,     CHANGES, CHANGES, PARTLY, None),
}  # fmt: skip
COMMANDS = ["validate", "plan", "drift", "apply", "status"]


@contextmanager
def outcome(name, gateway):
    """The gateway in the state of an outcome, and words for apply."""
    words = []
    match name:
        case "new":
            gateway.settings(reconcile="{interval: 1h}")
            gateway.interface("wg0")
            gateway.interface("wg1", address="[10.9.0.1/24]", listen_port=51821)
            for number in 2, 3:
                gateway.peer(f"device{number}", key_pair()[1], number)
        case "locked":
            inode = os.stat(f"/proc/{gateway.namespace.holder.pid}/ns/net").st_ino
            gateway.namespace.run("mkdir", "-p", "-m", "0700", f"/run/wirebuddy/netns-{inode}")
            path = f"/run/wirebuddy/netns-{inode}/pass"
            holder = gateway.namespace.start("flock", path, "sleep", "infinity")
            wait_for(lambda: gateway.namespace.run("flock", "-n", path, "true", check=False).returncode == 1, 10,
                     what="the lock")  # fmt: skip
            yield words
            for pid in gateway.namespace.processes("sleep"):
                gateway.namespace.run("kill", pid)
            holder.terminate()
            holder.wait(timeout=5)
            gateway.apply()
            return
        case "drift":
            gateway.namespace.run("wg", "set", "wg0", "listen-port", "51999")
        case "changes":
            gateway.peer("device4", key_pair()[1], 4)
        case "stale":
            words = ["--plan-id", "000000000000"]
        case "refused":
            gateway.remove("interfaces/wg1.yaml")
        case "invalid":
            gateway.write("peers/wg0/odd.yaml", "kind: Peer\nname: odd\ninterface: wg9\n")
            yield words
            gateway.remove("peers/wg0/odd.yaml")
            return
        case "no documents" | "unreadable":
            elsewhere = gateway.config.with_name("elsewhere")
            gateway.config.rename(elsewhere)
            if name == "no documents":
                gateway.config.mkdir()
            yield words
            if name == "no documents":
                gateway.config.rmdir()
            elsewhere.rename(gateway.config)
            return
        case "partly applied":
            gateway.interface("wg1", address="[10.9.0.1/24]", listen_port=51821)
            gateway.interface("wg2", address="[10.7.0.1/24]", listen_port=51877)
            taken = "import socket, time; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('', 51877)); time.sleep(600)"
            socket = gateway.namespace.start("python3", "-c", taken)
            wait_for(lambda: "51877" in gateway.namespace.output("ss", "-lun"), 10, what="a taken port")
            yield words
            socket.terminate()
            socket.wait(timeout=5)
            return
    yield words


def run(gateway, command, form, expect, words=()):
    done = gateway.wirebuddy(command, "--format", form, *words, expect=expect)
    assert "\x1b" not in done.stdout
    return checked(done.stdout, form, command)


def test_exit_codes_by_command_outcome_and_format(gateway):
    for name, codes in MATRIX.items():
        with outcome(name, gateway) as words:
            calls = []
            for command, code in zip(COMMANDS, codes):
                forms = REPORTS if command in ("validate", "plan", "drift") else RESULTS
                calls += [(command, form, code, words if command == "apply" else ()) for form in forms
                          if code is not None]  # fmt: skip
            # Looking is done at the same time; what is applied comes behind it, all of it waiting for one lock.
            looks = [call for call in calls if call[0] != "apply"]
            with ThreadPoolExecutor(4) as pool:
                for answer in [pool.submit(run, gateway, *call) for call in looks]:
                    answer.result()
            applies = [call for call in calls if call[0] == "apply"]
            if name == "locked":
                with ThreadPoolExecutor(2) as pool:
                    for answer in [pool.submit(run, gateway, *call) for call in applies]:
                        answer.result()
            elif name == "partly applied":
                # The first one does what can be done; nothing is left for a second.
                run(gateway, *applies[0])
            else:
                for call in applies:
                    run(gateway, *call)
    for form in RESULTS:
        # Nobody is there to wait for.
        run(gateway, "wait", form, ERROR, ["--revision", "0123456789"])
    for command in [*COMMANDS, "wait"]:
        for words in ("--format", "nonsense"), ("--no-such-option",):
            assert gateway.wirebuddy(command, *words, expect=USAGE).stdout == ""


GOLDENS = ROOT / "Tests/ReconcilerTests/Report/Goldens"
ENDINGS = {"sarif": "sarif", "junit": "junit.xml", "github": "github.txt", "markdown": "md"}


@pytest.mark.parametrize("form", ENDINGS)
def test_reports_with_everything_in_them_are_taken(form):
    """What the unit tests compare with, where acknowledgements, refusals and names that need escaping stand together."""
    files = list(GOLDENS.glob(f"findings-*.{ENDINGS[form]}"))
    assert len(files) >= 2
    for file in files:
        checked(file.read_text(), form, re.match("findings-([a-z]+)", file.name)[1])


def test_each_schema_refuses_what_is_wrong():
    """The official ones and ours alike: a schema that takes everything finds nothing."""
    (file, *_) = sorted(GOLDENS.glob("findings-*.sarif"))
    for schema in SARIF:
        document = json.loads(file.read_text())
        assert schema.is_valid(document)
        document["runs"][0]["results"][0]["level"] = "nonsense"
        assert not schema.is_valid(document)
        document = json.loads(file.read_text())
        document["runs"][0]["invocations"][0]["endTimeUtc"] = "yesterday"
        assert not schema.is_valid(document)
        del document["runs"][0]["invocations"], document["runs"][0]["tool"]
        assert not schema.is_valid(document)
    (file, *_) = sorted(GOLDENS.glob("findings-*.junit.xml"))
    for schema in JUNIT:
        root = etree.parse(file).getroot()
        assert schema.validate(root)
        etree.SubElement(root.find("testsuite"), "nonsense")
        assert not schema.validate(root)
        root = etree.parse(file).getroot()
        del root.find("testsuite").attrib["failures"]
        assert not schema.validate(root)


def test_places_lead_from_where_the_report_is_read(gateway):
    """A relative --config is where a checkout has the repository."""
    gateway.interface("wg0")
    gateway.write("peers/wg0/a b,c.yaml", "# the first\nkind: Peer\nname: odd\ninterface: wg9\n")

    def output(form):
        words = [BINARY, "validate", "--config", "config", "--state", gateway.state, "--format", form]
        return subprocess.run(words, cwd=gateway.directory, capture_output=True, text=True, timeout=60).stdout

    ((level, properties, message),) = [found for found in github(output("github")) if "wg9\"" in found[2]]
    assert (level, properties["file"], properties["line"]) == ("error", "config/peers/wg0/a b,c.yaml", "4")
    assert properties["title"].startswith("WireBuddy validate/") and "wg9" in message
    (result,) = [result for result in sarif(output("sarif"))["results"] if "wg9\"" in result["message"]["text"]]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "config/peers/wg0/a%20b%2Cc.yaml" and place["region"]["startLine"] == 4


def test_a_plan_names_the_lines_of_what_it_changes(gateway):
    gateway.interface("wg0")
    gateway.peer("device2", key_pair()[1], 2)
    gateway.apply()
    gateway.write("many.yaml", "\n\n---\n" + document(
        "Peer", name="device3", interface="wg0", ip="[10.8.0.3]", public_key=key_pair()[1], routing_mode="vpn_only"))
    gateway.namespace.run("wg", "set", "wg0", "listen-port", "51999")
    found = {found["rule"]: found for found in gateway.json("plan", expect=CHANGES)["findings"]}
    assert found["plan/create-peer"]["location"] == {"path": "many.yaml", "line": 4, "column": 1}
    assert found["drift/update-interface"]["location"] == {"path": "interfaces/wg0.yaml", "line": 1, "column": 1}
    # Alone and later it has the same fingerprint.
    (drift,) = gateway.json("drift", expect=CHANGES)["findings"]
    assert drift["fingerprint"] == found["drift/update-interface"]["fingerprint"]
    assert f"fingerprint {drift['fingerprint']}" in gateway.wirebuddy("drift", expect=CHANGES).stdout


def test_schemas_of_outputs_are_in_the_program(gateway, tmp_path):
    names = gateway.wirebuddy("schema", "--list").stdout.split()
    assert "interface" in names and "output/interface" in names and "output/plan" in names
    gateway.interface("wg0")
    for command, expect in ("validate", DONE), ("plan", CHANGES), ("drift", DONE):
        schema = json.loads(gateway.wirebuddy("schema", command).stdout)
        Draft202012Validator.check_schema(schema)
        # It needs no other file.
        Draft202012Validator(schema).validate(gateway.json(command, expect=expect))
    assert gateway.wirebuddy("schema", "interface").stdout != gateway.wirebuddy("schema", "output/interface").stdout
    assert "output/interface" in gateway.wirebuddy("schema", "nonsense", expect=USAGE).stderr
