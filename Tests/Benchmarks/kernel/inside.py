"""Runs inside the VM: `inside.py REPOSITORY PEERS ROUNDS CHECK RUN BEGIN END`. Prints its figures as base64 between two marks."""

import argparse
import base64
import os
import sys
import tempfile
import textwrap
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "IntegrationTests"), str(HERE.parent / "reconcile"), str(HERE.parent)]

folder = tempfile.mkdtemp(prefix="wirebuddy-bench-")
repository, count, rounds, check, name_of_run, begin, end = sys.argv[1:]
os.environ |= {"WIREBUDDY_BENCH_FOLDER": folder, "WIREBUDDY_BENCH_RUN": name_of_run.strip("-")}

import peers as documents  # noqa: E402
from daemon import is_idle, resident, seconds, serve  # noqa: E402
from figures import Figures  # noqa: E402
from lab.gateway import Gateway  # noqa: E402
from lab.namespace import Namespace  # noqa: E402
from record import Record  # noqa: E402

LONG = 600


class Machine(Namespace):
    """The whole VM, which is nobody else's; its root is one of chroot, so that mount namespaces can't be entered."""

    def __init__(self):
        self.started = []

    def command(self, *command):
        return list(map(str, command))


def measure(figures, peers, gateway):
    passes = serve(gateway)
    first = passes.wait(lambda entry: not is_idle(entry), LONG, "the first pass")
    assert first["failed"] == "0", f"{first}{gateway.log_tail()}"
    idle = [passes.wait(is_idle, LONG) for _ in range(figures.rounds * 2)]
    added = []
    for number in range(len(peers.keys), len(peers.keys) + figures.rounds):
        passes.new()
        documents.commit(gateway.config, peers.path(number), peers.document(number, peers.key()))
        added.append(passes.wait(lambda entry: not is_idle(entry), LONG))
    memory = resident(gateway.pid())
    gateway.stop(seconds=LONG)

    device = gateway.namespace
    file = gateway.directory / "wg0.conf"
    file.write_text(device.run("wg", "showconf", "wg0", timeout=LONG).stdout)
    figures.timed("wg show dump", lambda: device.run("wg", "show", "wg0", "dump", timeout=LONG))
    synchronised = figures.timed("wg syncconf, nothing to do", lambda: device.run("wg", "syncconf", "wg0", file, timeout=LONG))
    figures.add("pass with nothing to do, inside serve", [seconds(entry, "total") for entry in idle], at_most=synchronised / 8,
                of="1/8 of wg syncconf", is_ratio=True, beside="wg syncconf, nothing to do")  # fmt: skip
    for part in ("load", "observe", "plan"):
        figures.add(f"  {part}", [seconds(entry, part) for entry in idle])
    figures.fact("  writes of each", {entry["writes"] for entry in idle} == {"0"}, "/".join(sorted({entry["writes"] for entry in idle})))
    nothing = figures.medians["pass with nothing to do, inside serve"]
    figures.add("one more peer, whole pass", [seconds(entry, "total") for entry in added], at_most=1.3 * nothing,
                of="1.3 × a pass with nothing to do", is_ratio=True, beside="pass with nothing to do, inside serve")  # fmt: skip
    for part in ("load", "observe", "plan", "wireguard", "verify", "record"):
        figures.add(f"  one more peer, {part}", [seconds(entry, part) for entry in added])
    figures.add("everything to do, the first pass", seconds(first, "total"))
    figures.add("serve resident", memory, "MB")


options = argparse.Namespace(peers=int(count), rounds=int(rounds))
figures = Figures(options.rounds, Record("kernel", options, ["wireguard-tools", "nftables"]))
figures.record.content["emulated"] = True
figures.part(f"{options.peers:,} peers in the kernel", "An emulated machine (QEMU without KVM): only ratios say something. wg works on "
             "the device that serve had filled.")  # fmt: skip
gateway = Gateway(Machine(), Path(folder) / "gateway", backend="kernel")
gateway.config = Path(repository)
measure(figures, documents.Peers(options.peers, 1), gateway)
code = figures.summary(check == "1")
print(begin)
print("\n".join(textwrap.wrap(base64.b64encode((Path(folder) / "kernel.json").read_bytes()).decode(), 76)))
print(end, flush=True)
# Without removing anything: the kernel takes minutes for so many peers, and the VM ends anyway.
os._exit(code)
