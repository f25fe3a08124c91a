"""A client of a few lines: asks one name at a time over UDP and waits until the answer is the wanted one."""

import socket
import struct
import time


class Client:
    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.number = 0

    def close(self):
        self.socket.close()

    def ask(self, name, seconds):
        """The first address of the answer, "" when it has none, None when there was no answer in time."""
        self.number = (self.number + 1) & 0xFFFF
        wire = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
        query = struct.pack(">6H", self.number, 0x0100, 1, 0, 0, 0) + wire + struct.pack(">2H", 1, 1)
        deadline = time.monotonic() + seconds
        try:
            self.socket.send(query)
            while True:
                self.socket.settimeout(max(deadline - time.monotonic(), 0.0001))
                answer = self.socket.recv(4096)
                if answer[:2] == query[:2]:
                    return address(answer, len(query))
        except (ConnectionRefusedError, TimeoutError):
            return None

    def until(self, name, wanted, seconds=120):
        """Asks again and again, each time for two milliseconds; seconds until the answer was `wanted`."""
        start = time.monotonic()
        while self.ask(name, 0.002) != wanted:
            if time.monotonic() - start > seconds:
                raise AssertionError(f"not within {seconds} s: {name} is answered with {wanted}")
            time.sleep(0.0005)
        return time.monotonic() - start


def address(answer, offset):
    """The data of the first A record, which may follow aliases."""
    for _ in range(struct.unpack(">H", answer[6:8])[0]):
        while answer[offset] and answer[offset] < 0xC0:
            offset += 1 + answer[offset]
        offset += 1 if answer[offset] == 0 else 2
        kind, _, _, length = struct.unpack(">HHIH", answer[offset : offset + 10])
        offset += 10
        if kind == 1:
            return socket.inet_ntoa(answer[offset : offset + 4])
        offset += length
    return ""
