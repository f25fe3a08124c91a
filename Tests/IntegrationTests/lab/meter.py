"""Bytes of IP packets on a tunnel, run inside a namespace: `meter.py LINK`. Standard library only.

It counts until SIGTERM, and prints what came in there and what went out, as a whole and by the address of the other end.
"""

import collections
import ipaddress
import json
import signal
import socket
import struct
import sys

ETH_P_ALL = 3
SOL_PACKET, PACKET_STATISTICS = 263, 6
SO_RCVBUFFORCE = 33
# Anything that arrives while Python is busy has to wait here.
BUFFER = 256 << 20


def other_end(packet, is_sent):
    """The address outside the tunnel: where a packet from a peer goes, where one to it comes from."""
    if packet[0] >> 4 == 4:
        return bytes(packet[12:16] if is_sent else packet[16:20])
    return bytes(packet[8:24] if is_sent else packet[24:40])


def main(link):
    meter = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    meter.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    meter.bind((link, ETH_P_ALL))
    # What came by other links before it was bound.
    meter.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
    stops = []
    signal.signal(signal.SIGTERM, lambda *_: stops.append(True))
    meter.settimeout(0.2)
    print("ready", flush=True)
    counts = collections.defaultdict(lambda: [0, 0])
    packet = bytearray(40)
    # Everything that is in the buffer still belongs to the time before the signal.
    while True:
        try:
            length, source = meter.recvfrom_into(packet, 40, socket.MSG_TRUNC)
        except TimeoutError:
            if stops:
                break
            continue
        if source[0] == link:
            is_sent = source[2] == socket.PACKET_OUTGOING
            counts[other_end(packet, is_sent)][is_sent] += length
    _, dropped = struct.unpack("II", meter.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
    by_address = {str(ipaddress.ip_address(address)): pair for address, pair in counts.items()}
    received, sent = (sum(pair[side] for pair in counts.values()) for side in (0, 1))
    print(json.dumps({"received": received, "sent": sent, "addresses": by_address, "dropped": dropped}))


if __name__ == "__main__":
    main(sys.argv[1])
