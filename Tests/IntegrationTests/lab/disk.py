"""A disk of its own for a folder of a gateway, so small that it can be filled."""

import errno
import os
from pathlib import Path


class SmallDisk:
    """A tmpfs in the place of a folder, with what the folder held; it is gone with the namespace."""

    def __init__(self, namespace, folder, size):
        self.namespace = namespace
        self.folder = Path(folder)
        script = (
            'mount -t tmpfs -o "size=$2,mode=$(stat -c %a "$1")" tmpfs /mnt && cp -a "$1/." /mnt && mount --move /mnt "$1"'
        )
        namespace.run("sh", "-c", script, "sh", self.folder, size)

    @property
    def inside(self):
        """The folder as the namespace sees it, for this process."""
        return Path(f"/proc/{self.namespace.holder.pid}/root{self.folder}")

    def fill(self, spare=0):
        """Take all the room there is but `spare` bytes."""
        block = 4096
        descriptor = os.open(self.inside / "ballast", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            while True:
                os.posix_fallocate(descriptor, size, block)
                size += block
        except OSError as error:
            assert error.errno == errno.ENOSPC, error
            os.ftruncate(descriptor, max(0, size - spare))
        finally:
            os.close(descriptor)
        assert self.free() <= spare

    def free(self):
        """The bytes that are free."""
        return int(self.namespace.output("stat", "-f", "-c", "%a", self.folder)) * 4096

    def clear(self):
        """Give the room back."""
        (self.inside / "ballast").unlink()

    def make_read_only(self, value):
        """Whether it could be done: not while somebody has a file open for writing."""
        options = f"remount,bind,{'ro' if value else 'rw'}"
        return self.namespace.run("mount", "-o", options, self.folder, check=False).returncode == 0
