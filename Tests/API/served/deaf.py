"""The socket of wireguard-go with a program in front of it that lets everything through but the removal of a peer.

    python3 deaf.py SOCKET REAL
"""

import os
import socket
import socketserver
import sys
from pathlib import Path

EBUSY = 16


class Deaf:
    """While the block runs, no peer can be removed: each such request answers EBUSY, as a device may."""

    def __init__(self, namespace, link="wg0"):
        self.namespace = namespace
        self.socket = Path(f"/run/wireguard/{link}.sock")
        self.real = self.socket.with_suffix(".real")

    def __enter__(self):
        # A process of its own: the daemon ends the one behind a socket when the link is deleted.
        read, write = os.pipe()
        self.process = self.namespace.start(
            sys.executable, "-B", __file__, self.socket, self.real, str(write), pass_fds=[write]
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            assert pipe.read() == "ready"
        return self

    def __exit__(self, *_):
        # Over the other one, at once: wireguard-go ends when its socket is gone.
        self.real.rename(self.socket)
        self.process.kill()
        self.process.wait()


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        with socket.socket(socket.AF_UNIX) as upstream:
            upstream.connect(sys.argv[2])
            answers = upstream.makefile("rb")
            while request := message(self.rfile):
                if b"\nremove=true\n" in request:
                    self.wfile.write(b"errno=%d\n\n" % EBUSY)
                else:
                    upstream.sendall(request)
                    self.wfile.write(message(answers))


def message(file):
    """The lines up to an empty one."""
    lines = []
    while line := file.readline():
        lines.append(line)
        if line == b"\n":
            break
    return b"".join(lines)


def main():
    path, real = sys.argv[1:3]
    os.rename(path, real)
    with socketserver.ThreadingUnixStreamServer(path, Handler) as server:
        server.daemon_threads = True
        os.write(int(sys.argv[3]), b"ready")
        os.close(int(sys.argv[3]))
        server.serve_forever()


if __name__ == "__main__":
    main()
