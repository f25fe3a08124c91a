"""Send one router advertisement, as a provider's router would: `router_advertisement.py LINK`."""

import socket
import struct
import sys

ALL_NODES = "ff02::1"
LIFETIME = 1800


def main(link):
    sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(link))
    # Type 134, code 0, checksum by the kernel, hop limit, flags, lifetime, reachable and retransmit time.
    message = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, LIFETIME, 0, 0)
    sender.sendto(message, (ALL_NODES, 0, 0, socket.if_nametoindex(link)))


if __name__ == "__main__":
    main(sys.argv[1])
