"""What always holds: after a sequence two passes lead to what is declared, and nobody else noticed anything."""

import json

from lab.gateway import DONE

# rtm_protocol of what we make.
OWN_PROTOCOL = "173"


def settle(world):
    """An admin consents to what a rail asks for; after two applies the plan is empty."""
    for last in (False, True):
        _, document, _ = world.quickly("plan", "--format", "json")
        words = [word for row in json.loads(document).get("refusals", []) for word in ("--approve", row["digest"])]
        words += [word for name in ("wg0", "wg1", "wg2") for word in ("--adopt", name)]
        code, text, messages = world.quickly("apply", *words)
        assert not last or code == DONE, f"the second apply ends with {code}\n{text}{messages}"
    done = world.command("plan", expect=list(range(17)))
    assert done.returncode == DONE, f"after two applies there is a plan\n{done.stdout}{done.stderr}"


def everything(world):
    """Every difference from what must hold, as a text."""
    return [*host(world), *others(world)]


def host(world):
    """Peers, addresses and routes are what the repository declares, read without WireBuddy."""
    declared = {row["name"]: row for row in world.declared("Interface")}
    peers = [row for row in world.declared("Peer") if row.get("enabled", "true") == "true"]
    up = {name for name, row in declared.items() if row.get("enabled", "true") == "true"}
    links = {row["ifname"] for row in json.loads(world.namespace.output("ip", "-j", "link", "show"))}
    ours = {name for name in links if name.startswith("wg")}
    yield from compare("links", ours, set(declared))
    adopted = world.adopted()
    for name in sorted(ours & set(declared)):
        meant = {
            row["public_key"]: {f"{ip}/{128 if ':' in ip else 32}" for ip in row["ip"]} | set(row.get("routes", []))
            for row in peers if row["interface"] == name
        }  # fmt: skip
        found = world.gateway.peers(name)
        if name in adopted:
            found = {key: prefixes for key, prefixes in found.items() if key not in world.planted}
        yield from compare(f"allowed IPs of {name}", pairs(found), pairs(meant))
        # A link that goes down loses its IPv6 addresses, one that is made and left down keeps them.
        found, meant = world.gateway.addresses(name), set(declared[name]["address"])
        if name not in up:
            found, meant = ({text for text in texts if ":" not in text} for texts in (found, meant))
        yield from compare(f"addresses of {name}", found, meant)
    found = set()
    for family in ("-4", "-6"):
        text = world.namespace.output("ip", "-j", family, "route", "show", "table", "all", "proto", OWN_PROTOCOL)
        found |= {(route["dst"], route["dev"]) for route in json.loads(text or "[]")}
    meant = {(route, row["interface"]) for row in peers for route in row.get("routes", []) if row["interface"] in up}
    yield from compare("routes", found, meant)


def others(world):
    """Foreign objects are untouched, the device's session goes on, and no secret was told."""
    foreigners = world.look_at_foreigners()
    if foreigners != world.foreigners:
        yield f"foreign objects were\n{world.foreigners}\nand are\n{foreigners}"
    handshake, received = world.live_session()
    if handshake < world.session[0] or received < world.session[1]:
        yield f"the session of the device began anew: {world.session} before, {(handshake, received)} now"
    world.session = (handshake, received)
    answers = world.answers()
    lost = set(range(1, answers[-1])) - set(answers) - world.lost_before
    if lost:
        yield f"pings without an answer: {sorted(lost)}"
    if world.ping.poll() is not None:
        yield "the pings ended"
    yield from (f"{place} tells a secret" for place in world.told_secrets())


def compare(what, found, meant):
    if found - meant:
        yield f"{what}: left over {sorted(found - meant)}"
    if meant - found:
        yield f"{what}: missing {sorted(meant - found)}"


def pairs(prefixes):
    return {(key, prefix) for key, several in prefixes.items() for prefix in several}
