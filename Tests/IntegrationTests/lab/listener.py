"""A TCP server at a port that keeps its connections, for tests of who is connected: `listener.py HOST PORT`."""

import socket
import sys

server = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=16)
print("ready", flush=True)
connections = []
while True:
    connections.append(server.accept()[0])
