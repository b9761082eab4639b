"""What the tests of the screens share: archives with invented customers, and the folder exports go to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import fill, people
from report_by_hand import Answers, declare

from archive.model.records.customer import Customer
from archive.settings import Settings
from archive.ui import insights_cache
from archive.ui.insights_cache import InsightsCache
from archive.ui.key_queue import GIVE_UPS

LOOK_SOON = InsightsCache._look_soon


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Exports go to a folder of the test."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return settings._replace(export_folder=str(folder))


@pytest.fixture(autouse=True)
def no_key_is_given_up() -> Iterator[None]:
    """Each key of a test takes effect; the queue of keys gives none up to go on."""
    GIVE_UPS.clear()
    yield
    assert not GIVE_UPS


@pytest.fixture(autouse=True)
def insights_never(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reports know is not worked out by itself, so that it cannot come between two keys of a test."""
    monkeypatch.setattr(InsightsCache, "_look_soon", lambda keeper: None)


@pytest.fixture
def insights_soon(insights_never: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reports know is worked out as soon as it is asked for."""
    monkeypatch.setattr(InsightsCache, "_look_soon", LOOK_SOON)
    monkeypatch.setattr(insights_cache, "AFTER", 0.001)


@pytest.fixture
def filled(path: Path, settings: Settings) -> Path:
    """An archive with four customers, a dealing, a contact and a product."""
    return fill(path, settings, people())


@pytest.fixture
def bare(path: Path, settings: Settings) -> Path:
    """An archive with one customer of whom nothing but the name is known."""
    return fill(path, settings, [Customer(uid="c-bare", kind="person", full_name="Ann Bare")])


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """The only report there is, and what it answers."""
    found = Answers()
    declare(monkeypatch, found)
    return found
