"""https_server ADDRESS CERTIFICATE KEY FOLDER: the files of a folder over HTTPS, with entity tags.

A file `NAME.endless` makes NAME a text without an end, a file `NAME.location` a redirect to what stands in it.
"""

import hashlib
import http.server
import ssl
import sys
from pathlib import Path

ADDRESS, CERTIFICATE, KEY, FOLDER = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        file = Path(FOLDER) / self.path.strip("/")
        location = file.with_name(f"{file.name}.location")
        if location.exists():
            self.send_response(302)
            self.send_header("Location", location.read_text().strip())
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif file.with_name(f"{file.name}.endless").exists():
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            line = b"0.0.0.0 endless.example\n" * 4096
            try:
                while True:
                    self.wfile.write(line)
            except OSError:
                self.close_connection = True
        elif not file.exists():
            self.send_error(404)
        else:
            self.send_file(file.read_bytes())

    def send_file(self, content):
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        unchanged = self.headers.get("If-None-Match") == tag
        self.send_response(304 if unchanged else 200)
        self.send_header("ETag", tag)
        if not unchanged:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if not unchanged:
            self.wfile.write(content)


server = http.server.ThreadingHTTPServer((ADDRESS, 443), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERTIFICATE, KEY)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
