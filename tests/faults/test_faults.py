"""Nothing acknowledged is lost, whatever is killed, fails or is torn; and each harness sees what bad stores lose."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faults import halves, shims, unlocked

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the harnesses are for Linux")
TESTS = Path(__file__).parent.parent
LONGEST = 7200  # seconds, for a machine on which nothing goes on any more
PATIENCE = 60
MOST = 2_000  # tries until a bad store is caught; a harness stops at the first loss
SMALL_DISK = 'mount -t tmpfs -o size=256k none "$1" && shift && exec "$@"'

# How often in every run and in the long one, and the stores or programs that each has to catch.
HARNESSES = {
    "kills": (25, 2_500, ["stock"]),
    "calls": (25, 100_000, ["stock"]),
    "halves": (30, 100_000, ["stock"]),
    "full": (4, 300, ["stock"]),
    "power": (0, 300, ["stock", "renamed"]),
    "crashes": (100, 25_000, ["stock", "renamed", "unsynced"]),
    "flips": (300, 1_000_000, ["stock", "renamed"]),
    "repairs": (300, 1_000_000, ["believing", "trusting"]),
    "readers": (60, 3_000, ["stock", "renamed"]),
    "tui_kills": (2, 1_000, ["late"]),
    "tui_full": (1, 40, ["late"]),
    "cli_kills": (8, 500, ["in place"]),
    "background": (1, 60, ["dropping"]),
    "foreign": (42, 1_000, ["overwriting"]),
    "tui_foreign": (2, 84, ["overwriting"]),
    "shrinking": (4, 100, ["mapped"]),
    "unlocked": (1, 25, ["trusting"]),
    "malformed": (120, 5_000, ["overwriting"]),
    "homes": (8, 336, ["careless"]),
    "hostile": (1_500, 100_000, ["careless"]),
    "monkey": (3_000, 100_000, ["planted"]),
    "tui_monkey": (150, 5_000, ["planted"]),
}
ON_A_SMALL_DISK = ("full", "tui_full")
SHIMS = {"halves": halves.SOURCE, "unlocked": unlocked.SOURCE}
SHORT = [harness for harness, (short, _long, _stores) in HARNESSES.items() if short]
BAD = [(harness, store) for harness in HARNESSES for store in HARNESSES[harness][2]]


def slow(harness: str, store: str) -> list[pytest.MarkDecorator]:
    """Root is asked for only where many cases are; one bad store for each harness is enough for every run."""
    is_enough = HARNESSES[harness][0] and store == HARNESSES[harness][2][0]
    return [] if is_enough else [pytest.mark.long]


def tried(harness: str, store: str, count: int, folder: Path, record=lambda key, value: None) -> dict:
    """What a harness found in a process of its own."""
    around, more = surroundings(harness, folder)
    command = [sys.executable, "-m", "faults.drive", harness, store, str(count), "1", str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path]), **more}
    done = called([*around, *command], environment, LONGEST)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    if result["skip"]:
        pytest.skip(result["skip"])
    for key, value in {"harness": harness, "store": store, **result}.items():
        record(key, value)
    return result


def surroundings(harness: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """What some need around them: a small disk, or something that stands before the system."""
    if harness in ON_A_SMALL_DISK:
        around = ["unshare", "-Urm", "sh", "-c", SMALL_DISK, "sh", str(folder)]
        if not shutil.which("unshare") or called([*around, "true"], dict(os.environ), PATIENCE).returncode:
            pytest.skip("nobody may mount a small disk here")
        return around, {}
    if harness in SHIMS:
        shim = shims.built(SHIMS[harness], folder)
        if shim.startswith("!"):
            pytest.skip(shim[1:])
        return [], {"LD_PRELOAD": shim}
    return [], {}


def called(command: list[str], environment: dict[str, str], seconds: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=TESTS.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@pytest.mark.parametrize("harness", SHORT)
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


@pytest.mark.parametrize(("harness", "store"), [pytest.param(*one, marks=slow(*one)) for one in BAD])
def test_a_store_that_is_known_to_lose_data_is_caught(harness, store, tmp_path, record_property):
    found = tried(harness, store, MOST, tmp_path, record_property)
    assert found["lost"], "the harness is content with a store that loses data"
