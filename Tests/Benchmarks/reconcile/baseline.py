"""What wg takes for the peers, as processes."""

from lab.namespace import Namespace, run, wait_for


class Device:
    """`wg0` by wireguard-go in a namespace of its own."""

    def __init__(self, name="wg"):
        self.namespace = Namespace(name)
        self.namespace.run("wireguard-go", "wg0")
        wait_for(lambda: self.namespace.run("wg", "show", "wg0", check=False).returncode == 0, what="wireguard-go")

    def __enter__(self):
        return self.namespace

    def __exit__(self, *_):
        self.namespace.close()


def measure(figures, peers, folder):
    file = folder / "wg0.conf"
    file.write_text(peers.configuration(run("wg", "genkey").stdout.strip()))
    times = []
    for round_number in range(min(3, figures.rounds)):
        with Device() as namespace:
            times += [stopwatch(namespace, "wg", "setconf", "wg0", file)]
            if round_number == 0:
                figures.timed("wg show dump, fresh device", lambda: dump(namespace))
                figures.timed("wg syncconf, nothing to do", lambda: namespace.run("wg", "syncconf", "wg0", file))
    figures.add("wg setconf, empty device", times)


def dump(namespace):
    return namespace.run("wg", "show", "wg0", "dump").stdout


def stopwatch(namespace, *command):
    import time

    start = time.monotonic()
    namespace.run(*command)
    return time.monotonic() - start
