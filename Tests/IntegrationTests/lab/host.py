"""A host of a lab that serves, asks and keeps connections running, by an agent in its namespace."""

import json
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("agent.py")


class Host:
    """Services at ports 7001 to 7003, by TCP and UDP, at the addresses that are given; and a client there."""

    def __init__(self, namespace, *addresses):
        self.namespace = namespace
        self.addresses = addresses
        self.agent = namespace.python(SCRIPT, *addresses, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.receive() != "ready":
            raise AssertionError(f"the agent of {namespace.name} did not start")

    def address(self, like):
        """The first of its addresses that is of the family of another one."""
        return next(own for own in self.addresses if (":" in own) == (":" in like))

    def send(self, action, *arguments):
        self.agent.stdin.write(json.dumps([action, *arguments]) + "\n")
        self.agent.stdin.flush()

    def receive(self):
        line = self.agent.stdout.readline()
        if not line:
            raise AssertionError(f"the agent at {self.addresses} ended")
        return json.loads(line)

    def ask(self, action, *arguments):
        self.send(action, *arguments)
        return self.receive()

    def reaches(self, to, service, seconds=2):
        """Whether one new connection is answered."""
        return self.ask("reach", [(self.address(to), to, service)], seconds)[0][0] == "reached"

    # Running connections

    def start(self, to, service):
        """Start a flow, and return its name."""
        name = f"{self.address(to)} {to} {service}"
        self.ask("start", name, self.address(to), to, service)
        return name

    def received(self):
        """Bytes or packets that came back, by flow."""
        return {name: flow["received"] for name, flow in self.ask("figures")["flows"].items()}

    def served(self):
        """Bytes that came in, by service."""
        return self.ask("figures")["served"]

    def stop(self, names):
        """End flows: of each, what was sent and received, and the packets without an answer."""
        return self.ask("stop", *names)

    def stop_complete(self, names):
        """End flows of which no packet may be without its answer."""
        for name, figures in zip(names, self.stop(names), strict=True):
            if figures["missing"] or not figures["received"]:
                raise AssertionError(f"{name}: {figures}")


def together(hosts, action, arguments):
    """Ask several hosts at the same time; `arguments` and the answers by host."""
    for host in hosts:
        host.send(action, *arguments.get(host, ()))
    return {host: host.receive() for host in hosts}
