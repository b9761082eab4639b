"""The examples in CONTRIBUTING.md work: a field, a report and two commands, each added to a copy of the program."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data" / "sample.archive.json"
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def module(path: str) -> str:
    """Return the complete module that the guide shows for `path`."""
    return re.search(rf"`{re.escape(path)}`:\n\n```python\n(.*?)```", GUIDE, re.S)[1]


def added(path: str) -> list[str]:
    """Return the lines that the guide's diff adds to `path`."""
    diff = re.search(rf"--- {re.escape(path)}\n(.*?)```", GUIDE, re.S)[1]
    return [line[1:] for line in diff.splitlines() if line.startswith("+")]


def insert(file: Path, before: str, lines: list[str]) -> None:
    """Insert lines before the first line that contains `before`."""
    old = file.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(old) if before in line)
    file.write_text("\n".join([*old[:at], *lines, "", *old[at:], ""]), "utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the program with all the additions."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "archive", folder / "archive", ignore=shutil.ignore_patterns("__pycache__"))
    for path in ("archive/analysis/visits.py", "archive/cli/count.py"):
        (folder / path).write_text(module(path), "utf-8")
    (field,) = added("archive/model/records/product.py")
    insert(folder / "archive/model/records/product.py", "cost: Decimal | None", [field])
    insert(folder / "archive/ui/screens/today.py", "    @command(", added("archive/ui/screens/today.py"))
    shutil.copy(SAMPLE, folder / "archive.json")
    return folder


@pytest.fixture
def run(copy):
    """Return a function that runs Python in the copy and returns its output."""

    def ran(*words: str) -> str:
        return subprocess.run(
            [sys.executable, *words],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        ).stdout

    return ran


def test_the_field_is_on_the_command_line(run):
    assert "best before" in run("-m", "archive", "fields", "products")


def test_the_report_counts_visits(run):
    words = ["--from", "2026-01-01", "--to", "2026-10-31", "--format", "csv"]
    report = run("-m", "archive", "--archive", "archive.json", "report", "visits", *words)
    listed = run(
        *("-m", "archive", "--archive", "archive.json", "list", "--table", "activities", "--format", "csv"),
        "channel:visit at:2026-01-01..2026-10-31",
    )
    assert f",{len(listed.splitlines()) - 1}," in report


def test_the_command_counts_records(run):
    assert "Customers: 299, Products: 22" in run("-m", "archive", "--archive", "archive.json", "count")


def test_the_screen_has_the_command(run):
    code = (
        "from archive.ui.commands import commands_of; from archive.ui.screens.today import TodayScreen;"
        "print([(command.keys, command.label) for _action, command, _help in commands_of(TodayScreen)])"
    )
    assert "('Y', 'Copy e-mail')" in run("-c", code)
