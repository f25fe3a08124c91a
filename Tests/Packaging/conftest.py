"""The package and the root it is installed in. Both are made once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from machine import Root, run  # noqa: E402

ROOT = Path(__file__).parents[2]
BINARY = Path(os.environ.get("WIREBUDDY", ROOT / ".build/release/wirebuddy"))
WORK = ROOT / ".build/package"
# What the tests need to look around; udev and networkd are there to be kept off our links.
TOOLS = "systemd-sysv,udev,procps,iproute2"


def pytest_sessionstart(session):
    programs = ("mmdebstrap", "systemd-nspawn", "lintian", "mandoc", "dpkg-shlibdeps", "curl", "zsh", "fish")
    missing = [name for name in programs if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        pytest.exit(f"the tests of the package need root and {', '.join(programs)}: CAN'T RUN", returncode=1)


def build(output, compression):
    """The package as .deb of the release binary."""
    environment = {"WIREBUDDY": str(BINARY), "DEB_OUTPUT": str(output), "DEB_COMPRESSION": compression}
    run(ROOT / "scripts/deb", env=os.environ | environment, timeout=400)
    return next(Path(output).glob("wirebuddy_*.deb"))


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The package; WIREBUDDY_DEB names one that was built before."""
    given = os.environ.get("WIREBUDDY_DEB")
    return Path(given) if given else build(tmp_path_factory.mktemp("package"), "xz")


def version(package):
    return run("dpkg-deb", "--field", package, "Version").stdout.strip()


@pytest.fixture(scope="session")
def newer_package(tmp_path_factory, package):
    """The same with a higher version: only what tells the version differs."""
    folder = tmp_path_factory.mktemp("newer")
    run("dpkg-deb", "--raw-extract", package, folder / "tree")
    control = folder / "tree/DEBIAN/control"
    control.write_text(control.read_text().replace(f"Version: {version(package)}", f"Version: {version(package)}+newer"))
    file = folder / "newer.deb"
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", folder / "tree", file)
    shutil.rmtree(folder / "tree")
    return file


@pytest.fixture(scope="session")
def debian():
    """A Debian of the smallest kind, made anew where it is missing."""
    suite = "bookworm"
    folder = WORK / suite
    if not folder.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        part = WORK / f"{suite}-{os.getpid()}"
        # Nothing in it has to survive a loss of power.
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={TOOLS}", "--dpkgopt=force-unsafe-io",
             "--skip=cleanup/apt/lists", "--format=directory", suite, part],
            stdin=subprocess.DEVNULL, check=True, timeout=400,
        )  # fmt: skip
        part.rename(folder)
    return folder


@pytest.fixture(scope="session")
def prepared(debian, package, tmp_path_factory):
    """The same with what the package depends on and recommends, but without the package: its directories."""
    root = Root(tmp_path_factory.mktemp("prepared") / "root", debian)
    needs = [run("dpkg-deb", "--field", package, field).stdout.strip() for field in ("Depends", "Recommends")]
    try:
        root.chroot("apt-get", "update", "-qq")
        root.chroot("apt-get", "satisfy", "-qq", "--yes", "--no-install-recommends",
                    "-o", "Dpkg::Options::=--force-unsafe-io", *needs, timeout=400)  # fmt: skip
        # As on a machine that was just installed.
        root.write("/etc/machine-id", "")
    finally:
        root.unmount()
    yield root.layer, debian
    shutil.rmtree(root.place)


@pytest.fixture
def root(prepared, tmp_path):
    root = Root(tmp_path / "root", *prepared)
    yield root
    root.remove()
