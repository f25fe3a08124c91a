"""10,000 peers in the kernel's own WireGuard: passes of serve beside wg on the same device, inside the VM of Tests/KernelVM.

    python3 Tests/Benchmarks/kernel [--peers N] [--rounds N] [--minutes N] [--check]

The VM is emulated, so every time is a multiple of what a machine takes: only ratios say something. It finds the repository on the
host and can't write there: its figures come over the console.
"""

import argparse
import base64
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "IntegrationTests"), str(Path(__file__).parents[1] / "reconcile")]
sys.path.append(str(Path(__file__).parents[1]))

import peers  # noqa: E402
from record import FOLDER, ROOT  # noqa: E402

BEGIN, END = "-- figures", "-- end of figures"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--minutes", type=int, default=10, help="the most the VM may take")
    options.add_argument("--check", action="store_true", help="end with 1 when a ratio is missed")
    options = options.parse_args()
    file = FOLDER / "kernel.json"
    file.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="wirebuddy-bench-") as folder:
        repository, script = Path(folder) / "config", Path(folder) / "bench.sh"
        repository.mkdir()
        peers.INTERFACE["backend"] = "kernel"
        peers.Peers(options.peers, 1).repository(repository)
        words = ["python3", "-B", "Tests/Benchmarks/kernel/inside.py", repository, options.peers, options.rounds,
                 int(options.check), os.environ.get("WIREBUDDY_BENCH_RUN", "-"), BEGIN, END]  # fmt: skip
        script.write_text(f"#!/bin/bash\nset -e\nmodprobe wireguard\nexec {shlex.join(map(str, words))}\n")
        script.chmod(0o755)
        code, figures = run(script, options.minutes * 60)
    if not figures:
        sys.exit(f"kernel: the VM handed over no figures and ended with {code}")
    content = json.loads(base64.b64decode("".join(figures)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False))
    sys.exit(code)


def run(script, seconds):
    """Shows what the VM prints; its exit code, and the lines between the marks."""
    figures, within = [], False
    command = [ROOT / "Tests/KernelVM/run", script, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, errors="replace") as vm:
        for line in vm.stdout:
            text = line.strip()
            if text in (BEGIN, END):
                within = text == BEGIN
            elif within:
                figures.append(text)
            else:
                print(line, end="", flush=True)
    return vm.returncode, figures


if __name__ == "__main__":
    main()
