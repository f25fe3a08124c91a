"""Isolated peers: the transaction of nftables for all of them, and for one more, beside the same ones by `nft -f`."""

import contextlib
import time

import changes
from daemon import is_idle, seconds, serve
from lab.gateway import Gateway
from lab.namespace import Namespace
from peers import Peers, commit


def measure(figures, count, folder):
    figures.part(f"{count:,} isolated peers", "The share of nftables in a pass of serve, each on an empty host, beside `nft -f` of "
                 "the same table and of the same member, as processes on the same table.")  # fmt: skip
    folder.mkdir()
    firsts = []
    for number in range(figures.rounds - 1):
        with served(count, folder / str(number)) as (_, _, _, _, first):
            firsts.append(first)
    with served(count, folder / "last") as (namespace, gateway, peers, passes, first):
        firsts.append(first)
        table = folder / "table.nft"
        table.write_text(namespace.output("nft", "list", "table", "inet", "wirebuddy"))
        alone = whole_table(namespace, table, figures.rounds)
        figures.add("nft -f of the same table, a process", alone, "ms")
        figures.add("all isolated peers, nftables", firsts, "ms", at_most=60, beside="nft -f of the same table, a process")

        writes = changes.Writes(namespace)
        times, counts = [], []
        for number in range(count, count + figures.rounds * 3):
            passes.new()
            before = writes.generation()
            commit(gateway.config, peers.path(number), peers.document(number, peers.key()))
            entry = passes.wait(lambda entry: not is_idle(entry), what="one more isolated peer")
            assert entry["failed"] == "0", f"{entry}{gateway.log_tail()}"
            times.append(seconds(entry, "firewall") * 1000)
            counts.append(writes.generation() - before)
        figures.add("nft of one member, a process", one_member(namespace, figures.rounds * 3), "ms")
        figures.add("one more isolated peer, nftables", times, "ms", at_most=2, beside="nft of one member, a process")
        figures.fact("  transactions of each", set(counts) == {1}, "/".join(map(str, sorted(set(counts)))))
        before = writes.generation()
        for _ in range(3):
            passes.wait(is_idle)
        moved = writes.generation() - before
        figures.fact("transactions of 3 passes with nothing to do", moved == 0, str(moved))


@contextlib.contextmanager
def served(count, folder):
    """A gateway after its first pass, and the milliseconds of nftables in that."""
    namespace = Namespace("isolated")
    try:
        gateway = Gateway(namespace, folder)
        peers = Peers(count, 1)
        peers.fields = {"isolated": "true"}
        peers.repository(gateway.config)
        passes = serve(gateway)
        first = passes.wait(lambda entry: not is_idle(entry), what="the first pass")
        assert first["failed"] == "0", f"{first}{gateway.log_tail()}"
        passes.wait(is_idle, what="a pass with nothing to do")
        yield namespace, gateway, peers, passes, seconds(first, "firewall") * 1000
        gateway.stop(seconds=60)
    finally:
        namespace.close()


def whole_table(namespace, table, rounds):
    """Milliseconds of `nft -f` of a table in a namespace without one."""
    times = []
    for number in range(rounds):
        empty = Namespace(f"empty{number}")
        try:
            empty.run("nft", "list", "ruleset")
            times.append(spent(lambda: empty.run("nft", "-f", table)))
        finally:
            empty.close()
    return times


def one_member(namespace, rounds):
    """Milliseconds of `nft add element` beside our table, in a table of its own: what a process and a transaction take."""
    namespace.run("nft", "add table inet beside; add set inet beside members { type ipv4_addr; }")
    try:
        return [spent(lambda number=number: namespace.run("nft", "add", "element", "inet", "beside", "members",
                                                          f"{{ 10.200.0.{number + 1} }}")) for number in range(rounds)]  # fmt: skip
    finally:
        namespace.run("nft", "delete", "table", "inet", "beside")


def spent(action):
    start = time.monotonic()
    action()
    return (time.monotonic() - start) * 1000
