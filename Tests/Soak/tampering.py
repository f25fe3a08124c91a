"""What somebody with root types by hand, one thing after the other, and how long it takes until it is put right."""

import itertools
import json
import os
import signal
import threading
import time
from pathlib import Path

from scene import ADDRESSES, LINKS, ROUTES, route, victim_address

# What is healed more often in ten minutes is a fight, which the loop takes up more slowly (docs/drift.md): leave room.
TIMES_IN_TEN_MINUTES = 4
GIVEN_UP = 120
ON_LINKS = {"address_removed", "mtu_changed", "link_down", "link_deleted", "program_killed"}
# No packet that is counted is forwarded by IPv6.
FORWARDING = "net.ipv6.conf.all.forwarding"


class Tampering(threading.Thread):
    """Does one thing every `pause` seconds and looks until it is healed; ends with `stop`."""

    def __init__(self, scene, pause, within):
        super().__init__(name="tampering")
        self.scene, self.pause, self.within = scene, pause, within
        self.namespace = scene.gateway.namespace
        self.ending = threading.Event()
        #: Of each: the time of the clock, what, the object, and seconds until it was healed (None: never).
        self.done = []
        self.left_alone = 0
        self.fault = None
        self.foreign = itertools.count()
        self.at = {}

    def stop(self):
        self.ending.set()
        self.join()
        if self.fault:
            raise self.fault

    def missed(self):
        return [row for row in self.done if row[3] is None or row[3] > self.within]

    def run(self):
        try:
            turns = itertools.cycle(self.turns())
            while not self.ending.wait(self.pause):
                if not self.one(turns):
                    self.left_alone += 1
        except BaseException as error:
            self.fault = error

    def one(self, turns):
        """The next thing whose object has been left alone for long enough; False if there is none."""
        for _ in range(200):
            what, thing = next(turns)
            now = time.monotonic()
            recent = [at for at in self.at.get(self.object(what, thing), []) if now - at < 600]
            if len(recent) >= TIMES_IN_TEN_MINUTES:
                continue
            healed = getattr(self, what)(thing)
            if healed is None:
                continue  # it is not there to be tampered with just now
            self.at[self.object(what, thing)] = [*recent, now]
            self.done.append((round(time.time(), 1), what, str(thing), self.watch(healed)))
            return True
        return False

    @staticmethod
    def object(what, thing):
        # What is done to a link and its addresses is done to one interface, and there is one table.
        if what.startswith("table"):
            return "table"
        return f"link {'wg1' if what == 'address_removed' else thing}" if what in ON_LINKS else f"{what} {thing}"

    def watch(self, healed):
        began = time.monotonic()
        while not healed():
            if time.monotonic() - began > GIVEN_UP or (self.ending.is_set() and time.monotonic() - began > self.within):
                return None
            time.sleep(0.05)
        return round(time.monotonic() - began, 3)

    def turns(self):
        """Every kind in turn, each on its next object."""
        victims = list(self.scene.victims)
        kinds = {
            "peer_removed": victims[ROUTES:], "peer_added": ["stranger"], "allowed_ips_changed": victims[ROUTES:][::-1],
            "address_removed": range(1, ADDRESSES + 1), "route_removed": range(ROUTES), "mtu_changed": LINKS,
            "table_member_removed": victims, "link_down": LINKS[::-1], "sysctl_changed": [FORWARDING], "table_chain_flushed": ["table"],
            "program_killed": LINKS, "link_deleted": LINKS[::-1], "table_deleted": ["table"],
        }  # fmt: skip
        cycles = {what: itertools.cycle(things) for what, things in kinds.items()}
        while True:
            for what, things in cycles.items():
                yield what, next(things)

    def tamper(self, *command):
        """False if the object is not there, as it is while the last thing is still being healed."""
        return self.namespace.run(*command, check=False).returncode == 0

    # Peers

    def peer_removed(self, number):
        key = self.scene.victims[number]
        if not self.tamper("wg", "set", "wg1", "peer", key, "remove"):
            return None
        return lambda: key in (self.scene.peers("wg1") or {})

    def peer_added(self, _):
        key, number = self.scene.key(), next(self.foreign) % 250
        self.tamper("wg", "set", "wg1", "peer", key, "allowed-ips", f"10.66.{number}.2/32")
        return lambda: key not in (self.scene.peers("wg1") or {key: ()})

    def allowed_ips_changed(self, number):
        key, wanted = self.scene.victims[number], {f"{victim_address(number)}/32"}
        self.tamper("wg", "set", "wg1", "peer", key, "allowed-ips", f"10.67.{number}.2/32")
        return lambda: (self.scene.peers("wg1") or {}).get(key) == wanted

    # Addresses and routes

    def address_removed(self, number):
        address = f"10.9.{number}.1/24"
        if not self.tamper("ip", "address", "delete", address, "dev", "wg1"):
            return None
        return lambda: address in self.scene.gateway.addresses("wg1")

    def route_removed(self, number):
        if not self.tamper("ip", "route", "delete", route(number), "dev", "wg1"):
            return None
        return lambda: route(number) in self.namespace.output("ip", "route", "show", "dev", "wg1")

    # Links

    def mtu_changed(self, link):
        if not self.tamper("ip", "link", "set", "dev", link, "mtu", "1300"):
            return None
        return lambda: (self.scene.link(link) or {}).get("mtu") == 1400

    def link_down(self, link):
        if not self.tamper("ip", "link", "set", "dev", link, "down"):
            return None
        return lambda: self.is_whole(link)

    def link_deleted(self, link):
        if not self.tamper("ip", "link", "delete", "dev", link):
            return None
        return lambda: self.is_whole(link)

    def program_killed(self, link):
        pid = self.program(link)
        if pid is None:
            return None
        os.kill(pid, signal.SIGKILL)
        return lambda: self.program(link) not in (None, pid) and self.is_whole(link)

    def program(self, link):
        """The process behind a link."""
        for pid in self.namespace.processes("wireguard-go"):
            try:
                if link.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    return pid
            except OSError:
                pass
        return None

    def is_whole(self, link):
        """Up, with its peers and its address."""
        found = self.scene.link(link)
        return (found is not None and "UP" in found["flags"] and len(self.scene.peers(link) or ()) == 3
                and len(self.scene.gateway.addresses(link)) == 1)  # fmt: skip

    # The firewall and the kernel's parameters

    def table_member_removed(self, number):
        """The address of an isolated peer, from the first set that holds it."""
        address = victim_address(number)
        name = next((name for name, members in self.members().items() if address in members), None)
        if name is None or not self.tamper("nft", "delete", "element", "inet", "wirebuddy", name, f"{{ {address} }}"):
            return None
        return lambda: address in self.members().get(name, ())

    def table_chain_flushed(self, _):
        rules = self.rules()
        chain = next((chain for chain, count in rules.items() if count > 0), None)
        if chain is None or not self.tamper("nft", "flush", "chain", "inet", "wirebuddy", chain):
            return None
        return lambda: self.rules() == rules

    def table_deleted(self, _):
        rules, names = self.rules(), set(self.members())
        if not self.tamper("nft", "delete", "table", "inet", "wirebuddy"):
            return None
        return lambda: self.rules() == rules and set(self.members()) == names

    def table(self):
        done = self.namespace.run("nft", "-j", "list", "table", "inet", "wirebuddy", check=False)
        return json.loads(done.stdout)["nftables"] if done.returncode == 0 else []

    def members(self):
        """Members of our sets as texts, by set."""
        sets = [row["set"] for row in self.table() if "set" in row]
        return {one["name"]: {str(member) for member in one.get("elem", [])} for one in sets}

    def rules(self):
        """How many rules each chain has."""
        counts = {row["chain"]["name"]: 0 for row in self.table() if "chain" in row}
        for row in self.table():
            if "rule" in row:
                counts[row["rule"]["chain"]] = counts.get(row["rule"]["chain"], 0) + 1
        return counts

    def sysctl_changed(self, key):
        if self.namespace.sysctl(key) != "1":
            return None
        self.namespace.sysctl(key, 0)
        return lambda: self.namespace.sysctl(key) == "1"
