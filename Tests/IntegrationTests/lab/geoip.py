"""Small GeoIP files in the format of MaxMind DB 2.0, with records of 24 bits."""

import ipaddress
import time

MARKER = b"\xab\xcd\xefMaxMind.com"

# Places of the lab: the internet's addresses, the devices' endpoints, and nothing about 203.0.113.0/24.
COUNTRIES = {
    "198.51.100.0/25": ("DE", "Germany"),
    "198.51.100.128/25": ("FR", "France"),
    "192.0.2.0/24": ("NL", "The Netherlands"),
    "2001:db8::/33": ("SE", "Sweden"),
    "2001:db8:8000::/33": ("JP", "Japan"),
}
SYSTEMS = {
    "198.51.100.0/24": (64496, "Example Transit"),
    # More exact than the one before.
    "198.51.100.128/26": (64497, 'Söhne & "Netze", AG'),
    "192.0.2.0/24": (64500, "Example Access"),
    "2001:db8::/32": (64498, "Example Six"),
}


class Unsigned(int):
    """An unsigned number of so many bits; other numbers are written with 32."""

    def __new__(cls, value, bits):
        made = super().__new__(cls, value)
        made.bits = bits
        return made


def countries(networks=COUNTRIES):
    """Records as GeoLite2-Country has them."""
    return {
        network: {"country": {"iso_code": code, "names": {"de": f"({name})", "en": name}}}
        for network, (code, name) in networks.items()
    }


def systems(networks=SYSTEMS):
    """Records as GeoLite2-ASN has them."""
    return {
        network: {"autonomous_system_number": number, "autonomous_system_organization": organization}
        for network, (number, organization) in networks.items()
    }


def write(path, kind, records):
    """Write a file of networks and their records as geoipupdate does: at once, by renaming."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(database(kind, records))
    temporary.rename(path)


def database(kind, records):
    """The bytes of a file."""
    tree = [[None, None]]
    data = bytearray()
    # Larger networks first: what is inside them then takes its part out of them.
    for network, record in sorted(records.items(), key=lambda row: bits(row[0])[1]):
        insert(tree, *bits(network), Leaf(len(data)))
        data += encoded(record)
    metadata = {
        "binary_format_major_version": Unsigned(2, 16), "binary_format_minor_version": Unsigned(0, 16),
        "build_epoch": Unsigned(int(time.time()), 64), "database_type": kind, "description": {"en": "a test"},
        "ip_version": Unsigned(6, 16), "languages": ["de", "en"], "node_count": len(tree),
        "record_size": Unsigned(24, 16),
    }  # fmt: skip
    nodes = b"".join(pointer(record, len(tree)) for node in tree for record in node)
    return nodes + bytes(16) + bytes(data) + MARKER + encoded(metadata)


class Leaf(int):
    """Where a record begins in the data."""


def bits(network):
    """The address as a number of 128 bits, and the length of the prefix; IPv4 stands below ::/96."""
    parsed = ipaddress.ip_network(network)
    return int(parsed.network_address), parsed.prefixlen + (96 if parsed.version == 4 else 0)


def insert(tree, address, length, leaf):
    node = 0
    for depth in range(length):
        side = address >> (127 - depth) & 1
        below = tree[node][side]
        if depth == length - 1:
            tree[node][side] = leaf
        elif below is None or isinstance(below, Leaf):
            tree.append([below, below])
            tree[node][side] = len(tree) - 1
            node = tree[node][side]
        else:
            node = below


def pointer(record, count):
    """A record of a node: another node, nothing, or a place in the data."""
    if record is None:
        value = count
    elif isinstance(record, Leaf):
        value = count + 16 + record
    else:
        value = record
    return value.to_bytes(3)


def encoded(value):
    """A value of the data section."""
    match value:
        case dict():
            return control(7, len(value)) + b"".join(encoded(key) + encoded(below) for key, below in value.items())
        case list():
            return control(11, len(value)) + b"".join(map(encoded, value))
        case str():
            return control(2, len(value.encode())) + value.encode()
    kind = {16: 5, 32: 6, 64: 9}[getattr(value, "bits", 32)]
    number = value.to_bytes(8).lstrip(b"\0")
    return control(kind, len(number)) + number


def control(kind, size):
    """The bytes before a value: its type and its size, which is below 285 here."""
    first = [(kind if kind <= 7 else 0) << 5 | min(size, 29)]
    return bytes(first + ([kind - 7] if kind > 7 else []) + ([size - 29] if size >= 29 else []))
