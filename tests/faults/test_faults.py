"""Nothing acknowledged is lost, whatever is killed, fails or is torn; and each harness sees what bad stores lose."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
LONGEST = 7200  # seconds, for a machine on which nothing goes on any more
HALVES = TESTS / "faults" / "halves.c"

# how often in every run, and in the long one; and the stores that each has to catch
HARNESSES = {
    "kills": (25, 2500, ["stock"]),
    "calls": (40, 100_000, ["stock"]),
}
BAD = [(harness, store) for harness, (_short, _long, stores) in HARNESSES.items() for store in stores]


def tried(harness: str, store: str, count: int, folder: Path, record=lambda key, value: None) -> dict:
    """What a harness found in a process of its own."""
    command = [sys.executable, "-m", "faults.drive", harness, store, str(count), "1", str(folder)]
    done = subprocess.run(
        command,
        cwd=TESTS.parent,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    if result["skip"]:
        pytest.skip(result["skip"])
    for key, value in {"harness": harness, "store": store, **result}.items():
        record(key, value)
    return result


@pytest.mark.parametrize("harness", HARNESSES)
def test_nothing_that_was_acknowledged_is_lost(harness, tmp_path, record_property):
    found = tried(harness, "ours", HARNESSES[harness][0], tmp_path, record_property)
    assert found["cycles"]
    assert found["lost"] == 0, found["told"]


@pytest.mark.long
@pytest.mark.parametrize("harness", HARNESSES)
def test_nothing_is_lost_in_many_tries_either(harness, tmp_path, record_property):
    found = tried(harness, "ours", HARNESSES[harness][1], tmp_path, record_property)
    assert found["cycles"]
    assert found["lost"] == 0, found["told"]


@pytest.mark.parametrize(("harness", "store"), BAD)
def test_a_store_that_is_known_to_lose_data_is_caught(harness, store, tmp_path, record_property):
    found = tried(harness, store, 400, tmp_path, record_property)
    assert found["lost"], "the harness is content with a store that loses data"
