"""A TCP connection that stays open until the process ends: `connection.py HOST PORT`."""

import signal
import socket
import sys

connection = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=10)
print("ready", flush=True)
signal.pause()
