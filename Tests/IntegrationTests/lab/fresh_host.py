"""A host of its own for commands that are typed without options, as the documentation shows them."""

from contextlib import contextmanager

from .namespace import Namespace


@contextmanager
def fresh_host(name):
    """A namespace whose /etc/wirebuddy, /etc/wireguard and /var/lib nobody else has, with a default route."""
    namespace = Namespace(name)
    try:
        namespace.run("mount", "-t", "tmpfs", "tmpfs", "/mnt")
        namespace.run("mkdir", "/mnt/upper", "/mnt/work")
        namespace.run("mount", "-t", "overlay", "overlay", "-o",
                      "lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work", "/etc")  # fmt: skip
        namespace.run("rm", "-rf", "/etc/wirebuddy", "/etc/wirebuddy.yaml", "/etc/wireguard")
        namespace.run("mount", "-t", "tmpfs", "tmpfs", "/var/lib")
        namespace.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far0")
        namespace.run("ip", "address", "add", "203.0.113.1/24", "dev", "eth0")
        for link in ("eth0", "far0"):
            namespace.run("ip", "link", "set", link, "up")
        namespace.run("ip", "route", "add", "default", "via", "203.0.113.254")
        yield namespace
    finally:
        namespace.close()


def commands(block):
    """The commands of a block of shell, without prompts and comments; a line may go on after a backslash."""
    lines = (line.removeprefix("$ ").strip() for line in block.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def script(steps, before=""):
    """The steps in one shell; the n-th that fails ends it with 100 + n. A plan or drift that finds something says so with 2."""
    text = f'export PATH="$1:$PATH" PAGER=cat NO_COLOR=1\n{before}'
    for number, step in enumerate(steps):
        good = "[02]" if step.startswith(("wirebuddy plan", "wirebuddy drift")) else "0"
        text += f"{step}\ncase $? in {good}) ;; *) exit {100 + number};; esac\n"
    return text


def failed(steps, done):
    """What to say of a script that failed."""
    step = steps[done.returncode - 100] if done.returncode >= 100 else "?"
    return f"{step}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
