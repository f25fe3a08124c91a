"""A gateway that does everything at once for a while: traffic, requests, queries, pushes, and somebody who tampers with it.

    python3 Tests/Soak [--minutes N] [--seed N] [--heal-within SECONDS] [--to FOLDER]

Needs root, wireguard-go, unbound, git and matplotlib (Tests/requirements.txt). Everything happens in network namespaces of its own.
At the end stands a verdict with its figures, the samples as JSON and a plot; a verdict that is not good ends with 1.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "Tests/IntegrationTests")]

import plot  # noqa: E402
import verdict as judge  # noqa: E402
from lab.gateway import BINARY, DONE  # noqa: E402
from lab.namespace import remove_leftovers, wait_for  # noqa: E402
from lab.topology import Lab  # noqa: E402
from loads import Client, Probes, Pushes, Transfers  # noqa: E402
from samples import Samples  # noqa: E402
from scene import DEVICES, SERVER, Scene, git  # noqa: E402
from tampering import Tampering  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--heal-within", type=float, default=15, help="seconds; passes come every 5 s")
    options.add_argument("--to", type=Path, default=ROOT / ".build/soak")
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("soak: needs root for namespaces: CAN'T RUN")
    if not BINARY.exists():
        sys.exit(f"soak: {BINARY} is missing: make build")
    remove_leftovers()
    options.to.mkdir(parents=True, exist_ok=True)
    print(f"soak: {options.minutes:g} min, seed {options.seed}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory(prefix="wirebuddy-soak-") as folder, Lab(devices=DEVICES) as lab:
        scene = Scene(lab, Path(folder), options.seed)
        result, told = soak(scene, options)
    result.print()
    told |= {"minutes": options.minutes, "seed": options.seed, "verdict": result.rows, "good": result.is_good}
    (options.to / "soak.json").write_text(json.dumps(told))
    plot.draw(told, options.to / "soak.png")
    print(f"soak: {'good' if result.is_good else 'FAILED'}, seed {options.seed}; {options.to / 'soak.json'}, {options.to / 'soak.png'}")
    sys.exit(0 if result.is_good else 1)


def soak(scene, options):
    gateway, verdict = scene.gateway, judge.Verdict()
    token = scene.start()
    samples = Samples(scene, max(1.0, min(5.0, options.minutes / 10)))
    tampering = Tampering(scene, 3, options.heal_within)
    probes, transfers, pushes = Probes(scene), Transfers(scene), Pushes(scene)
    requests = Client(gateway.namespace, "rest.py", token, "wg0", 10, 1)
    expectations = json.dumps(scene.expectations())
    queries = [Client(device.namespace, "queries.py", SERVER, 25, expectations) for device in scene.devices[:2]]
    samples.start()
    tampering.start()
    wait(options.minutes * 60, [samples, tampering, transfers, pushes], gateway)

    # In this order, so that packets are counted until all the rest has ended.
    tampering.stop()
    pushes.stop()
    asked, answered = requests.stop(), [client.stop() for client in queries]
    transfers.stop()
    samples.stop()
    lost = probes.stop()

    judge.flatness(verdict, samples.rows)
    judge.healing(verdict, tampering)
    judge.packets(verdict, lost)
    full = ", ".join(f"{where} {count}" for where, count in scene.overflows().items())
    verdict.judge("datagrams that full buffers of the host threw away", full or "none", None, "")
    verdict.judge("transfers of a megabyte that arrived whole", f"{transfers.count - transfers.short} of {transfers.count}",
                  transfers.short == 0 and transfers.count > 0, "all")  # fmt: skip
    judge.answers(verdict, "requests", asked)
    for number, told in enumerate(answered, 2):
        judge.answers(verdict, f"queries of device{number}", told)
    judge.pushes(verdict, pushes)
    end(verdict, scene)
    judge.log(verdict, gateway.log)
    (options.to / "serve.log").write_bytes(gateway.log.read_bytes())
    return verdict, {
        "samples": samples.rows, "tampering": tampering.done, "requests": asked, "queries": answered, "pushes": pushes.seconds,
        "packets": lost,
    }  # fmt: skip


def wait(seconds, threads, gateway):
    """Until the time is over; at once if the daemon ended or something here failed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(1)
        if gateway.daemon.poll() is not None:
            raise AssertionError(f"serve ended with {gateway.daemon.returncode}{gateway.log_tail()}")
        for thread in threads:
            if thread.fault:
                raise thread.fault


def end(verdict, scene):
    """Everything rests: what was wanted is there, here and at the remote, and the daemon ends as it should."""
    gateway = scene.gateway
    try:
        gateway.wait_in_sync(30)
        verdict.judge("in sync at the end", "yes", True, "")
    except AssertionError as error:
        verdict.judge("in sync at the end", str(error)[:2000], False, "yes")
    heads = [git(scene.bare, "rev-parse", "main")]

    def agrees():
        heads[:] = [git(scene.bare, "rev-parse", "main"), git(gateway.config, "rev-parse", "main")]
        return heads[0] == heads[1]

    try:
        wait_for(agrees, 30, 0.5, "the same head")
        verdict.judge("head here and at the remote", heads[0][:12], True, "the same")
    except AssertionError:
        verdict.judge("head here and at the remote", " ".join(head[:12] for head in heads), False, "the same")
    verdict.zero("files of the worktree that differ", git(gateway.config, "status", "--porcelain").splitlines())
    commits = git(gateway.config, "rev-list", "--count", "main")
    verdict.judge("commits", commits, None, "")
    told = git(gateway.config, "fsck", "--no-dangling", "--no-progress")
    verdict.judge("git fsck", told or "nothing", told == "", "nothing")
    status = gateway.json("status", expect=[DONE, 2, 10])
    verdict.judge("conditions", ", ".join(sorted(held(status))) or "none", not held(status), "none")
    code = gateway.stop(seconds=30)
    verdict.judge("exit code of serve", str(code), code == 0, "0")
    judge.databases(verdict, gateway.state)


def held(status):
    """Conditions that say that something is held back or has failed."""
    return {row["type"] for row in status["conditions"] if row["holds"] and row["type"] not in ("Ready", "Reconciling")}


if __name__ == "__main__":
    main()
