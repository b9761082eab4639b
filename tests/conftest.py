"""Fixtures for all tests: private folders, a fixed clock (Saturday, 21 November 2026, 10:00), an empty archive."""

import gc
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from strategies import HOSTILE, NOW

from archive.service.archive import Archive
from archive.settings import Settings
from archive.text import use_language

# `make fuzz` sets HYPOTHESIS_PROFILE=long.
_CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]
hypothesis_settings.register_profile(
    "short", deadline=None, max_examples=25, derandomize=True, suppress_health_check=_CALM
)
hypothesis_settings.register_profile("long", deadline=None, max_examples=1000, suppress_health_check=_CALM)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

# The slowest tests: `make check` runs them, `make test` does not.
CHECK = (
    "test_contributing.py",
    "faults/test_faults.py",
    "faults/test_hangups.py",
    "independent/",
    "model/test_records.py",
    "service/test_import_laws.py",
    "service/test_repairing.py",
    "store/test_verify.py",
    *(
        f"ui/test_{name}.py"
        for name in (
            "analysis_place",
            "bulk",
            "clipboard",
            "damage_met",
            "dialogs",
            "drafts_offered",
            "ending",
            "footers",
            "form_entering",
            "form_lists",
            "form_saving",
            "hostile",
            "huge_pastes",
            "import_place",
            "leaving",
            "marks",
            "memory",
            "palette",
            "places",
            "profile_tables",
            "report_asking",
            "report_page",
            "robustness",
            "settings_place",
            "type_ahead",
            "typed_ahead",
            "typing_on_a_terminal",
        )
    ),
)


# A test at several sizes of the terminal: `make test` runs it at the first size.
ANOTHER_SIZE = re.compile(r"\[.*\bsize[1-9]")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that only `make check` runs."""
    here = Path(__file__).parent
    for item in items:
        if not item.path.is_relative_to(here):
            continue
        is_slow = item.path.relative_to(here).as_posix().startswith(CHECK)
        if is_slow or (item.path.parent.name == "ui" and ANOTHER_SIZE.search(item.name)):
            item.add_marker(pytest.mark.check)


@pytest.fixture(scope="session", autouse=True)
def seldom_garbage() -> None:
    """Collect garbage as rarely as the program does, and never in imported modules.

    Otherwise the screen tests spend a third of their time in the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests out of the user's own folders, and start each test in English."""
    for variable, folder in (
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_CACHE_HOME", "cache"),
        ("HOME", "home"),
    ):
        monkeypatch.setenv(variable, str(tmp_path / "xdg" / folder))
    monkeypatch.delenv("ARCHIVE_FILE", raising=False)
    use_language("en")


@pytest.fixture
def now() -> datetime:
    """The current time in every test."""
    return NOW


@pytest.fixture
def settings() -> Settings:
    """Settings of an account manager in Germany who writes dates as year-month-day."""
    return Settings(me="Mara Muster", currency="EUR", region="DE", date_order="ymd", start_place="customers")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Path of the test's archive."""
    return tmp_path / "archive.json"


@pytest.fixture
def archive(path: Path, settings: Settings) -> Iterator[Archive]:
    """An empty archive, open for writing."""
    opened = Archive.open(path, settings, create=True, clock=lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request: pytest.FixtureRequest) -> str:
    """A hostile text, such as a file or a user may contain or type."""
    return str(request.param)
