"""Salvage of damaged journals and links, case by case."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from harm import held, make, make_long, person
from strategies import NOW

from archive.errors import CannotWrite, Damaged
from archive.model.contact_details import Position
from archive.model.field_types.base import Ref
from archive.model.records.campaign import Campaign
from archive.service.archive import Archive
from archive.service.repairing import repair, restore
from archive.store import copying
from archive.store.copying import set_aside
from archive.store.salvage import tables
from archive.store.salvage.salvage import salvage
from archive.store.wal.records import mark, pack
from archive.store.wal.segments import listed

ANN = {"uid": "a", "kind": "person", "full_name": "Ann"}
BEN = {"uid": "b", "kind": "person", "full_name": "Ben"}


def journal_of(path: Path, *payloads: Any, tail: bytes = b"") -> Path:
    """Make an archive of two changes whose journal has these payloads after its header."""
    (journal,) = listed(make_long(path))
    head = journal.read_bytes().splitlines(keepends=True)[0]
    packed = [
        one if isinstance(one, bytes) else pack(json.dumps(one, separators=(",", ":")).encode())
        for one in payloads
    ]
    journal.write_bytes(head + b"".join(packed) + tail)
    return journal


def new(number: int, row: dict | None, old: dict | None = None, table: str = "customers") -> list:
    return [table, str(number), row, old]


def names(path: Path) -> set[str]:
    return {row["full_name"] for row in held(path)["customers"].values()}


def test_a_journal_is_replayed_from_its_first_change_if_header_and_metadata_are_lost(path: Path) -> None:
    (first,) = listed(make_long(path))
    wanted = held(path)
    lines = first.read_bytes().splitlines(keepends=True)
    after = json.loads(lines[0][18:])["after"]
    second = pack(json.dumps({**json.loads(lines[0][18:]), "after": after + 2, "tail": ""}).encode())
    first.with_name(f"{path.name}.j000002").write_bytes(second + b"".join(lines[5:]))
    first.write_bytes(b"harmed" + b"".join(lines[:5])[6:])
    path.write_bytes(path.read_bytes().replace(b'"customer-archive"', b'"customer\xffarchive"'))
    repair(path, NOW)
    assert held(path) == wanted


def test_the_frames_of_a_large_change_are_combined(path: Path) -> None:
    bad = b"00000000 00000001 x\n"
    journal_of(
        path,
        [3, 0, "two", [new(9, ANN)], True],
        [3, 0, "two", [new(10, BEN)], {"entry": 3, "at": "2026-11-21T10:00", "meta": {"entries": 3}}],
        bad,
        [5, 0, "last", [new(9, None, ANN)], {}],
    )
    done = repair(path, NOW)
    assert done.lost[0].startswith("Change 4 cannot be read. It was in ")
    assert names(path) == {"Person 0", "Person 1", "Person 2", "Ben"}
    assert held(path)["history"][3] == ["two", False]


def test_the_intact_part_of_a_damaged_change_is_applied_and_reported(path: Path) -> None:
    journal_of(
        path,
        [3, 0, "three", [new(9, ANN)], True],
        b"00000000 00000001 x\n",
        [3, 0, "three", [new(10, BEN)], {}],
        [4, 0, "last", [], {}],
    )
    done = repair(path, NOW)
    assert "A part of change 3: three" in done.lost
    assert {"Ann", "Ben"} <= names(path)


def test_a_change_without_its_end_is_applied_if_others_follow(path: Path) -> None:
    journal_of(path, [3, 0, "begun", [new(9, ANN)], True], [4, 0, "next", [new(10, BEN)], {}])
    done = repair(path, NOW)
    assert done.lost == ["A part of change 3: begun"]
    assert {"Ann", "Ben"} <= names(path)


def test_an_unfinished_change_at_the_end_is_left_out(path: Path) -> None:
    journal_of(
        path,
        b"00000000 00000001 x\n",
        [3, 0, "whole", [new(9, ANN)], {}],
        [4, 0, "torn", [new(10, BEN)], True],
        tail=b"12345678 1234",
    )
    repair(path, NOW)
    assert "Ann" in names(path)
    assert "Ben" not in names(path)


@pytest.mark.parametrize(
    "payload",
    [
        {"no": "list"},
        [3, "ms", "label", [], {}],
        [3, 0, "label", [], []],
        [3, 0, "label", [["customers", "x", None, None]], {}],
        [3, 0, "label", [["customers", 9, None, None]], {}],
        [3, 0, "label", [["customers", "9", 5, None]], {}],
        [3, 0, "label", [[]], {}],
        [3, 0],
    ],
)
def test_an_intact_frame_that_is_not_a_change_is_reported_as_lost(path: Path, payload: Any) -> None:
    journal_of(path, payload, [4, 0, "next", [new(10, BEN)], {}])
    done = repair(path, NOW)
    (lost,) = done.lost
    assert "Change 3 cannot be read. It was in " in lost
    assert "j000001, bytes " in lost
    assert "Ben" in names(path)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (new(9, ANN, table="songs"), "songs"),
        (new(9, None, None), "no record of a known table"),
        (new(9, {**ANN, "tags": 5}), "Ann"),
    ],
)
def test_an_invalid_change_is_reported_and_left_out(path: Path, change: list, why: str) -> None:
    journal_of(path, b"00000000 00000001 x\n", [3, 0, "odd", [change, new(10, BEN)], {}])
    done = repair(path, NOW)
    assert any(why in one for one in done.lost)
    assert names(path) == {"Person 0", "Person 1", "Person 2", "Ben"}


@pytest.mark.parametrize(
    "extra",
    [
        {"entry": 3},
        {"entry": 3, "at": "soon"},
        {"entry": "3", "at": "2026-11-21"},
        {"undone": [[99, True]]},
        {"undone": 5},
        {"meta": 5},
        {"meta": {"entries": "x"}},
    ],
)
def test_invalid_history_data_is_left_out_of_the_history(path: Path, extra: dict) -> None:
    journal_of(path, b"00000000 00000001 x\n", [3, 0, "odd", [new(10, BEN)], extra])
    repair(path, NOW)
    assert "Ben" in names(path)
    assert set(held(path)["history"]) == {1, 2}


def test_an_undo_is_also_applied_to_the_history(path: Path) -> None:
    journal_of(path, b"00000000 00000001 x\n", [3, 0, "odd", [], {"undone": [[2, True]]}])
    repair(path, NOW)
    assert held(path)["history"][2][1] is True


def test_the_same_change_twice_is_applied_once(path: Path) -> None:
    journal = journal_of(path, [3, 0, "one", [new(10, BEN)], {}])
    journal.with_name("archive.json.j000002").write_bytes(journal.read_bytes())
    done = repair(path, NOW)
    assert not done.lost
    assert "Ben" in names(path)


def test_a_later_segment_shows_which_changes_the_one_before_lost(path: Path) -> None:
    journal = journal_of(path, [3, 0, "one", [new(10, BEN)], {}])
    head = json.loads(journal.read_bytes().split(b"\n")[0][18:])
    later = pack(json.dumps({**head, "after": 7}).encode())
    journal.with_name("archive.json.j000002").write_bytes(later + pack(b'[8,0,"x",[],{}]'))
    assert repair(path, NOW).lost == ["Changes 4 to 7 cannot be read."]


def test_an_unreadable_segment_is_reported_and_moved_aside(path: Path) -> None:
    (journal,) = listed(make_long(path))
    journal.rename(path.with_name("elsewhere"))
    journal.symlink_to("elsewhere")
    done = repair(path, NOW)
    assert "is a symbolic link" in done.lost[0]
    assert not journal.is_symlink()
    assert path.with_name("elsewhere").exists()
    assert (done.copies / journal.name).is_symlink()


def test_a_lost_customer_of_several_records_is_recreated_once(path: Path) -> None:
    calls = [
        [3, 0, "calls", [new(n, {"uid": f"i{n}", "customer": "gone"}, table="interactions")], {}]
        for n in (8, 9)
    ]
    journal_of(path, b"00000000 00000001 x\n", calls[0], [4, *calls[1][1:]])
    done = repair(path, NOW)
    assert len([one for one in done.doubtful if "was recreated" in one]) == 1
    assert "Lost customer gone" in names(path)


def test_broken_links_in_lists_become_names(path: Path) -> None:
    archive = Archive.open(path, create=True, clock=lambda: NOW)
    archive.save(person("lost", "Lost Foods"))
    archive.save(
        person("p", "Paula", positions=(Position(organisation=Ref(uid="lost"), title="buyer"),)),
        Campaign(uid="k", name="Fair", start=NOW.date(), audience=(Ref(uid="lost"), Ref(uid="p"))),
    )
    archive.close()
    text = path.read_text()
    path.write_text(
        text.replace(
            '"1":{"uid":"lost","code":"C-00001","kind"', '"1":{"uid":"lost","code":"C-00001",kind"', 1
        )
    )
    done = repair(path, NOW)
    now = held(path)
    assert now["customers"]["p"]["positions"][0]["organisation"] == {"name": "Lost Foods"}
    assert now["campaigns"]["k"]["audience"] == [{"name": "Lost Foods"}, "p"]
    assert len([one for one in done.doubtful if "referred to a record that is lost" in one]) == 2


def test_an_invalid_history_entry_is_lost(path: Path) -> None:
    make(path)
    text = path.read_text()
    path.write_text(text.replace('"label":', '"lapel":', 1))
    assert "entry 1 of the history" in repair(path, NOW).lost[0]
    assert set(held(path)["history"]) == {2}


def test_one_of_two_records_with_the_same_number_gets_another(path: Path) -> None:
    make(path)
    path.write_text(path.read_text().replace('"3":{"uid":"c2"', '"2":{"uid":"c2"', 1))
    done = repair(path, NOW)
    assert not done.lost
    assert "customers 3: Person 2. It was in a damaged part of the file." in done.doubtful
    assert names(path) == {"Person 0", "Person 1", "Person 2"}


def test_an_archive_of_a_newer_version_is_not_repaired(path: Path) -> None:
    make(path)
    data = path.read_text()
    data = data[: data.index('\n,"_sum"')].replace('"schema":2', '"schema":99')
    path.write_text(data)
    with pytest.raises(Damaged, match="newer version"):
        repair(path, NOW)
    assert path.read_text() == data


def test_a_file_without_read_permission_cannot_be_salvaged(path: Path, monkeypatch) -> None:
    make(path)

    def refused(_path: Path) -> bytes:
        raise PermissionError(13, "")

    monkeypatch.setattr(tables, "map_file", refused)
    with pytest.raises(Damaged):
        salvage(path)


def test_a_backup_without_its_checksums_is_refused(path: Path, tmp_path: Path) -> None:
    make(path)
    other = tmp_path / "backup.json"
    other.write_bytes(path.read_bytes().replace(b'\n,"_sum":{', b'\n,"_sun":{'))
    before = path.read_bytes()
    with pytest.raises(Damaged, match="Choose another backup"):
        restore(path, other, NOW)
    assert path.read_bytes() == before


def test_missing_empty_tables_are_no_loss(path: Path) -> None:
    make(path)
    data = path.read_bytes()
    start, end = data.index(b',"products"'), data.index(b',"interactions"')
    path.write_bytes(data[:start] + data[end:])  # the next table moves into their place
    assert repair(path, NOW).lost == []


def test_a_history_entry_about_an_unknown_table_is_reported(path: Path) -> None:
    make(path)
    data = path.read_bytes()
    without_sums = data[: data.index(b',"_sum"')] + b"}\n"
    path.write_bytes(without_sums.replace(b'[["interactions"', b'[["interactiens"'))
    assert [
        one for one in repair(path, NOW).lost if "New activity: Person 1" in one and "cannot be read" in one
    ]


class Killed(BaseException):
    """Simulates a kill of the process."""


def test_copies_that_cannot_be_made_are_reported(path: Path, monkeypatch) -> None:
    make(path)

    def refused(*_args, **_more) -> None:
        raise PermissionError(13, "")

    for call in ("mkdir", "open"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, call, refused)
            with pytest.raises(CannotWrite, match="permission was denied"):
                set_aside(path, "before-repair", NOW)
    assert not list(path.parent.glob("*before*"))


def test_a_disk_error_while_deleting_the_journal_is_reported(path: Path, monkeypatch) -> None:
    journal_of(path, b"00000000 00000001 x\n", [3, 0, "one", [new(10, BEN)], {}])

    def failing(_folder: Path) -> None:
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr(copying.checkpoint, "sync_folder", failing)
    with pytest.raises(CannotWrite):
        repair(path, NOW)


def test_a_missing_end_of_the_file_is_reported(path: Path) -> None:
    make(path)
    data = path.read_bytes()
    for end in (data.index(b'"3":{"uid"'), data.index(b'"3":{"uid"') + 5, data.index(b',"_history"')):
        path.write_bytes(data[:end])
        assert f"Everything after byte {end}: the file ends there." in repair(path, NOW).lost


def test_a_complete_file_of_the_first_versions_is_not_reported_as_cut_off(path: Path) -> None:
    ann = '"1":{"uid":"a","kind":"person","full_name":"Ann"}'
    meta = '"1":{"format":"customer-archive","schema":1}'
    text = f'{{"_meta":{{\n{meta}\n}}\n,"customers":{{\n{ann},\n"2":{{"uid":"b" "kind":"person"}}\n}}\n}}\n'
    path.write_text(text)
    assert len(repair(path, NOW).lost) == 1
    path.write_text(text[:-3])
    assert len(repair(path, NOW).lost) == 2


def test_a_line_without_a_record_is_lost(path: Path) -> None:
    make(path)
    text = path.read_text()
    line = next(line for line in text.split("\n") if line.startswith('"3":{"uid":"c2"'))
    path.write_text(text.replace(line, f'"3":["Person 2",{line[4:]}]', 1))
    assert "customers 3: Person 2" in repair(path, NOW).lost[0]


def test_a_folder_of_copies_is_complete_or_missing(path: Path, monkeypatch) -> None:
    make(path)
    usual = copying.write_whole

    def killed(target: Path, *arguments) -> None:
        usual(target, *arguments)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(copying, "write_whole", killed)
        patch.setattr(copying.shutil, "rmtree", lambda *_arguments, **_more: None)
        with pytest.raises(Killed):
            set_aside(path, "before-repair", NOW)
    assert not list(path.parent.glob("*before*"))
    (left,) = path.parent.glob("*.part")
    assert list(left.iterdir())
    repair(path, NOW)
    assert not left.exists()


def test_copies_whose_sync_fails_are_deleted(path: Path, monkeypatch) -> None:
    make(path)
    os.mkfifo(path.with_name("archive.json.pipe"))

    def failing(_folder: Path) -> None:
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr(copying, "sync_folder", failing)
    with pytest.raises(CannotWrite):
        set_aside(path, "before-repair", NOW)
    assert not list(path.parent.glob("*before*"))


def test_unreadable_bytes_are_reported_even_if_no_change_is_missing(path: Path) -> None:
    journal_of(path, b"x" * 200 + b"\n", [3, 0, "one", [new(9, ANN)], {}])
    done = repair(path, NOW)
    assert len(done.lost) == 1
    assert done.lost[0].startswith("The data in ")
    assert "Ann" in names(path)


def test_unreadable_bytes_before_a_torn_end_are_reported(path: Path) -> None:
    journal_of(path, [3, 0, "one", [new(9, ANN)], {}], b"00000000 00000001 x\n", [4, 0, "torn", [], True])
    done = repair(path, NOW)
    assert done.lost[0].startswith("The data in ")
    assert "(torn)" in done.doubtful[0]


def test_the_second_of_two_changes_with_the_same_lsn_is_reported_and_left_out(path: Path) -> None:
    journal_of(path, [3, 0, "one", [new(9, ANN)], {}], [3, 0, "two", [new(10, BEN)], {}])
    done = repair(path, NOW)
    assert "Another change 3: two. Only one of the two was applied." in done.lost
    assert {"Ann"} == names(path) - {"Person 0", "Person 1", "Person 2"}


def test_a_repeated_change_in_the_place_of_others_is_reported(path: Path) -> None:
    one = [3, 0, "one", [new(9, ANN)], {}]
    journal_of(path, one, one)
    done = repair(path, NOW)
    assert "The data in " in done.lost[0]
    assert "Ann" in names(path)


def test_a_mark_without_its_change_shows_that_the_change_is_lost(path: Path) -> None:
    journal_of(path, [3, 0, "one", [new(9, ANN)], {}], mark(3), mark(4))
    assert repair(path, NOW).lost == ["Change 4 cannot be read."]


def test_the_report_of_a_long_unreadable_change_names_ten_of_its_records(path: Path) -> None:
    rows = [
        new(number, {"uid": f"u{number}", "kind": "person", "full_name": f"N{number}"})
        for number in range(20, 40)
    ]
    journal = journal_of(
        path, [3, 0, "import", [["songs", "1", None, None], *rows], {}], [4, 0, "next", [], {}]
    )
    journal.write_bytes(journal.read_bytes().replace(b"N21", b"\\q1", 1))
    (lost,) = repair(path, NOW).lost
    assert "(import, customers 20: N20, customers 21: u21, customers 22: N22" in lost
    assert "customers 28: N28, ...)" in lost
    assert "songs" not in lost


def test_changes_are_applied_to_a_record_whose_number_was_damaged(path: Path) -> None:
    make(path)
    sound = path.read_bytes()
    row = held(path)["customers"]["c2"]
    journal_of(path, [3, 0, "edit", [new(3, {**row, "full_name": "Edited"}, row)], {}])
    path.write_bytes(sound.replace(b'"3":{"uid":"c2"', b'"7":{"uid":"c2"', 1))
    done = repair(path, NOW)
    assert not done.lost
    assert names(path) == {"Person 0", "Person 1", "Edited"}
    assert "customers 7: Edited had another number." in done.doubtful


def test_a_record_gets_another_number_if_damage_gave_its_number_to_another(path: Path) -> None:
    make(path)
    sound = path.read_bytes()
    journal_of(path, [3, 0, "new", [new(4, BEN)], {}], [4, 0, "gone", [new(5, None, ANN)], {}])
    path.write_bytes(
        sound.replace(b'"3":{"uid":"c2"', b'"4":{"uid":"c2"', 1).replace(
            b'"2":{"uid":"c1"', b'"5":{"uid":"c1"', 1
        )
    )
    done = repair(path, NOW)
    assert not done.lost
    assert names(path) == {"Person 0", "Person 1", "Person 2", "Ben"}
    assert "customers 6: Ben had another number." in done.doubtful


def test_a_record_with_a_damaged_uid_is_restored_by_its_next_change(path: Path) -> None:
    make(path)
    sound = path.read_bytes()
    row = held(path)["customers"]["c2"]
    journal_of(path, [3, 0, "edit", [new(3, {**row, "full_name": "Edited"}, row)], {}])
    path.write_bytes(sound.replace(b'"3":{"uid":"c2"', b'"3":{"uid":"k2"', 1))
    done = repair(path, NOW)
    assert not done.lost
    assert names(path) == {"Person 0", "Person 1", "Edited"}


def test_a_damaged_record_is_not_lost_if_the_journal_has_it_completely(path: Path) -> None:
    make(path)
    sound = path.read_bytes()
    row = held(path)["customers"]["c2"]
    journal_of(path, [3, 0, "edit", [new(3, {**row, "full_name": "Edited"}, row)], {}])
    path.write_bytes(sound.replace(b'"3":{"uid":"c2","code"', b'"3":{"uid":"c2""code"', 1))
    done = repair(path, NOW)
    assert not any("customers 3" in one for one in [*done.lost, *done.doubtful])
    assert held(path)["customers"]["c2"] == {**row, "full_name": "Edited"}
