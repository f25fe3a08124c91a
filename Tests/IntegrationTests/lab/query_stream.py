"""Asks a DNS server again and again, each question once, and says how long each answer took.

    query_stream.py SERVER NAME PER_SECOND

Ends at the end of standard input, waits 3 s for the answers that are missing, and prints JSON: the milliseconds of each
answer over UDP in the order of the questions, null where none came, and the same over TCP, a connection for each.
"""

import json
import selectors
import socket
import struct
import sys
import threading
import time

server, name, rate = sys.argv[1], sys.argv[2], float(sys.argv[3])
labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def question(number):
    return struct.pack(">6H", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + labels + struct.pack(">2H", 1, 1)


ending = threading.Event()
datagrams, streams = {}, {}


def ask_by_udp():
    # A socket per question: the kernel spreads them over the sockets of the server by their ports.
    selector = selectors.DefaultSelector()
    number, due = 0, time.monotonic()
    deadline = None
    while deadline is None or (time.monotonic() < deadline and selector.get_map()):
        if ending.is_set() and deadline is None:
            deadline = time.monotonic() + 3
        if deadline is None and time.monotonic() >= due:
            asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            asking.connect((server, 53))
            asking.send(question(number))
            datagrams[number] = None
            selector.register(asking, selectors.EVENT_READ, (number, time.monotonic()))
            number, due = number + 1, due + 1 / rate
        for key, _ in selector.select(max(0, min(due - time.monotonic(), 0.05)) if deadline is None else 0.05):
            asked, sent = key.data
            try:
                answer = key.fileobj.recv(4096)
            except OSError:
                answer = b""  # refused: nobody listens
            if answer[:2] == struct.pack(">H", asked & 0xFFFF) and answer[3] & 15 == 0:
                datagrams[asked] = (time.monotonic() - sent) * 1000
            selector.unregister(key.fileobj)
            key.fileobj.close()


def ask_by_tcp():
    number = 0
    while not ending.is_set():
        began = time.monotonic()
        streams[number] = None
        try:
            with socket.create_connection((server, 53), timeout=3) as asking:
                text = question(number)
                asking.sendall(struct.pack(">H", len(text)) + text)
                answer = asking.recv(4096)
                if answer[2:4] == struct.pack(">H", number & 0xFFFF):
                    streams[number] = (time.monotonic() - began) * 1000
        except OSError:
            pass
        number += 1
        time.sleep(0.02)


threads = [threading.Thread(target=ask_by_udp), threading.Thread(target=ask_by_tcp)]
for thread in threads:
    thread.start()
print("asking", flush=True)
sys.stdin.read()
ending.set()
for thread in threads:
    thread.join()
print(json.dumps({"udp": list(datagrams.values()), "tcp": list(streams.values())}), flush=True)
