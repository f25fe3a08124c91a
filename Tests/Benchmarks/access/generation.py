"""Prints the generation of the nftables ruleset of this network namespace: it moves by one with every transaction."""

import socket
import struct

# linux/netfilter/nfnetlink.h, nf_tables.h
NETLINK_NETFILTER, SUBSYSTEM, GET_GENERATION, REQUEST, GENERATION_ID = 12, 10, 16, 1, 1


def generation():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as netlink:
        netlink.send(struct.pack("=IHHIIBBH", 20, SUBSYSTEM << 8 | GET_GENERATION, REQUEST, 1, 0, 0, 0, 0))
        answer = netlink.recv(4096)
    length, kind = struct.unpack_from("=HH", answer, 20)
    if (length, kind) != (8, GENERATION_ID):
        raise AssertionError(f"no generation in {answer!r}")
    return struct.unpack_from(">I", answer, 24)[0]


if __name__ == "__main__":
    print(generation())
