"""What WireBuddy takes for the peers: as a process, and inside serve by what its log says of each pass."""

import re
import time
from pathlib import Path

import baseline
import quiet
from baseline import dump
from lab.gateway import CHANGES, DONE, Gateway
from lab.namespace import Namespace, wait_for
from peers import commit

FIELD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)')


class Passes:
    """The passes that serve wrote into its log, each as a dict of its fields."""

    def __init__(self, log):
        self.log = log
        self.offset = log.stat().st_size if log.exists() else 0

    def new(self):
        """Passes that ended since the last call."""
        with open(self.log, "rb") as file:
            file.seek(self.offset)
            data = file.read()
        end = data.rfind(b"\n") + 1
        self.offset += end
        lines = data[:end].decode().splitlines()
        return [dict(FIELD.findall(line)) for line in lines if "pass finished" in line]

    def wait(self, accept, seconds=120, what="a pass"):
        """The first new pass that `accept` takes."""

        def look():
            return next((entry for entry in self.new() if accept(entry)), None)

        return wait_for(look, seconds, 0.005, what)


def seconds(entry, name):
    return int(entry[f"{name}_us"]) / 1e6


def is_idle(entry):
    return entry["changes"] == "0"


def serve(gateway):
    """Starts serve with a log line per pass; returns its passes."""
    passes = Passes(gateway.log)
    with open(gateway.log, "ab") as log:
        gateway.daemon = gateway.namespace.start(
            *gateway.arguments("serve", "--log-level", "debug"), stdout=log, stderr=log)  # fmt: skip
    return passes


def resident(pid):
    """Resident memory of a process in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", text).group(1)) / 1024


def measure(figures, peers, folder):
    file = baseline.configuration(peers, folder)
    baseline.measure(figures, file)
    cold(figures, peers, folder, file)
    namespace = Namespace("warm")
    try:
        gateway = Gateway(namespace, folder / "warm")
        peers.repository(gateway.config)
        processes(figures, gateway)
        inside(figures, peers, gateway)
    finally:
        namespace.close()


def processes(figures, gateway):
    figures.part("Commands", "Each a process, without a daemon.")
    figures.timed("wirebuddy validate, a process", lambda: gateway.wirebuddy("validate"), at_most=2.0)
    figures.timed(
        "wirebuddy plan, a process, all to create",
        lambda: gateway.wirebuddy("plan", "--format", "json", expect=CHANGES, timeout=120), rounds=1)  # fmt: skip


def cold(figures, peers, folder, file):
    """The first pass of serve, where everything is to be made, in turns with what wg takes for the same."""
    figures.part("The first pass, where everything is to be made", "serve on an empty host, in turns with wg setconf and "
                 "wg show dump of the same peers on an empty device.")  # fmt: skip
    entries, setconfs, dumps, device_times, processor_times, starts = [], [], [], [], [], []
    for number in range(figures.rounds):
        for values, value in zip((setconfs, dumps, device_times), baseline.setconf(file)):
            values.append(value)
        namespace = Namespace(f"cold{number}")
        try:
            gateway = Gateway(namespace, folder / f"cold{number}")
            peers.repository(gateway.config)
            start = time.monotonic()
            passes = serve(gateway)
            entries.append(passes.wait(lambda entry: not is_idle(entry), what="the first pass"))
            starts.append(time.monotonic() - start)
            device = namespace.processes("wireguard-go")[0]
            processor_times.append((baseline.processor_time(device), baseline.processor_time(gateway.pid())))
            if entries[-1]["failed"] != "0":
                raise AssertionError(f"the first pass failed: {entries[-1]}{gateway.log_tail()}")
        finally:
            namespace.close()
    figures.add("wg setconf, empty device", setconfs)
    figures.add("wg show dump after it", dumps)
    # Both are a second of wireguard-go's arithmetic, which everything else that runs on the machine only makes longer:
    # the fastest rounds are compared.
    figures.add(
        "cold apply: WireGuard writes and read-back",
        [seconds(entry, "wireguard") + seconds(entry, "verify") for entry in entries],
        at_most=1.1 * min(map(sum, zip(setconfs, dumps))), of="1.1 × (setconf + dump), fastest of each", is_ratio=True,
        judge=min, beside="wg setconf, empty device")  # fmt: skip
    figures.add("  processor time of wireguard-go, setconf", device_times)
    figures.add("  processor time of wireguard-go, cold apply", [times[0] for times in processor_times],
                beside="  processor time of wireguard-go, setconf")  # fmt: skip
    figures.add("  processor time of serve, from its start", [times[1] for times in processor_times])
    for part, what in [
        ("wireguard", "WireGuard writes"), ("verify", "read-back"), ("firewall", "nft"), ("record", "database"),
        ("load", "load"), ("observe", "first look"), ("plan", "compile and plan"), ("total", "whole pass"),
    ]:  # fmt: skip
        figures.add(f"  {what}", [seconds(entry, part) for entry in entries])
    figures.add("  start of serve until all is read back", starts)


def inside(figures, peers, gateway):
    namespace = gateway.namespace
    passes = serve(gateway)
    first = passes.wait(lambda entry: not is_idle(entry), what="the first pass")
    assert first["failed"] == "0", f"{first}{gateway.log_tail()}"
    passes.wait(is_idle, what="a pass with nothing to do")

    figures.part("Passes inside serve", "What serve says of its passes, beside wg show dump of its device as a process.")
    dumps = figures.timed("wg show dump, the device of serve", lambda: dump(namespace), figures.rounds * 2)
    idle = []
    while len(idle) < figures.rounds * 2:
        idle.append(passes.wait(is_idle))
    figures.add(
        "pass with nothing to do, inside serve", [seconds(entry, "total") for entry in idle],
        at_most=1.2 * dumps, of="1.2 × wg show dump", is_ratio=True,
        beside="wg show dump, the device of serve")  # fmt: skip
    for part in ["load", "observe", "plan", "record"]:
        figures.add(f"  idle pass, {part}", [seconds(entry, part) for entry in idle])

    figures.add("serve resident, idle", resident(gateway.pid()), "MB", at_most=100)
    userspace = namespace.processes("wireguard-go")[0]
    figures.add("wireguard-go resident", resident(userspace), "MB")
    quiet.check(figures, gateway, passes, is_idle)

    changed(figures, peers, gateway, passes)
    added(figures, peers, gateway, passes)
    figures.add("serve resident, after the changes", resident(gateway.pid()), "MB")
    gateway.stop(seconds=60)
    figures.part("A plan of everything that is there, a process")
    figures.timed("wirebuddy plan, a process, nothing to do", lambda: gateway.wirebuddy("plan", expect=DONE))


def changed(figures, peers, gateway, passes):
    """One file changes without any effect on the kernel."""
    loads = []
    for number in range(figures.rounds):
        text = peers.document(number, peers.keys[number], description=f"round {number}")
        passes.new()
        commit(gateway.config, peers.path(number), text)
        head = (gateway.config / ".git/refs/heads/main").read_text().strip()
        loads.append(passes.wait(lambda entry, head=head: entry["revision"] == head, what="the commit"))
    figures.add("load after one changed file, inside serve", [seconds(entry, "load") for entry in loads], at_most=0.6)


def added(figures, peers, gateway, passes):
    """One peer more, from the end of the commit until the pass that read it back ended."""
    times, entries = [], []
    for number in range(len(peers.keys), len(peers.keys) + figures.rounds):
        key = peers.key()
        passes.new()
        commit(gateway.config, peers.path(number), peers.document(number, key))
        start = time.monotonic()
        entries.append(passes.wait(lambda entry: not is_idle(entry), what="the new peer"))
        times.append(time.monotonic() - start)
        assert key in dump(gateway.namespace), "the new peer is not in the kernel"
    figures.add("one more peer, from commit to read back", times)
    # The goal is the median of the passes; each also reads and commits what it made.
    figures.add("  one more peer, whole pass", [seconds(entry, "total") for entry in entries],
                at_most=1.3 * figures.medians["pass with nothing to do, inside serve"], of="1.3 × a pass with nothing to do",
                is_ratio=True, beside="pass with nothing to do, inside serve")  # fmt: skip
    for part in ["load", "observe", "plan", "wireguard", "verify", "record"]:
        figures.add(f"  one more peer, {part}", [seconds(entry, part) for entry in entries])
    figures.fact("  changes of each such pass", {entry["changes"] for entry in entries} == {"1"},
                 "/".join(entry["changes"] for entry in entries))  # fmt: skip
    number = len(peers.keys) + figures.rounds
    sent = quiet.uapi_writes(
        gateway, lambda: commit(gateway.config, peers.path(number), peers.document(number, peers.key())),
        lambda: passes.wait(lambda entry: not is_idle(entry)))  # fmt: skip
    figures.fact("  peers sent for one more peer", sent == 1, str(sent))
