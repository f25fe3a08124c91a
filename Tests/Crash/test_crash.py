"""kill -9 at random points: the next start converges to an empty plan and leaves no orphan."""

import os
import signal
import subprocess
import time

import pytest

import host
from desired import Desired
from lab.namespace import wait_for
from lab.office import count

pytestmark = pytest.mark.crash

# Calls after which the host, the database or a file is different.
WRITES = ["sendto", "sendmsg", "pwrite64", "write", "fdatasync", "clone3", "openat", "unlink"]


def apply_arguments(gateway):
    """`apply`, with consent to what a rail would refuse: an interface that goes."""
    refusals = gateway.json("plan", expect=[0, 2, 11])["refusals"]
    return ["apply", *(word for refusal in refusals for word in ("--approve", refusal["digest"]))]


def kill_after(gateway, words, seconds):
    """Kills a command after a time; returns whether it was still at work."""
    process = gateway.namespace.start(*gateway.arguments(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    was_running = process.poll() is None
    process.kill()
    process.wait()
    return was_running


def kill_in_call(gateway, words, call, number):
    """Kills a command in its n-th call of a kind; returns whether it came that far."""
    trace = gateway.directory / "trace.txt"
    trace.unlink(missing_ok=True)
    command = ["strace", "-f", "-I", "2", "-o", trace, "-e", f"trace=execve,{call}", "-e",
               f"inject={call}:signal=SIGKILL:when={number}"]  # fmt: skip
    process = gateway.namespace.start(
        *command, *gateway.arguments(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        # A wireguard-go that the command started lives on, and with it strace: wait for the command itself.
        end = wait_for(lambda: process.poll() is not None and "gone" or ending(trace), 30, 0.01, f"end in {call} {number}")
        process.terminate()
        process.wait(timeout=10)
    finally:
        process.kill()
        process.wait()
    return "killed by SIGKILL" in (ending(trace) or end)


def ending(trace):
    """The line by which strace says how the command ended, if it did."""
    lines = trace.read_text(errors="replace").splitlines() if trace.exists() else []
    if not lines:
        return None
    command = lines[0].split()[0]
    return next((line for line in lines if line.split()[0] == command and "+++" in line), None)


def converge(gateway, context):
    """The next start: in sync at once, and nothing to do afterwards."""
    done = gateway.wirebuddy(*apply_arguments(gateway), expect=list(range(256)))
    assert done.returncode == 0, f"{context}: apply ended with {done.returncode}\n{done.stdout}{done.stderr}"
    done = gateway.wirebuddy("plan", expect=list(range(256)))
    assert done.returncode == 0, f"{context}: a second plan is not empty\n{done.stdout}{done.stderr}"


def test_kill_at_random_points_of_apply(gateway, choose, say):
    desired = Desired(choose)
    desired.write(gateway)
    start = time.monotonic()
    gateway.apply()
    typical = time.monotonic() - start
    host.check(gateway, desired, "before the first kill")
    total, hits = count(200), 0
    for number in range(total):
        steps = desired.step()
        desired.write(gateway)
        words = apply_arguments(gateway)
        if number % 2:
            seconds = choose.random() * typical
            context = f"round {number}, {steps}, killed after {seconds:.3f} s"
            hits += kill_after(gateway, words, seconds)
        else:
            call = choose.choice(WRITES)
            # Most calls stand few times in an apply; the logarithmic choice meets both ends.
            index = int(2 ** (choose.random() * 5))
            context = f"round {number}, {steps}, killed in {call} number {index}"
            hits += kill_in_call(gateway, words, call, index)
        start = time.monotonic()
        converge(gateway, context)
        # One apply and one plan: an apply alone takes about half of it.
        typical = (time.monotonic() - start) / 2
        host.check(gateway, desired, context)
    say(f"kill -9 of apply: {total} of {total} converged, {hits} of them killed at work")
    assert hits >= total // 8, f"only {hits} of {total} were killed while they worked"
    gateway.wirebuddy("down")
    assert gateway.traces() == []


def serve(gateway):
    """Starts serve and waits for the end of its first pass; its signals are handled from then on."""
    start = gateway.log.stat().st_size if gateway.log.exists() else 0
    with open(gateway.log, "ab") as log:
        gateway.daemon = gateway.namespace.start(
            *gateway.arguments("serve", "--log-level", "debug"), stdout=log, stderr=log)  # fmt: skip

    def has_passed():
        assert gateway.daemon.poll() is None, f"serve ended by itself{gateway.log_tail()}"
        return b"pass finished" in gateway.log.read_bytes()[start:]

    wait_for(has_passed, 30, 0.02, "the first pass of serve")


def test_kill_of_serve(gateway, choose, say):
    desired = Desired(choose)
    desired.write(gateway)
    serve(gateway)
    total = count(100)
    for number in range(total):
        # Interfaces and their ports stay: what takes them away waits for an approval, which is not what is tested here.
        before, ports = set(desired.interfaces), {name: row["port"] for name, row in desired.interfaces.items()}
        steps = desired.step()
        while set(desired.interfaces) != before:
            desired.toggle_interface()
        for name, row in desired.interfaces.items():
            row["port"] = ports[name]
        desired.write(gateway)
        seconds = choose.random() * 0.5
        time.sleep(seconds)
        os.kill(gateway.pid(), signal.SIGKILL)
        gateway.daemon.wait()
        context = f"round {number}, {steps}, serve killed {seconds:.3f} s after the change"
        serve(gateway)
        done = gateway.wirebuddy("plan", expect=list(range(256)))
        assert done.returncode == 0, f"{context}: the next start left {done.stdout}{done.stderr}{gateway.log_tail()}"
        stopped = gateway.stop()
        assert stopped == 0, f"{context}: serve ended with {stopped}"
        host.check(gateway, desired, context)
        serve(gateway)
    gateway.stop()
    say(f"kill -9 of serve: {total} of {total} converged")
    gateway.wirebuddy("down")
    assert gateway.traces() == []
