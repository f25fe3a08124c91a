"""DNS queries of a device, run inside its namespace: `queries.py SERVER PER_SECOND EXPECTATIONS`. Standard library only.

EXPECTATIONS is JSON: names of what is asked for in turn, and the address that is to be answered, "" where there is to be none. Ends at the
end of standard input, waits 3 s for what is missing, and prints JSON: the time of the clock and the milliseconds of each answer,
how many were asked, and what was answered wrongly or not at all, by name.
"""

import collections
import itertools
import json
import selectors
import socket
import struct
import sys
import threading
import time

from asking import ask_until_told

server, rate, expectations = sys.argv[1], float(sys.argv[2]), json.loads(sys.argv[3])
PATIENCE = 3.0

ending = threading.Event()
answers, faults = [], collections.Counter()


def question(number, name):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    return struct.pack(">6H", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + labels + struct.pack(">2H", 1, 1)


def address(message, offset):
    """The data of the first A record, "" where there is none."""
    for _ in range(struct.unpack(">H", message[6:8])[0]):
        while message[offset] and message[offset] < 0xC0:
            offset += 1 + message[offset]
        offset += 1 if message[offset] == 0 else 2
        kind, _, _, length = struct.unpack(">HHIH", message[offset : offset + 10])
        offset += 10
        if kind == 1:
            return socket.inet_ntoa(message[offset : offset + 4])
        offset += length
    return ""


def judge(name, text, message, began):
    if message is None:
        faults[f"{name}: no answer in {PATIENCE:g} s"] += 1
        return
    answers.append((round(began, 2), round((time.time() - began) * 1000, 1)))
    if message[:2] != text[:2] or message[3] & 15 not in (0, 3):
        faults[f"{name}: id or code {message[3] & 15}"] += 1
    elif (got := address(message, len(text))) != expectations[name]:
        faults[f"{name}: {got or 'nothing'} instead of {expectations[name] or 'nothing'}"] += 1


def ask_by_udp():
    """A socket per question: the kernel spreads them over the sockets of the server by their ports."""
    selector = selectors.DefaultSelector()
    due, names = time.monotonic(), enumerate(itertools.cycle(expectations))
    while not ending.is_set() or selector.get_map():
        if not ending.is_set() and time.monotonic() >= due:
            number, name = next(names)
            asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            asking.connect((server, 53))
            text = question(number, name)
            asking.send(text)
            selector.register(asking, selectors.EVENT_READ, (name, text, time.time()))
            due = max(due + 1 / rate, time.monotonic() - 1)
        for key, _ in selector.select(min(max(0.001, due - time.monotonic()), 0.05)):
            try:
                message = key.fileobj.recv(4096)
            except OSError:
                message = None  # refused: nobody listens
            finish(selector, key, message)
        for key in list(selector.get_map().values()):
            if time.time() - key.data[2] > PATIENCE:
                finish(selector, key, None)


def finish(selector, key, message):
    name, text, began = key.data
    selector.unregister(key.fileobj)
    key.fileobj.close()
    judge(name, text, message, began)


def ask_by_tcp():
    """One after the other, a connection for each."""
    for number, name in enumerate(itertools.cycle(expectations)):
        if ending.wait(0.2):
            return
        text, message, began = question(number, name), None, time.time()
        try:
            with socket.create_connection((server, 53), timeout=PATIENCE) as asking:
                asking.sendall(struct.pack(">H", len(text)) + text)
                with asking.makefile("rb") as stream:
                    message = stream.read(struct.unpack(">H", stream.read(2))[0])
        except (OSError, struct.error):
            message = None
        judge(name, text, message or None, began)


ask_until_told(ending, {"times": answers, "faults": faults}, ask_by_udp, ask_by_tcp)
