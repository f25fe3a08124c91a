"""Traffic, run inside a namespace: `traffic.py echo|probe|sink|source|send|fetch ...`. Standard library only.

probe prints one JSON object when it ends: what was sent, what came back, when, and the longest silence.
"""

import json
import signal
import socket
import struct
import sys
import threading
import time


def family(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def echo(host, port):
    """Answer every datagram with itself."""
    server = socket.socket(family(host), socket.SOCK_DGRAM)
    server.bind((host, int(port)))
    print("ready", flush=True)
    while True:
        data, sender = server.recvfrom(65535)
        server.sendto(data, sender)


def probe(host, port, rate="20"):
    """Send numbered datagrams at a steady rate until SIGTERM, then wait half a second for late answers."""
    client = socket.socket(family(host), socket.SOCK_DGRAM)
    client.connect((host, int(port)))
    sent, received, stops = [], {}, []
    # No lock in a handler: an Event's is held by its own waiter half of the time, and that is the thread that runs this.
    signal.signal(signal.SIGTERM, lambda *_: stops.append(True))

    def read():
        while True:
            try:
                data = client.recv(64)
            except ConnectionRefusedError:
                continue
            except OSError:
                return
            received.setdefault(struct.unpack("!I", data)[0], time.time())

    threading.Thread(target=read, daemon=True).start()
    print("ready", flush=True)
    start = time.monotonic()
    while not stops:
        try:
            client.send(struct.pack("!I", len(sent)))
        except OSError:
            pass  # counted as lost: it has a number and no answer
        sent.append(time.time())
        time.sleep(max(0.0, start + len(sent) / float(rate) - time.monotonic()))
    time.sleep(0.5)
    lost = [number for number in range(len(sent)) if number not in received]
    times = sorted(received.values())
    silence = max((later - earlier for earlier, later in zip(times, times[1:])), default=0.0)
    print(json.dumps({
        "sent": len(sent), "received": len(received), "lost": len(lost), "longest_silence": silence,
        "lost_at": [sent[number] for number in lost], "first": times[:1], "last": times[-1:],
    }))  # fmt: skip


def sink(host, port):
    """Take every connection, read it to its end and answer with the number of bytes."""
    server = socket.create_server((host, int(port)), family=family(host))
    print("ready", flush=True)
    while True:
        connection, _ = server.accept()
        with connection:
            total = 0
            while data := connection.recv(1 << 16):
                total += len(data)
            connection.sendall(str(total).encode())


def send(host, port, count):
    """Send `count` bytes by TCP and print how many arrived and the seconds it took."""
    start = time.monotonic()
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        block, rest = bytes(1 << 16), int(count)
        while rest > 0:
            connection.sendall(block[: min(rest, len(block))])
            rest -= len(block)
        connection.shutdown(socket.SHUT_WR)
        arrived = int(connection.recv(64))
    print(json.dumps({"bytes": arrived, "seconds": time.monotonic() - start}))


def source(host, port):
    """Take every connection, read a number from it and answer with so many bytes."""
    server = socket.create_server((host, int(port)), family=family(host))
    print("ready", flush=True)
    while True:
        connection, _ = server.accept()
        with connection:
            connection.sendall(bytes(int(connection.recv(64))))


def fetch(host, port, count):
    """Ask a source for `count` bytes and print how many arrived and the seconds it took."""
    start = time.monotonic()
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(count.encode())
        arrived = 0
        while data := connection.recv(1 << 16):
            arrived += len(data)
    print(json.dumps({"bytes": arrived, "seconds": time.monotonic() - start}))


if __name__ == "__main__":
    {"echo": echo, "probe": probe, "sink": sink, "source": source, "send": send, "fetch": fetch}[sys.argv[1]](*sys.argv[2:])
