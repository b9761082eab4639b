"""The demo is the sample, moved to the days around today."""

import json
import tomllib
from datetime import date, datetime, time, timedelta

import pytest
from committed import COMMITTED

from archive.errors import InUse, NotFound
from archive.service import demo
from archive.service.archive import Archive
from archive.service.demo import SAMPLE_DAY, make_demo, sample_path, shifted
from archive.store.lock import WriterLock


def test_shifting_moves_dates_in_lists_but_not_birthdays():
    tables = {
        "_meta": {"1": {"format": "customer-archive"}},
        "customers": {
            "1": {
                "uid": "a",
                "full_name": "2026-01-01",
                "customer_since": "2024-02-29",
                "birthday": "1980-05-06",
                "positions": [{"organisation": {"name": "Globex"}, "since": "2020-01-01"}],
                "windows": [{"days": [0], "start": "09:00"}],
                "extra": {"since": "2020-01-01"},
                "of_tomorrow": "2020-01-01",
            }
        },
        "interactions": {"1": {"uid": "b", "customer": "a", "at": "2026-12-31T23:30"}},
    }
    before = json.dumps(tables)
    moved = shifted(tables, 7)
    customer = moved["customers"]["1"]
    assert customer["customer_since"] == "2024-03-07"
    assert customer["positions"] == [{"organisation": {"name": "Globex"}, "since": "2020-01-08"}]
    assert moved["interactions"]["1"]["at"] == "2027-01-07T23:30"
    for kept in ("full_name", "birthday", "windows", "extra", "of_tomorrow"):
        assert customer[kept] == tables["customers"]["1"][kept]
    assert json.dumps(tables) == before
    assert shifted(moved, -7) == tables


@pytest.mark.parametrize("days", [-800, -1, 0, 6, 7, 500])
def test_the_demo_is_moved_by_whole_weeks_and_ends_within_the_week(tmp_path, raw, days):
    today = SAMPLE_DAY + timedelta(days=days)
    made = json.loads(make_demo(tmp_path / "demo.json", today).read_bytes())
    step = date.fromisoformat(made["transactions"]["1"]["on"]) - date.fromisoformat(
        raw["transactions"]["1"]["on"]
    )
    assert step.days % 7 == 0
    assert timedelta(0) <= today - (SAMPLE_DAY + step) < timedelta(days=7)
    assert made["_meta"]["1"]["uuid"] != raw["_meta"]["1"]["uuid"]


def test_the_demo_opens_as_an_archive_that_can_be_changed_and_undone(tmp_path):
    path = make_demo(tmp_path / "new" / "folder" / "demo.json", SAMPLE_DAY)
    archive = Archive.open(path, clock=lambda: datetime.combine(SAMPLE_DAY, time(9)))
    assert archive.count("customers", "category:round") == 32
    assert archive.undo() is None
    uid = archive.select("customers", "status:active")[0]
    archive.edit("customers", uid, grade="Z")
    assert archive.undo() is not None
    archive.close()


def test_a_demo_is_reused_until_a_fresh_one_is_requested(tmp_path):
    path = tmp_path / "demo.json"
    path.write_text("mine")
    assert make_demo(path, SAMPLE_DAY).read_text() == "mine"
    assert make_demo(path, SAMPLE_DAY, fresh=True).read_text(encoding="utf-8").startswith('{"_meta"')


def test_a_demo_that_is_open_elsewhere_is_not_replaced(tmp_path):
    path = tmp_path / "demo.json"
    path.write_text("mine")
    lock = WriterLock(path)
    lock.acquire("now")
    with pytest.raises(InUse):
        make_demo(path, SAMPLE_DAY, fresh=True)
    lock.release()
    assert path.read_text() == "mine"
    assert make_demo(path, SAMPLE_DAY, fresh=True).stat().st_size > 1_000_000


def test_only_the_sample_is_packaged():
    pyproject = tomllib.loads((COMMITTED.parent / "pyproject.toml").read_text("utf-8"))
    packaged = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert list(packaged) == ["sample_data/sample.archive.json"]


def test_the_sample_is_read_from_the_installed_package(tmp_path, monkeypatch):
    assert sample_path() == COMMITTED / "sample.archive.json"
    monkeypatch.setattr(demo, "__file__", str(tmp_path / "archive" / "service" / "demo.py"))
    with pytest.raises(NotFound):
        make_demo(tmp_path / "demo.json", SAMPLE_DAY)
    packaged = tmp_path / "archive" / "sample.archive.json"
    packaged.parent.mkdir()
    packaged.write_text("{}")
    assert sample_path() == packaged
