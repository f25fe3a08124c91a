"""A host of a lab, run inside its namespace: `agent.py ADDRESS...`. Standard library only.

It serves PORTS by TCP and UDP at its addresses, and does what a line of JSON on standard input asks for, with a line of JSON
as the answer, one after the other: `["reach", [[SOURCE, TO, SERVICE], ...], SECONDS]`, and so on (ACTIONS).
"""

import asyncio
import collections
import itertools
import json
import os
import socket
import struct
import sys
import time

PORTS = (7001, 7002, 7003)
HELLO = b"hello\n"
# How often flows send.
INTERVAL = 0.02


class Served:
    """What came in."""

    def __init__(self):
        self.bytes = collections.Counter()
        self.datagrams = set()
        self.sources = {}

    def came(self, service, source, count):
        self.bytes[service] += count
        self.sources[service] = source


served = Served()
flows = {}
# Raw sockets get the answers to all echoes of a host: the number in an echo says whose it is.
numbers = itertools.count(int.from_bytes(os.urandom(4)) >> 1)


# What it serves


class Echo(asyncio.DatagramProtocol):
    def __init__(self, port):
        self.service = f"udp/{port}"

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, sender):
        served.came(self.service, sender[0], len(data))
        served.datagrams.add(data.hex())
        self.transport.sendto(data, sender)


async def talk(reader, writer):
    """Say hello; to who says something, keep talking."""
    service = f"tcp/{writer.get_extra_info('sockname')[1]}"
    source = writer.get_extra_info("peername")[0]
    talking = None
    try:
        served.came(service, source, 0)
        writer.write(HELLO)
        while data := await reader.read(1 << 16):
            served.came(service, source, len(data))
            talking = talking or asyncio.create_task(keep_talking(writer))
    except OSError:
        pass  # it ended without a farewell
    finally:
        if talking:
            talking.cancel()
        writer.close()


async def keep_talking(writer):
    while True:
        writer.write(bytes(500))
        await writer.drain()
        await asyncio.sleep(INTERVAL)


async def serve(addresses):
    loop = asyncio.get_running_loop()
    for address in addresses:
        for port in PORTS:
            await asyncio.start_server(talk, address, port)
            await loop.create_datagram_endpoint(lambda port=port: Echo(port), local_addr=(address, port))


# New connections


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


class Datagrams:
    """Numbered packets and their answers: UDP, or ICMP echoes."""

    def __init__(self, source, to, service):
        transport, _, port = service.partition("/")
        self.raw = transport == "icmp"
        self.number = next(numbers) & 0xFFFFFFFF
        if not self.raw:
            self.socket = socket.socket(family(to), socket.SOCK_DGRAM)
        elif ":" in to:
            self.socket = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        else:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.request, self.reply, self.skipped = (128, 129, 0) if ":" in to else (8, 0, 20)
        try:
            self.socket.setblocking(False)
            self.socket.bind((source, 0))
            self.socket.connect((to, int(port or 0)))
        except BaseException:
            self.socket.close()
            raise

    def payload(self, index):
        return struct.pack("!II", self.number, index)

    def send(self, index):
        data = self.payload(index)
        if self.raw:
            fields = [self.request, 0, 0, self.number & 0xFFFF, index & 0xFFFF]
            fields[2] = checksum(struct.pack("!BBHHH", *fields) + data)  # of ICMPv6 the kernel's own replaces it
            data = struct.pack("!BBHHH", *fields) + data
        self.socket.send(data)

    async def answer(self):
        """The index of the next answer."""
        while True:
            data = await asyncio.get_running_loop().sock_recv(self.socket, 2048)
            if self.raw:
                if data[self.skipped] != self.reply:
                    continue
                data = data[self.skipped + 8 :]
            number, index = struct.unpack("!II", data)
            if number == self.number:
                return index


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


async def reach(cells, seconds):
    """What becomes of new connections, all at once: `reached`, `silence`, or what the kernel says; and the datagram that the
    other side got then."""
    return await asyncio.gather(*(outcome(*cell, seconds) for cell in cells))


async def outcome(source, to, service, seconds):
    try:
        return await (call if service.startswith("tcp/") else ask)(source, to, service, seconds)
    except OSError as error:
        return str(error), None


async def call(source, to, service, seconds):
    with socket.socket(family(to), socket.SOCK_STREAM) as connection:
        connection.setblocking(False)
        connection.bind((source, 0))
        try:
            async with asyncio.timeout(seconds):
                loop = asyncio.get_running_loop()
                await loop.sock_connect(connection, (to, int(service.partition("/")[2])))
                said = await loop.sock_recv(connection, 64)
        except TimeoutError:
            return "silence", None
    return ("reached" if said == HELLO else f"said {said!r}"), None


async def ask(source, to, service, seconds):
    """Thrice: a packet may get lost on a busy machine."""
    datagrams = Datagrams(source, to, service)
    with datagrams.socket:
        for _ in range(3):
            datagrams.send(0)
            try:
                async with asyncio.timeout(seconds / 3):
                    await datagrams.answer()
                    return "reached", datagrams.payload(0).hex()
            except TimeoutError:
                pass
    return "silence", datagrams.payload(0).hex()


async def stray(source, to, port):
    """Send the second packet of a TCP handshake that nobody began."""
    address = [socket.inet_pton(family(to), end) for end in (source, to)]
    segment = struct.pack("!HHIIBBHHH", port, port, 1, 1, 5 << 4, 0x12, 1024, 0, 0)
    pseudo = b"".join(address) + struct.pack("!II", len(segment), socket.IPPROTO_TCP)
    segment = segment[:16] + struct.pack("!H", checksum(pseudo + segment)) + segment[18:]
    with socket.socket(family(to), socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
        raw.bind((source, 0))
        raw.sendto(segment, (to, 0))


# Running connections


class Flow:
    """Something both ways until it is stopped: bytes by TCP, or packets and their answers."""

    def __init__(self, source, to, service):
        self.sent = self.received = 0
        self.missing = set()
        run = self.stream if service.startswith("tcp/") else self.packets
        self.task = asyncio.create_task(run(source, to, service))

    async def stream(self, source, to, service):
        reader, writer = await asyncio.open_connection(to, int(service.partition("/")[2]), local_addr=(source, 0))
        reading = asyncio.create_task(self.read(reader))
        try:
            while True:
                writer.write(bytes(100))
                self.sent += 1
                await asyncio.sleep(INTERVAL)
        finally:
            reading.cancel()
            writer.transport.abort()

    async def read(self, reader):
        while data := await reader.read(1 << 16):
            self.received += len(data)

    async def packets(self, source, to, service):
        datagrams = Datagrams(source, to, service)
        reading = asyncio.create_task(self.take(datagrams))
        try:
            while True:
                self.missing.add(self.sent)
                try:
                    datagrams.send(self.sent)
                except OSError:
                    pass  # it is missing
                self.sent += 1
                await asyncio.sleep(INTERVAL)
        finally:
            await asyncio.sleep(0.5)  # for late answers
            reading.cancel()
            datagrams.socket.close()

    async def take(self, datagrams):
        while True:
            try:
                self.missing.discard(await datagrams.answer())
                self.received += 1
            except OSError:
                await asyncio.sleep(INTERVAL)  # an error is no answer

    def figures(self):
        return {"sent": self.sent, "received": self.received, "missing": sorted(self.missing)}


async def start(name, source, to, service):
    flows[name] = Flow(source, to, service)


async def stop(*names):
    """End flows and tell their figures."""
    stopped = [flows.pop(name) for name in names]
    for flow in stopped:
        flow.task.cancel()
    await asyncio.wait([flow.task for flow in stopped])
    for flow in stopped:
        if not flow.task.cancelled():
            flow.task.result()
    return [flow.figures() for flow in stopped]


async def figures():
    """Of all flows, and the bytes that came in by service; `at` is the time of it."""
    return {
        "at": time.time(), "flows": {name: flow.figures() for name, flow in flows.items()}, "served": dict(served.bytes),
    }  # fmt: skip


async def seen():
    """The datagrams that came in since the last time, and the latest source by service."""
    told = {"datagrams": sorted(served.datagrams), "sources": dict(served.sources)}
    served.datagrams.clear()
    served.sources.clear()
    return told


ACTIONS = {action.__name__: action for action in (reach, stray, start, stop, figures, seen)}


async def main(addresses):
    await serve(addresses)
    lines = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print(json.dumps("ready"), flush=True)
    while line := await lines.readline():
        action, *arguments = json.loads(line)
        print(json.dumps(await ACTIONS[action](*arguments)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
