#!/usr/bin/env python3
"""Serves lists, and everything that a server of lists may do wrong. Prints its port; ends with its standard input.

    server.py ADDRESS DIRECTORY [CERTIFICATE KEY]

/files/NAME        a file of DIRECTORY with ETag and Last-Modified; NAME.gz: NAME, compressed
/plain/NAME        the same without ETag
/to?URL            a redirect to URL
/hops/N            N redirects, then /files/list.txt
/endless           lines without end
/drip              a line each 0.2 s without end
/silent            no answer
/stall             a beginning, then nothing
/bomb              a little text that expands to 1 GiB
/large             Content-Length of 5 GB
/short             less than Content-Length says
/brotli            an encoding that nobody asked for
/status/N          an answer with this status
/take              204; what is posted, here or anywhere, becomes posts/NUMBER of DIRECTORY: headers and body in JSON
"""
import gzip
import hashlib
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse
import zlib
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        place, _, query = self.path.partition("?")
        _, verb, *rest = place.split("/")
        try:
            getattr(self, verb)(*rest, *([urllib.parse.unquote(query)] if query else []))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        directory = os.path.join(self.server.directory, "posts")
        with self.server.lock:
            os.makedirs(directory, exist_ok=True)
            place = os.path.join(directory, str(len(os.listdir(directory)) + 1))
            with open(place, "w") as file:
                json.dump({"path": self.path, "headers": dict(self.headers), "body": body.decode()}, file)
        self.do_GET()

    def take(self, *_):
        self.send_response(204)
        self.end_headers()

    def reply(self, body, status=200, kind="text/plain; charset=utf-8", length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def files(self, name, tagged=True):
        packed = name.endswith(".gz")
        path = os.path.join(self.server.directory, name.removesuffix(".gz"))
        if not os.path.exists(path):
            return self.reply(b"nothing here\n", 404)
        with open(path, "rb") as file:
            body = file.read()
        headers = {"Last_Modified": formatdate(os.stat(path).st_mtime, usegmt=True)}
        if tagged:
            headers["ETag"] = '"' + hashlib.sha256(body).hexdigest() + '"'
        asked = self.headers.get("If-None-Match")
        same = asked == headers.get("ETag") if asked else self.headers.get("If-Modified-Since") == headers["Last_Modified"]
        if same:
            self.send_response(304)
            self.end_headers()
            return
        if packed and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers["Content_Encoding"] = gzip.compress(body), "gzip"
        self.reply(body, kind="text/html" if ".html" in name else "text/plain; charset=utf-8", **headers)

    def plain(self, name):
        self.files(name, tagged=False)

    def to(self, url):
        self.reply(b"elsewhere\n", 302, Location=url)

    def hops(self, count):
        self.to(f"/hops/{int(count) - 1}" if int(count) > 1 else "/files/list.txt")

    def chunked(self, **headers):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def chunk(self, body):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
        self.wfile.flush()

    def endless(self):
        self.chunked()
        number = 0
        while True:
            self.chunk(b"".join(b"name%d.example\n" % (number + n) for n in range(1000)))
            number += 1000

    def drip(self):
        self.chunked()
        while True:
            self.chunk(b"name.example\n")
            time.sleep(0.2)

    def silent(self):
        time.sleep(60)

    def stall(self):
        self.chunked()
        self.chunk(b"name.example\n")
        time.sleep(60)

    def bomb(self):
        self.chunked(Content_Encoding="gzip")
        packer = zlib.compressobj(wbits=31)
        for _ in range(1024):
            self.chunk(packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH))
        self.chunk(packer.flush())
        self.chunk(b"")

    def large(self):
        self.reply(b"name.example\n", length=5_000_000_000)

    def short(self):
        self.reply(b"name.example\n", length=1000)
        self.close_connection = True

    def brotli(self):
        self.reply(b"name.example\n", Content_Encoding="br")

    def status(self, number):
        self.reply(b"no\n", int(number))


class Server(ThreadingHTTPServer):
    daemon_threads = True
    address_family = 2
    lock = threading.Lock()

    def handle_error(self, request, client_address):
        pass


def main():
    address, directory, *files = sys.argv[1:]
    server = Server((address, 0), Handler)
    server.directory = directory
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


main()
