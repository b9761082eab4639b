"""Run the fault-injection harnesses: no acknowledged change is lost, and each harness catches stores that lose data."""

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
LONGEST = 7200  # seconds after which a harness counts as hanging
PATIENCE = 60  # seconds to set up a small disk
MOST = 2_000  # most tries to catch a bad store; a harness stops at the first losses
SMALL_DISK = 'mount -t tmpfs -o size=256k none "$1" && shift && exec "$@"'

# Tries in every run, tries in the long run, and the bad stores or programs that the harness must catch.
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
    """Return the marks of a bad store: every run tries the first one of each harness, the long run tries them all."""
    is_enough = HARNESSES[harness][0] and store == HARNESSES[harness][2][0]
    return [] if is_enough else [pytest.mark.long]


def tried(harness: str, store: str, count: int, folder: Path, record=lambda key, value: None) -> dict:
    """Run a harness in a separate process and return its result."""
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
    """Return the command to run a harness under and its extra environment: a small disk, or a preloaded shim."""
    if harness in ON_A_SMALL_DISK:
        around = ["unshare", "-Urm", "sh", "-c", SMALL_DISK, "sh", str(folder)]
        if not shutil.which("unshare") or called([*around, "true"], dict(os.environ), PATIENCE).returncode:
            pytest.skip("small disks cannot be mounted here")
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
def test_no_acknowledged_change_is_lost(harness, tmp_path, record_property):
    found = tried(harness, "ours", HARNESSES[harness][0], tmp_path, record_property)
    assert found["cycles"]
    assert found["lost"] == 0, found["details"]


@pytest.mark.long
@pytest.mark.parametrize("harness", HARNESSES)
def test_no_acknowledged_change_is_lost_in_many_tries(harness, tmp_path, record_property):
    found = tried(harness, "ours", HARNESSES[harness][1], tmp_path, record_property)
    assert found["cycles"]
    assert found["lost"] == 0, found["details"]


@pytest.mark.parametrize(("harness", "store"), [pytest.param(*one, marks=slow(*one)) for one in BAD])
def test_a_store_known_to_lose_data_is_caught(harness, store, tmp_path, record_property):
    found = tried(harness, store, MOST, tmp_path, record_property)
    assert found["lost"], "the harness did not catch a store that loses data"
