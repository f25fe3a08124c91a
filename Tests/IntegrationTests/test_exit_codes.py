"""Every command ends with the same code in text and in JSON, whatever comes of it: the table of `lab/command_table.py`, run.

`validate`, `plan`, `drift`, `apply` and `status` have a table of their own in test_reports.py, with all their formats.
"""

import json
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from lab.command_table import ALONE, BESIDES, LOCKED_OUT, SERVED
from lab.device import key_pair
from lab.documents import described
from lab.gateway import DONE, LOCKED, Gateway
from lab.namespace import Namespace, wait_for
from lab.repository import commit, git

from test_help import LEAVES, options
from test_reports import COMMANDS, REPORTS, RESULTS

COLUMNS = "well", "not valid", "no repository"
# What is made by a row of one column and would be in the way of the next.
MADE = "made", "anna.key", "spare.key", "backup.tar"
FORMATS = "text", "json"
# The others have these two. What export writes is YAML or JSON, both run; its wg-quick shows secrets.
REPORT_COMMANDS = "validate", "plan", "drift"
# JSON is what these print in every format, or one document per line.
NO_DOCUMENT = "export", "events"


class Rows:
    """A gateway for the rows of one format."""

    def __init__(self, form, directory):
        self.form = form
        self.gateway = Gateway(Namespace(f"codes-{form}"), directory / "gateway")
        self.namespace = self.gateway.namespace
        self.files = directory / "files"
        self.problems = []
        self.key = key_pair()[0]
        #: The text of the settings before a step changed them.
        self.begun = ""

    def prepare(self):
        """A repository that was applied, and files that commands read."""
        gateway, files = self.gateway, self.files
        files.mkdir()
        gateway.wirebuddy("init")
        gateway.wirebuddy("interface", "set", "wg0", "backend=userspace", "endpoint=vpn.example.com:51820")
        gateway.wirebuddy("interface", "add", "wg1", "--address", "10.9.0.1/24", "--listen-port", "51821")
        gateway.wirebuddy("interface", "set", "wg1", "backend=userspace", "endpoint=vpn.example.com:51821")
        gateway.wirebuddy("peer", "add", "laptop", "--interface", "wg0")
        for name, line in ("dns", "example.com -> {}"), ("access", "laptop gateway tcp/22 -> {}"):
            (files / f"{name}.txt").write_text(line.format("allow") + "\n")
            unmet = "block" if name == "dns" else "deny"
            (files / f"{name}-unmet.txt").write_text(line.format(unmet) + "\n")
        conf = f"[Interface]\nPrivateKey = {key_pair()[0]}\nAddress = 10.6.0.1/24\nListenPort = 51836\n"
        (files / "wg6.conf").write_text(conf)
        (files / "wg7.conf").write_text(conf.replace("Address", "Adress"))
        gateway.apply()
        return self

    def check(self, outcome, command, words, code):
        """Runs a row and keeps what is wrong with it, so that one run shows everything."""
        words = [*command.split(), *words.format(files=self.files).split()]
        if self.form == "json":
            words += ["--format", "json"]
        elif command == "export":
            words += ["--format", "yaml"]
        # The secret or password that some ask for; the others don't read it.
        done = self.namespace.run(*self.gateway.arguments(*words), check=False, timeout=90, input=self.key + "\n")
        problem = "" if done.returncode == code else f"exit {done.returncode}, expected {code}"
        if not problem and self.form == "json" and code != 64 and command not in NO_DOCUMENT:
            problem = self.wrong_document(done)
        if problem:
            said = f"{done.stdout[-600:]}{done.stderr[-600:]}"
            self.problems.append(f"{outcome}: {' '.join(words)}: {problem}\n{said}")

    @staticmethod
    def wrong_document(done):
        """A document tells the code that the process ends with, where it tells one."""
        document = json.loads(done.stdout)
        if "document" in document and document.get("exit_code", done.returncode) != done.returncode:
            return f"exit {done.returncode}, and {document['exit_code']} in the document"
        if "document" in document:
            described(document)
        return ""

    # Alone

    def alone(self):
        """The columns of the table, one after the other."""
        for column, outcome in enumerate(COLUMNS, start=1):
            self.clear()
            self.bring_about(outcome)
            for command, row in ALONE.items():
                self.check(outcome, command, row[0], row[column])
            if outcome == "well":
                for why, command, words, code in BESIDES:
                    self.check(why, command, words, code)
                self.locked_out()

    def clear(self):
        for path in (self.files / name for name in MADE):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def bring_about(self, outcome):
        if outcome == "not valid":
            # What the first column removed in the end is there to be changed and removed again.
            for words in ("interface add wg5 --address 10.5.0.1/24 --listen-port 51835", "peer add phone --interface wg0",
                          "user add anna --email anna@example.com", "token create night --permission read --user anna"):
                self.gateway.wirebuddy(*words.split())
            self.gateway.write("peers/wg0/odd.yaml", "kind: Peer\nname: odd\ninterface: wg9\n")
            commit(self.gateway.config, "an interface that is not there")
        if outcome == "no repository":
            self.gateway.config.rename(self.gateway.config.with_name("elsewhere"))

    def locked_out(self):
        """Somebody holds the lock of passes, and the others wait for it."""
        inode = os.stat(f"/proc/{self.namespace.holder.pid}/ns/net").st_ino
        path = f"/run/wirebuddy/netns-{inode}/pass"
        holder = self.namespace.start("flock", path, "sleep", "infinity")
        wait_for(lambda: self.namespace.run("flock", "-n", path, "true", check=False).returncode == 1, 10, what="the lock")
        # While down waits it keeps a daemon from starting, which to a rollback is one that runs.
        for rows in ([row for row in LOCKED_OUT if row[0] != "down"], [row for row in LOCKED_OUT if row[0] == "down"]):
            with ThreadPoolExecutor(len(rows)) as pool:
                list(pool.map(lambda row: self.check("locked", *row, LOCKED), rows))
        for pid in self.namespace.processes("sleep"):
            os.kill(pid, signal.SIGKILL)
        holder.wait(timeout=5)

    # With a daemon

    def served(self):
        gateway = self.gateway
        gateway.wirebuddy("backup", self.files / "backup.tar")
        gateway.serve()
        for step, outcome, command, words, code in SERVED:
            self.take(step)
            self.check(f"{outcome}, with a daemon", command, words, code)
        if (code := gateway.stop()) != DONE:
            self.problems.append(f"serve ends with {code} when it is asked to\n{gateway.log_tail()}")
        # Ports of the API that are taken, and what it can't begin with.
        gateway.host_file.write_text("userspace: wireguard-go\nnonsense: true\n")
        self.check("the host file is not valid", "serve", "", 1)

    def take(self, step):
        """What becomes of the gateway before a row."""
        gateway = self.gateway
        interface = gateway.config / "interfaces/wg1.yaml"
        match step:
            case "":
                return
            case "a list that is nowhere":
                gateway.write("dns/settings.yaml", "kind: DNSSettings\nenabled: true\nupstreams: [\"udp://192.0.2.53:53\"]\n")
                gateway.write("dns/gone.yaml", "kind: Blocklist\nname: gone\nformat: hosts\n"
                                                 "url: https://127.0.0.1:9/gone.txt\n")  # fmt: skip
            case "a document that is not valid":
                gateway.write("peers/wg0/odd.yaml", "kind: Peer\nname: odd\ninterface: wg9\n")
            case "as it was":
                git(gateway.config, "revert", "--no-edit", "HEAD")
                return
            case "an interface less":
                gateway.remove("interfaces/wg1.yaml")
            case "a window to confirm in":
                self.settings("confirm: 60s")
                interface.write_text(interface.read_text() + "mtu: 1400\n")
            case "a change in a short window":
                self.settings("confirm: 8s")
                interface.write_text(interface.read_text().replace("1400", "1390"))
            case "a firewall that can't be written":
                self.settings()
                # What was undone stays out until it is taken back.
                interface.write_text(interface.read_text().replace("1390", "1380"))
                self.namespace.run("mount", "--bind", "/bin/false", self.namespace.output("which", "nft"))
            case "a firewall that can be written":
                self.namespace.run("umount", self.namespace.output("which", "nft"))
                return
        commit(gateway.config, step)
        if step == "a list that is nowhere":
            gateway.wirebuddy("wait", "--revision", "HEAD", "--timeout", "30s", timeout=90)
        if step == "a window to confirm in":
            wait_for(lambda: self.window() == "waiting", 20, 0.3, what="a change that waits for its confirmation")

    def settings(self, *reconcile):
        file = self.gateway.config / "settings.yaml"
        self.begun = self.begun or file.read_text()
        file.write_text(f"{self.begun}reconcile: {{{', '.join(['interval: 1s', *reconcile])}}}\n")

    def window(self):
        return (self.gateway.json("status", expect=[0, 2, 11, 14])["checkpoint"] or {}).get("state")


@pytest.fixture
def rows(tmp_path):
    """A gateway per format, in namespaces of their own, so that both are run at the same time."""
    made = [Rows(form, tmp_path / form) for form in FORMATS]
    try:
        with ThreadPoolExecutor(2) as pool:
            yield list(pool.map(Rows.prepare, made))
    finally:
        for each in made:
            each.namespace.close()


def problems(rows, run):
    with ThreadPoolExecutor(len(rows)) as pool:
        list(pool.map(run, rows))
    return [problem for each in rows for problem in each.problems]


def test_every_command_of_the_program_is_in_the_table():
    """A new command has to be looked at here; one that is gone leaves no row behind."""
    alone = {"confirm", "wait", "serve"}
    rows = {*ALONE, *COMMANDS} | {row[1] for row in BESIDES} | {row[2] for row in SERVED} | {row[0] for row in LOCKED_OUT}
    assert {" ".join(words) for words, _ in LEAVES} == rows
    assert alone <= {row[2] for row in SERVED}


def test_every_format_of_the_program_is_run():
    for words, command in LEAVES:
        formats = dict(options(command))["format"]
        if " ".join(words) in REPORT_COMMANDS:
            assert formats == REPORTS
        elif " ".join(words) != "export":
            assert formats == RESULTS == list(FORMATS), words


def test_exit_codes_of_commands(rows):
    assert "\n".join(problems(rows, Rows.alone)) == ""


def test_exit_codes_with_a_daemon(rows):
    assert "\n".join(problems(rows, Rows.served)) == ""
