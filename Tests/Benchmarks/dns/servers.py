"""The servers, each with the same list, the same upstream and its log off or on, started in turn on one port."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from names import ZONE
from question import Client

PORT = 5300
UPSTREAM = 5301
CONTROL = 5302
ANSWER = "192.0.2.1"


class Server:
    """A program on PORT. Subclasses say how it is configured."""

    def __init__(self, folder, names):
        self.folder = folder / self.name
        self.folder.mkdir(exist_ok=True)
        self.names = names
        self.port = PORT
        self.process = None

    def start(self, log=False, blocked=None, seconds=120):
        """Starts it with a list; seconds from exec to the answer for a name of that list."""
        blocked = self.names.blocked if blocked is None else blocked
        self.log = log
        command = [str(word) for word in self.command(log, blocked)]
        client = Client(self.port)
        begin = time.monotonic()
        # The same for each, and above whatever else the machine does.
        self.process = subprocess.Popen(
            ["nice", "-n", "-5", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=open(self.folder / "stderr", "w"), text=True)  # fmt: skip
        client.until(blocked[-1], self.null, seconds)
        client.close()
        return time.monotonic() - begin

    # The address that a blocked name has.
    null = "0.0.0.0"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()

    def warm(self):
        """Asks for every name that is to be cached."""
        client = Client(self.port)
        for name in self.names.cached:
            answer = client.ask(name, 2)
            if answer != ANSWER:
                raise AssertionError(f"{self.name}: {name} has {answer}")
        client.close()

    def memory(self):
        """Resident and proportional memory in MB."""
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        fields = {line.split()[0]: int(line.split()[1]) / 1000 * 1.024 for line in text.splitlines()[1:]}
        return fields["Rss:"], fields["Pss:"]

    def processor_time(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def write(self, name, lines):
        path = self.folder / name
        with open(path, "w") as file:
            file.writelines(lines)
        return path


class Ours(Server):
    name = "wirebuddy"

    def __init__(self, folder, names, program):
        super().__init__(folder, names)
        self.program = program

    def command(self, log, blocked):
        # The first start with a list compiles it, the later ones find it compiled.
        state = self.folder / f"list-{len(blocked)}"
        state.mkdir(exist_ok=True, mode=0o700)
        words = [self.program, "serve", "--port", self.port, "--state", state,
                 "--list", self.write(f"{len(blocked)}.txt", (f"{name}\n" for name in blocked)),
                 "--upstream", f"udp://127.0.0.1:{UPSTREAM}"]  # fmt: skip
        if log:
            shutil.rmtree(self.folder / "log", ignore_errors=True)
            words += ["--log", self.folder / "log"]
        return words

    def say(self, *words):
        """A line to its standard input, and its answer."""
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        while not (line := self.process.stdout.readline()).startswith("{"):
            if not line:
                raise AssertionError((self.folder / "stderr").read_text()[-2000:])
        return json.loads(line)

    def block(self, name):
        self.say("block", name)


class Unbound(Server):
    name = "unbound"

    def command(self, log, blocked):
        (self.folder / "log").unlink(missing_ok=True)
        zones = self.write("blocked.conf", (f'local-zone: "{name}." always_null\n' for name in blocked))
        return ["unbound", "-d", "-c", self.write("unbound.conf", f"""server:
    interface: 127.0.0.1@{self.port}
    num-threads: {os.cpu_count()}
    so-reuseport: yes
    do-daemonize: no
    use-syslog: no
    logfile: "{self.folder}/log"
    verbosity: 0
    log-queries: {"yes" if log else "no"}
    username: ""
    chroot: ""
    pidfile: ""
    do-not-query-localhost: no
    module-config: "iterator"
    include: {zones}
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@{UPSTREAM}
remote-control:
    control-enable: yes
    control-interface: {self.folder}/control
    control-use-cert: no
""")]  # fmt: skip

    def block(self, name):
        subprocess.run(["unbound-control", "-c", self.folder / "unbound.conf", "local_zone", f"{name}.", "always_null"],
                       check=True, capture_output=True)  # fmt: skip


class Dnsmasq(Server):
    name = "dnsmasq"

    def command(self, log, blocked):
        (self.folder / "log").unlink(missing_ok=True)
        self.blocked = blocked
        zones = self.write("blocked.conf", (f"address=/{name}/0.0.0.0\n" for name in blocked))
        return ["dnsmasq", "--keep-in-foreground", f"--conf-file={zones}", f"--port={self.port}",
                "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts", "--user=root",
                f"--server=127.0.0.1#{UPSTREAM}", "--cache-size=10000", "--pid-file",
                *(["--log-queries", f"--log-facility={self.folder}/log"] if log else [])]  # fmt: skip

    def block(self, name):
        """It reads its list only when it starts."""
        self.stop()
        self.start(self.log, [*self.blocked, name])


class Echo(Server):
    """Nothing but a datagram sent back: what is measured beside the servers to know the machine."""

    name = "echo"

    def __init__(self, folder, names, program):
        super().__init__(folder, names)
        self.program = program

    def command(self, log, blocked):
        return [self.program, "echo", "--port", self.port]

    null = ""


class Source(Unbound):
    """What the servers ask: one address for every name of a zone."""

    name = "upstream"

    def __init__(self, folder, names):
        super().__init__(folder, names)
        self.port = UPSTREAM

    null = ANSWER

    def command(self, log, blocked):
        return ["unbound", "-d", "-c", self.write("unbound.conf", f"""server:
    interface: 127.0.0.1@{self.port}
    do-daemonize: no
    use-syslog: no
    logfile: "{self.folder}/log"
    username: ""
    chroot: ""
    pidfile: ""
    local-zone: "{ZONE}." redirect
    local-data: "{ZONE}. 86400 A {ANSWER}"
remote-control:
    control-enable: no
""")]  # fmt: skip

    def start(self):
        return super().start(blocked=[f"a.{ZONE}"])


def spared(seconds):
    """Waits until other programs leave the machine alone, but no longer than this; the load that is left."""
    deadline = time.monotonic() + seconds
    while os.getloadavg()[0] > 0.7 and time.monotonic() < deadline:
        time.sleep(1)
    return os.getloadavg()[0]
