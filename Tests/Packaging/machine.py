"""A Debian root that boots its own systemd in namespaces of this host: no virtual machine, no container service."""

import os
import shutil
import subprocess
import time
from pathlib import Path

NAMES = "wbt-package"


def run(*command, check=True, timeout=120, **options):
    """Run a command; its output is in the error when it fails."""
    options.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=timeout, **options
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def wait_for(condition, seconds=30.0, what="condition"):
    """Call `condition` until it answers something true, and return that."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


def cgroups():
    """Where the second version of control groups is mounted: alone, or beside the first."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(place)
    raise AssertionError("this host has no control groups of version 2 (cgroup2): CAN'T RUN")


class Root:
    """An installed Debian: a layer of its own over directories that stay as they are."""

    def __init__(self, place, *below):
        """`below`: the directories, the uppermost first."""
        self.place = Path(place)
        self.layer = self.place / "layer"
        self.directory = self.place / "root"
        for folder in (self.layer, self.place / "work", self.directory):
            folder.mkdir(parents=True)
        lower = ":".join(str(folder) for folder in below)
        options = f"lowerdir={lower},upperdir={self.layer},workdir={self.place / 'work'}"
        run("mount", "-t", "overlay", "overlay", "-o", options, self.directory)

    def write(self, path, text):
        file = self.directory / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def add(self, file):
        """Copy a file into it, and return where it is there."""
        shutil.copy(file, self.directory / "srv")
        return f"/srv/{Path(file).name}"

    def chroot(self, *command, **options):
        """Run a command in it while it is not booted, with the network of this host."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
        script = 'mount --bind /etc/resolv.conf "$0/etc/resolv.conf" && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        return run("unshare", "--mount", "sh", "-c", script, self.directory, *command, env=environment, **options)

    def tree(self):
        """Every file with kind, mode, owner and, of links, its target; but what runs, is logged or remembered by apt."""
        passing = ("proc", "sys", "dev", "run", "tmp", "var/log", "var/cache", "var/lib/dpkg", "var/lib/apt", "var/tmp",
                   "var/lib/systemd/random-seed", "var/lib/systemd/catalog", "root", "srv")  # fmt: skip
        found = set()
        for folder, folders, files in os.walk(self.directory):
            place = os.path.relpath(folder, self.directory)
            folders[:] = [name for name in folders if os.path.normpath(os.path.join(place, name)) not in passing]
            for name in folders + files:
                path = os.path.normpath(os.path.join(place, name))
                if path not in passing:
                    status = os.lstat(os.path.join(folder, name))
                    found.add(f"/{path} {status.st_mode:o} {status.st_uid}:{status.st_gid}")
        return found

    def unmount(self):
        run("umount", self.directory)

    def remove(self):
        self.unmount()
        shutil.rmtree(self.place)


class Machine:
    """A booted root: systemd is process 1, and it has a network of its own with nothing in it."""

    def __init__(self, root, writable_sys=False):
        self.root = root
        self.group = cgroups() / f"{NAMES}-{os.getpid()}-{root.place.name}"
        self.group.mkdir()
        # Process 1 of the namespaces goes into the group first, so that the group is the root of what systemd sees.
        script = """
            mkdir -p /run/systemd && echo $$ >"$2/cgroup.procs" && exec unshare --mount --cgroup --pid --fork --kill-child --mount-proc sh -c '
                mount --make-rprivate / && { umount -R /sys/fs/cgroup || true; } &&
                mount -t cgroup2 cgroup2 /sys/fs/cgroup && mount -t tmpfs nspawn /run/systemd &&
                exec systemd-nspawn --quiet --register=no --keep-unit --settings=no --private-network \
                    --resolv-conf=off --timezone=off --console=pipe --hostname=gateway --directory="$1" --boot' "$0" "$1"
        """
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        if writable_sys:
            # udev works only where /sys can be written.
            environment["SYSTEMD_NSPAWN_API_VFS_WRITABLE"] = "1"
        self.log = open(root.place / "log", "w+")
        self.process = subprocess.Popen(
            ["sh", "-c", script, "sh", str(root.directory), str(self.group)],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
        try:
            self.leader = wait_for(self._leader, what="systemd as process 1")
            wait_for(lambda: self.run("systemctl", "is-system-running", check=False).stdout.strip() == "running",
                     60, "a booted system")  # fmt: skip
        except AssertionError as error:
            self.log.seek(0)
            said = self.log.read()[-2000:]
            failed = self.run("systemctl", "--failed", "--no-pager", check=False).stdout if self.leader else ""
            self.stop()
            raise AssertionError(f"{error}\n{said}\n{failed}") from None

    leader = None

    def _leader(self):
        """The process of systemd: the grandchild whose parent is systemd-nspawn."""
        if self.process.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended with {self.process.returncode}")
        waiting = [self.process.pid]
        while waiting:
            process = waiting.pop()
            try:
                name = Path(f"/proc/{process}/comm").read_text().strip()
                children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
            except OSError:
                continue
            if name == "systemd":
                return process
            waiting += [int(child) for child in children]
        return None

    def run(self, *command, **options):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
                       "DEBIAN_FRONTEND": "noninteractive"}  # fmt: skip
        return run("nsenter", "--all", f"--target={self.leader}", "--", *command, env=environment, **options)

    def output(self, *command, **options):
        return self.run(*command, **options).stdout.strip()

    def in_network(self, *command, **options):
        """Run a program of this host in its network."""
        return run("nsenter", "--net", f"--target={self.leader}", "--", *command, **options)

    def show(self, unit, name):
        return self.output("systemctl", "show", "--value", f"--property={name}", unit)

    def processes(self, name):
        """The ids, as the machine sees them, of the processes with this name."""
        return self.output("sh", "-c", f"pgrep -x {name} || true").split()

    def journal(self, unit="wirebuddy.service"):
        return self.output("journalctl", "--no-pager", "--boot", f"--unit={unit}", check=False)

    def stop(self):
        """End everything in it at once: process 1 of the namespaces takes the others along."""
        self.process.kill()
        self.process.wait(20)
        for folder in sorted(self.group.rglob("*/"), key=lambda path: -len(path.parts)) + [self.group]:
            if folder.is_dir():
                wait_for(lambda folder=folder: self._removed(folder), 10, f"an empty {folder}")
        self.log.close()

    @staticmethod
    def _removed(folder):
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return False
        return True
