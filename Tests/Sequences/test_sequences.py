"""Random sequences against a gateway of real parts: pushes, REST, tampering with kernel and database, kill -9.

`WIREBUDDY_SEED=n` repeats a run, `WIREBUDDY_SEQUENCES=n` says how many (make soak). A sequence that fails is tried again on
a fresh gateway, made short there and printed; as a file in `Kept` it stays a test. The clock is not moved here: that is done in Tests/ReconcilerTests/Sequences.
"""

import os
import time
from pathlib import Path

import pytest

import check
import sequence
from lab.office import PROVE, count
from steps import happen
from world import World

KEPT = sorted((Path(__file__).parent / "Kept").glob("*.txt"))
# The gateways that sequences happen to at a time, each in a test of its own.
WORKERS = 4
FULL = 3000
# The full counts try other sequences each time; what a run of the CI says does not depend on luck.
SEED = int(os.environ.get("WIREBUDDY_SEED") or (time.time() if PROVE else 8))


def run(world, steps):
    """Why a sequence fails, or an empty text."""
    for number, step in enumerate(steps):
        try:
            happen(world, step)
            back = world.back_again()
            assert not back, f"peers are back after they were revoked: {back}"
        except AssertionError as error:
            return f"step {number + 1}, {step}: {error}"
    try:
        check.settle(world)
    except AssertionError as error:
        return f"afterwards: {error}"
    return "; ".join(check.everything(world))


def fails(directory, steps):
    """Why a sequence fails on a gateway of its own."""
    directory.mkdir()
    world = World(directory)
    try:
        return run(world, steps)
    finally:
        world.close()


@pytest.mark.parametrize("worker", range(WORKERS))
def test_sequences_end_as_declared(worker, tmp_path, record_property):
    total = int(os.environ.get("WIREBUDDY_SEQUENCES") or count(FULL))
    (tmp_path / "world").mkdir()
    world = World(tmp_path / "world")
    began, done = time.monotonic(), 0
    try:
        for number in range(worker, total, WORKERS):
            steps = sequence.make(f"{SEED}/{number}")
            world.gone = set()
            why = run(world, steps)
            if why:
                break
            done += 1
    finally:
        world.close()
    record_property("say", f"sequences of gateway {worker}: {done} of its share of {total} ({FULL} with make prove) in "
                    f"{time.monotonic() - began:.0f} s, WIREBUDDY_SEED={SEED}")  # fmt: skip
    if why:
        tries = iter(range(1000))
        again = lambda rest: fails(tmp_path / f"again{next(tries)}", rest)  # noqa: E731
        short = sequence.shrink(steps, again) if again(steps) else steps
        text = "\n".join(map(str, short))
        pytest.fail(f"WIREBUDDY_SEED={SEED}: sequence {number}: {why}\nkeep it in Tests/Sequences/Kept:\n{text}")


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_a_sequence_that_failed_once_does_not_fail_again(file, tmp_path):
    assert fails(tmp_path / "world", sequence.read(file.read_text())) == ""


def test_a_sequence_is_read_as_it_is_written_and_made_short():
    made = [sequence.make(f"text/{number}") for number in range(200)]
    assert [sequence.read("\n".join(map(str, steps))) for steps in made] == made
    assert {step.verb for steps in made for step in steps} == set(sequence.VERBS)
    steps = [sequence.Step("wait", number, 0) for number in range(7)]
    assert sequence.shrink(steps, lambda rest: {steps[1], steps[4]} <= set(rest)) == [steps[1], steps[4]]
