"""How costs grow with the number of peers: passes with nothing, one and everything to do, beside wg for the same peers."""

import math
import statistics
import time

import baseline
import quiet
from baseline import dump
from daemon import is_idle, resident, seconds, serve
from lab.gateway import Gateway
from lab.namespace import Namespace
from peers import Peers, commit

# How far a cost may be from a straight line: the exponent of the power that fits it, over the sizes where it is no longer lost
# in what every pass takes.
EXPONENT = 1.15
LARGE = 1_000


def measure(figures, sizes, seed, folder):
    table = {size: at(figures, size, Peers(size, seed), folder / f"growth{size}") for size in sizes}
    figures.part("Growth", f"Over {', '.join(f'{size:,}' for size in sizes)} peers. A straight line has the exponent 1; the slope is "
                 "what each further peer adds, by least squares.")  # fmt: skip
    large = [size for size in sizes if size >= LARGE]
    for what in ("nothing to do", "one more peer"):
        points = [(size, table[size][what]) for size in sizes]
        figures.add(f"{what}: slope", slope(points) * 1e6, "µs/peer")
        if len(large) > 1:
            figures.add(f"{what}: exponent", exponent([(size, table[size][what]) for size in large]), "",
                        at_most=EXPONENT, of=f"from {large[0]:,} peers on", is_ratio=True)  # fmt: skip
    for what in ("nothing to do: writes", "one more peer: writes", "one more peer: peers sent"):
        counts = [table[size][what] for size in sizes]
        wanted = {0} if what.startswith("nothing") else {1} if what.endswith("sent") else {counts[0]}
        figures.fact(f"{what}, at each size", set(counts) == wanted, " / ".join(map(str, counts)))
    seconds_lines = ("everything to do", "wg setconf", "wg syncconf, nothing to do", "nothing to do", "one more peer", "wg show dump")
    figures.plot("growth", "A pass and what wg takes", "peers", "seconds",
                 {name: [(size, table[size][name]) for size in sizes] for name in seconds_lines}, scale="log")  # fmt: skip
    figures.plot("growth-memory", "Resident memory", "peers", "MB",
                 {name: [(size, table[size][name]) for size in sizes] for name in ("serve", "wireguard-go")})  # fmt: skip


def at(figures, size, peers, folder):
    """The figures of one size: their medians, by name."""
    figures.part(f"{size:,} peers", "wg as processes on an empty device; passes as serve says of them.")
    folder.mkdir()
    file = baseline.configuration(peers, folder)
    row = {}

    def add(name, values, unit="s", beside=None):
        # Names are of this part alone.
        row[name] = statistics.median(values)
        figures.add(f"{name}, {size:,} peers", values, unit, beside=beside and f"{beside}, {size:,} peers")

    rounds = min(figures.rounds, 3)
    with baseline.Device() as namespace:
        add("wg setconf", [baseline.stopwatch(namespace, "wg", "setconf", "wg0", file)])
        add("wg show dump", [spent(lambda: dump(namespace)) for _ in range(rounds)])
        add("wg syncconf, nothing to do", [baseline.stopwatch(namespace, "wg", "syncconf", "wg0", file) for _ in range(rounds)])
    namespace = Namespace("growth")
    try:
        gateway = Gateway(namespace, folder / "gateway")
        peers.repository(gateway.config)
        passes = serve(gateway)
        first = passes.wait(lambda entry: not is_idle(entry), 300, "the first pass")
        assert first["failed"] == "0", f"{first}{gateway.log_tail()}"
        add("everything to do", [seconds(first, "total")], beside="wg setconf")
        idle = []
        while len(idle) < rounds * 2:
            idle.append(passes.wait(is_idle))
        add("nothing to do", [seconds(entry, "total") for entry in idle], beside="wg show dump")
        for part in ("observe", "plan"):
            add(f"  {part}", [seconds(entry, part) for entry in idle])
        row["nothing to do: writes"] = max(int(entry["writes"]) for entry in idle)
        changed = [one_more(gateway, peers, passes, size + number) for number in range(rounds)]
        add("one more peer", [seconds(entry, "total") for entry in changed], beside="nothing to do")
        row["one more peer: writes"] = max(int(entry["writes"]) for entry in changed)
        # With every system call traced, so not among the times.
        row["one more peer: peers sent"] = quiet.uapi_writes(
            gateway, lambda: add_peer(gateway, peers, size + rounds), lambda: passes.wait(lambda entry: not is_idle(entry)))  # fmt: skip
        add("serve", [resident(gateway.pid())], "MB")
        add("wireguard-go", [resident(namespace.processes("wireguard-go")[0])], "MB")
        gateway.stop(seconds=60)
    finally:
        namespace.close()
    return row


def one_more(gateway, peers, passes, number):
    passes.new()
    add_peer(gateway, peers, number)
    entry = passes.wait(lambda entry: not is_idle(entry), what="the new peer")
    assert (entry["changes"], entry["failed"]) == ("1", "0"), f"{entry}{gateway.log_tail()}"
    return entry


def add_peer(gateway, peers, number):
    commit(gateway.config, peers.path(number), peers.document(number, peers.key()))


def spent(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def slope(points):
    """That of the line through points by least squares."""
    return statistics.linear_regression(*zip(*points)).slope


def exponent(points):
    """That of the power that fits points best."""
    return slope([(math.log(x), math.log(y)) for x, y in points])
