"""Fixtures for the tests of the screens: archives with invented customers, an export folder, and fake reports."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import fill, people
from report_answers import Answers, declare

from archive.model.records.customer import Customer
from archive.settings import Settings
from archive.ui import insights_cache, today_count
from archive.ui.insights_cache import InsightsCache
from archive.ui.key_queue import GIVE_UPS
from archive.ui.today_count import TodayCount

COUNT_SOON = TodayCount._count_soon
LOOK_SOON = InsightsCache._look_soon


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The usual settings with an export folder inside the test's folder."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return settings._replace(export_folder=str(folder))


@pytest.fixture(autouse=True)
def no_key_is_given_up() -> Iterator[None]:
    """Fail a test if the key queue gave up a key that a screen never handled."""
    GIVE_UPS.clear()
    yield
    assert not GIVE_UPS


@pytest.fixture(autouse=True)
def insights_never(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never calculate insights in the background, where they could interfere with the keys of a test."""
    monkeypatch.setattr(InsightsCache, "_look_soon", lambda keeper: None)
    monkeypatch.setattr(TodayCount, "_count_soon", lambda count: None)


@pytest.fixture
def insights_soon(insights_never: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calculate insights as soon as a screen requests them."""
    monkeypatch.setattr(InsightsCache, "_look_soon", LOOK_SOON)
    monkeypatch.setattr(insights_cache, "AFTER", 0.001)


@pytest.fixture
def counted_soon(insights_never: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count what is due today as soon as a title bar asks for it."""
    monkeypatch.setattr(TodayCount, "_count_soon", COUNT_SOON)
    monkeypatch.setattr(today_count, "AFTER", 0.001)


@pytest.fixture
def filled(path: Path, settings: Settings) -> Path:
    """An archive with four customers, a transaction, an activity and a product."""
    return fill(path, settings, people())


@pytest.fixture
def bare(path: Path, settings: Settings) -> Path:
    """An archive with one customer who has only a name."""
    return fill(path, settings, [Customer(uid="c-bare", kind="person", full_name="Ann Bare")])


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Replace all reports by a fake report, and return it."""
    found = Answers()
    declare(monkeypatch, found)
    return found
