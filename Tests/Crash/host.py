"""What the host shows, compared with what it should: nothing missing, nothing left over."""

import fcntl
import json

from desired import LINKS
from lab.namespace import NETNS, processes_in, program

# rtm_protocol of what we make.
OWN_PROTOCOL = "173"


def check(gateway, desired, context):
    """Fails with every difference between the host and the desired state."""
    found = list(differences(gateway, desired))
    assert not found, f"{context}: " + "; ".join(found)


def differences(gateway, desired):
    namespace = gateway.namespace
    links = {
        link["ifname"] for link in json.loads(namespace.output("ip", "-j", "link", "show")) if link["ifname"] != "lo"
    }
    yield from compare("links", links, set(desired.interfaces))
    for name in sorted(links & set(desired.interfaces)):
        yield from compare(f"allowed IPs of {name}", items(gateway.peers(name)), items(desired.allowed_ips(name)))
        yield from compare(f"addresses of {name}", gateway.addresses(name), desired.addresses(name))
        port = namespace.output("wg", "show", name, "listen-port")
        meant = LINKS[name][2] + desired.interfaces[name]["port"]
        if port != str(meant):
            yield f"listen port of {name}: {port} instead of {meant}"
    yield from compare("routes", routes(namespace), desired.routes())
    yield from compare("rules", set(rules(namespace)), set())
    yield from tables(namespace, desired)
    running = sorted(filter(None, map(program, processes_in(NETNS / namespace.full_name))))
    expected = sorted(["sleep"] + ["wireguard-go"] * len(desired.interfaces))
    if running != expected:
        yield f"processes: {running} instead of {expected}"
    sockets = namespace.output("sh", "-c", "ls /run/wireguard 2>/dev/null || true").split()
    yield from compare("sockets", set(sockets), {f"{name}.sock" for name in desired.interfaces})
    yield from locks(namespace)
    known = ("wirebuddy.db", "wirebuddy.db-wal", "wirebuddy.db-shm")
    for file in gateway.state.rglob("*"):
        if file.is_file() and file.name not in known and (".tmp" in file.name or file.name.startswith(".")):
            yield f"left-over file {file.name}"


def compare(what, found, meant):
    if found - meant:
        yield f"{what}: left over {sorted(found - meant)}"
    if meant - found:
        yield f"{what}: missing {sorted(meant - found)}"


def items(prefixes):
    return {(key, prefix) for key, all_prefixes in prefixes.items() for prefix in all_prefixes}


def routes(namespace):
    found = set()
    for family in ("-4", "-6"):
        text = namespace.output("ip", "-j", family, "route", "show", "table", "all", "proto", OWN_PROTOCOL)
        found |= {(route["dst"], route["dev"]) for route in json.loads(text or "[]")}
    return found


def rules(namespace):
    for family in ("-4", "-6"):
        for rule in json.loads(namespace.output("ip", "-j", family, "rule", "show")):
            if rule["priority"] not in (0, 32766, 32767):
                yield f"{family} {rule}"


def tables(namespace, desired):
    ruleset = json.loads(namespace.output("nft", "-j", "list", "ruleset"))["nftables"]
    names = {(entry["table"]["family"], entry["table"]["name"]) for entry in ruleset if "table" in entry}
    yield from compare("nft tables", names, {("inet", "wirebuddy")})
    elements = set()
    for entry in ruleset:
        if "set" in entry and entry["set"]["name"].startswith("isolated_"):
            for element in entry["set"].get("elem", []):
                if isinstance(element, dict):
                    element = f"{element['prefix']['addr']}/{element['prefix']['len']}"
                elements.add(element)
    yield from compare("isolated", elements, desired.isolated())


def locks(namespace):
    """Every lock file must be free, which only the kernel can say."""
    root = f"/proc/{namespace.holder.pid}/root" + "/run/wirebuddy"
    for path in namespace.output("sh", "-c", "ls -d /run/wirebuddy/netns-*/* 2>/dev/null || true").split():
        with open(root + path.removeprefix("/run/wirebuddy"), "rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield f"{path} is still locked"
