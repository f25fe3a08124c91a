"""What changes of documents write: how many transactions of nftables, and how many members."""

import json
import sys
import time
from pathlib import Path

from lab.gateway import Gateway, document
from lab.namespace import Namespace, wait_for
from peers import Peers

GROUPS = 200
DOCUMENTS = 2_000


class Writes:
    """What the block writes to nftables: transactions, members that come and go, and whether the rest stays."""

    def __init__(self, namespace):
        self.namespace = namespace

    def __enter__(self):
        self.before = self.generation(), *self.contents()
        return self

    def __exit__(self, *_):
        generation, structure, members = self.before
        after = self.generation(), *self.contents()
        self.transactions = after[0] - generation
        self.keeps_structure = after[1] == structure
        self.members = len(members ^ after[2])

    def generation(self):
        return int(self.namespace.output(sys.executable, Path(__file__).with_name("generation.py")))

    def contents(self):
        """Chains, rules and sets with their handles; and the members of all sets."""
        listing = json.loads(self.namespace.output("nft", "-j", "-a", "list", "ruleset"))
        structure, members = [], set()
        for row in listing["nftables"]:
            kind, fields = next(iter(row.items()))
            for member in fields.pop("elem", None) or []:
                members.add((fields["name"], json.dumps(member)))
            structure.append((kind, fields))
        return structure, members


def access(number, addresses=1):
    """The document of that number: ten for each group."""
    group, place = number % GROUPS, number // GROUPS
    to = ", ".join(f"172.{16 + place}.{group}.{address}" for address in range(1, addresses + 1))
    return document("Access", name=f"rule{number:04}", **{"from": f"{{labels: {{group: g{group}}}}}"},
                    to=f"[{to}, 192.168.{group}.0/24]", ports=f"[tcp/{8000 + place}, udp/{7000 + place}]")  # fmt: skip


def measure(figures, count, folder):
    """Applies everything to a gateway and changes single things; returns the table as `nft` lists it."""
    namespace = Namespace(f"gw{count}")
    try:
        gateway = Gateway(namespace, folder)
        peers = Peers(count, 1)
        for path, text in peers.files():
            gateway.write(path, text)
        for number, key in enumerate(peers.keys):
            gateway.write(peers.path(number), labelled(peers, number, key))
        apply(gateway)
        for number in range(DOCUMENTS):
            gateway.write(f"access/rule{number:04}.yaml", access(number))
        name = f"{count:,} peers"
        figures.part(f"{DOCUMENTS:,} documents for {count:,} peers", "What a change of documents writes, by the generation of the "
                     "ruleset and its members before and after; each apply is a process.")  # fmt: skip
        with Writes(namespace) as writes:
            figures.add(f"{name}: apply {DOCUMENTS:,} documents", apply(gateway))
        figures.fact(f"{name}: its transactions", writes.transactions == 1, str(writes.transactions))

        times = []
        for addresses in range(2, 2 + figures.rounds):
            gateway.write("access/rule0000.yaml", access(0, addresses))
            with Writes(namespace) as writes:
                times.append(apply(gateway))
            # An address with a port of TCP and one of UDP: two members of one set.
            is_small = (writes.transactions, writes.members, writes.keeps_structure) == (1, 2, True)
            figures.fact(f"{name}: one more address", is_small, f"{writes.transactions} transaction, {writes.members} members")
        figures.add(f"{name}: apply one more address", times)

        gateway.write(peers.path(0), labelled(peers, 0, peers.keys[0], group=1))
        with Writes(namespace) as writes:
            figures.add(f"{name}: apply a peer that moves to another group", apply(gateway))
        # One member goes and one comes for each family.
        is_small = (writes.transactions, writes.members, writes.keeps_structure) == (1, 4, True)
        figures.fact(f"{name}: a move", is_small, f"{writes.transactions} transaction, {writes.members} members")
        gateway.write(peers.path(0), labelled(peers, 0, peers.keys[0]))
        apply(gateway)

        gateway.write("access/one.yaml", document("Access", name="one", **{"from": "{peers: [peer00001]}"}, to="10.99.0.1"))
        with Writes(namespace) as writes:
            figures.add(f"{name}: apply a document of one peer", apply(gateway))
        figures.fact(f"{name}: its transactions", writes.transactions == 1, str(writes.transactions))
        gateway.remove("access/one.yaml")
        apply(gateway)
        return namespace.output("nft", "list", "table", "inet", "wirebuddy")
    finally:
        namespace.close()


def labelled(peers, number, key, group=None):
    # At least two in each group, so that none is left without when one moves.
    groups = min(GROUPS, len(peers.keys) // 2)
    return peers.document(number, key, labels=f"{{group: g{number % groups if group is None else group}}}")


def apply(gateway):
    start = time.monotonic()
    gateway.wirebuddy("apply", timeout=300)
    seconds = time.monotonic() - start
    wait_for(gateway.has_table, what="the table")
    return seconds
