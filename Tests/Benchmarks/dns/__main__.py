"""1,000,000 blocked names: the forwarder beside unbound and dnsmasq from Debian, on the same machine in the same run.

    python3 Tests/Benchmarks/dns [--names N] [--rounds N] [--seconds N] [--list FILE] [--check]

Needs root, dnsperf, unbound, dnsmasq and a release build of DNSServer (`scripts/build release DNSServer`).
Everything happens in a network namespace of its own, on its loopback. Servers take turns, and the load generator shares
the processors with each: only ratios of one run say something. With --check a missed ratio ends with 1; absolute
figures are only printed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1]))

from names import Names  # noqa: E402
from outcome import report  # noqa: E402
from record import Record  # noqa: E402
from rounds import Rounds  # noqa: E402
from servers import Dnsmasq, Echo, Ours, Source, Unbound, spared  # noqa: E402
from table import Table  # noqa: E402

SERVER = Path(os.environ.get("WIREBUDDY_DNSSERVER", ROOT / ".build/release/DNSServer"))
INSIDE = "WIREBUDDY_BENCH_NAMESPACE"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--names", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=int, default=5, help="how long each load lasts")
    options.add_argument("--paced", type=int, default=40_000, help="queries a second while dropped rows are counted")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--list", type=Path, help="a list of names whose lines come before the generated ones")
    options.add_argument("--check", action="store_true", help="end with 1 when a ratio is missed")
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("dns: needs root for a namespace: CAN'T RUN")
    if not SERVER.exists():
        sys.exit(f"dns: {SERVER} is missing: scripts/build release DNSServer")
    if INSIDE not in os.environ:
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, "-B", *sys.argv])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    names = Names(options.names, 5000, options.seed, options.list)
    record = Record("dns", options, ["unbound", "dnsmasq-base", "dnsperf"])
    text = f"{names.real:,} of {options.list.name}, the others generated" if options.list else "generated"
    print(f"{options.names:,} blocked names ({text}; {names.average():.1f} octets on average), "
          f"{os.cpu_count()} cores, load {spared(0):.1f}", flush=True)  # fmt: skip
    record.part(f"{options.names:,} blocked names", "The forwarder without a gateway (DNSServer) beside unbound and dnsmasq with the "
                "same list and upstream, and a bare NIO echo, in turns on one port; dnsperf shares the processors with each.")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        table = measure(Path(folder), names, options, record)
    record.write()
    if not table.missed:
        print("every goal was met")
    else:
        print("missed: " + ", ".join(name for name, _ in table.missed))
    sys.exit(1 if options.check and any(is_ratio for _, is_ratio in table.missed) else 0)


def measure(folder, names, options, record):
    table = Table(record)
    rounds = Rounds(table, names.files(folder), names, options)
    servers = [Ours(folder, names, SERVER), Unbound(folder, names), Dnsmasq(folder, names)]
    echo = Echo(folder, names, SERVER)
    source = Source(folder, names)
    running = [source, echo, *servers]
    try:
        source.start()
        empty(table, servers)
        table.take("wirebuddy", "start that compiles the list", servers[0].start() * 1000)
        servers[0].stop()
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}, load {os.getloadavg()[0]:.1f}", flush=True)
            rounds.echo(echo)
            for log in (False, True):
                for server in servers:
                    rounds.measure(server, log)
        for server in servers:
            server.start()
            rounds.rule(server)
            refreshed = rounds.refresh(server) if server is servers[0] else None
            server.stop()
            if refreshed:
                refresh = refreshed
        report(table, names, options, refresh)
    finally:
        for server in running:
            if server.process and server.process.poll() is None:
                server.stop()
    return table


def empty(table, servers):
    """What each takes with a list of one name."""
    for server in servers:
        server.start(blocked=["only.example"])
        resident, proportional = server.memory()
        server.stop()
        table.take(server.name, "resident, one name", resident)
        table.take(server.name, "proportional, one name", proportional)


if __name__ == "__main__":
    main()
