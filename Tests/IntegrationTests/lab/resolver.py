"""Unbound as an upstream on "the internet" of the lab: over UDP, TCP and TLS, with names of its own."""

from . import topology
from .namespace import run, wait_for

NAME = "dns.test"

LOCAL_DATA = {
    "site.example. A": "93.184.216.34",
    "site.example. AAAA": "2606:2800:220:1::1",
    "alias.example. CNAME": "ads.example.",
    "ads.example. A": "93.184.216.35",
    "hidden.example. CNAME": "ads.example.",
    "rebind.example. A": "192.168.1.1",
    "target.example. A": "93.184.216.36",
}


class Certificates:
    """An authority of the lab and certificates by it; a namespace trusts it once it is told to."""

    def __init__(self, directory):
        self.directory = directory
        self.authority = directory / "ca.pem"
        key = directory / "ca.key"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=lab", "-keyout", key, "-out", self.authority)  # fmt: skip
        self.key = key

    def make(self, name):
        """The certificate and key of a host name."""
        base = self.directory / name
        extensions = base.with_suffix(".ext")
        extensions.write_text(f"subjectAltName=DNS:{name}\n")
        run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", f"/CN={name}", "-keyout", base.with_suffix(".key"), "-out", base.with_suffix(".csr"))  # fmt: skip
        run("openssl", "x509", "-req", "-in", base.with_suffix(".csr"), "-CA", self.authority, "-CAkey", self.key,
            "-CAcreateserial", "-days", "30", "-extfile", extensions, "-out", base.with_suffix(".pem"))  # fmt: skip
        return base.with_suffix(".pem"), base.with_suffix(".key")

    def trust(self, namespace):
        """Make everything in a namespace trust this authority, and no other."""
        namespace.run("mount", "--bind", self.authority, "/etc/ssl/certs/ca-certificates.crt")


class Resolver:
    """Unbound in a namespace at an address of it."""

    def __init__(self, namespace, directory, certificates, address=topology.INTERNET, name=NAME, data=LOCAL_DATA):
        self.namespace = namespace
        self.address = address
        self.name = name
        self.log = directory / f"unbound-{name}.log"
        certificate, key = certificates.make(name)
        records = "\n".join(f'  local-data: "{owner} {value}"' for owner, value in data.items())
        self.configuration = directory / f"unbound-{name}.conf"
        self.configuration.write_text(f"""server:
  interface: {address}@53
  interface: {address}@853
  tls-port: 853
  tls-service-pem: "{certificate}"
  tls-service-key: "{key}"
  access-control: 0.0.0.0/0 allow
  chroot: ""
  username: ""
  pidfile: ""
  directory: "{directory}"
  use-syslog: no
  logfile: "{self.log}"
  log-queries: yes
  do-daemonize: no
  num-threads: 1
  module-config: "iterator"
  local-zone: example. static
{records}
remote-control:
  control-enable: no
""")
        self.process = None
        self.start()

    def start(self):
        self.process = self.namespace.start("unbound", "-d", "-c", self.configuration)
        wait_for(self.answers, what="Unbound")

    def answers(self):
        done = self.namespace.run("dig", "+short", "+time=1", "+tries=1", f"@{self.address}", "site.example", check=False)
        return "93.184.216.34" in done.stdout

    def stop(self):
        self.process.kill()
        self.process.wait()

    @property
    def queries(self):
        """The names that were asked for, in order; those of our own probes are among them."""
        words = [line.split() for line in self.log.read_text().splitlines() if " info: " in line]
        return [line[-3].rstrip(".") for line in words if len(line) >= 4 and line[-1] == "IN"]

    def over_tls(self):
        return f'"{self.address}@853#{self.name}"'
