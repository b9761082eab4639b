"""The recent and pinned customers are kept in a small file beside the archive; a damaged one counts as empty."""

import json
import os
import stat
from pathlib import Path

import pytest

from archive.errors import CannotWrite
from archive.service.recent import (
    MOST_PINNED,
    MOST_RECENT,
    Recent,
    read_recent,
    recent_path,
    write_recent,
)


def test_the_customer_opened_last_is_first_and_the_list_is_bounded():
    recent = Recent()
    for n in range(MOST_RECENT + 5):
        recent = recent.with_opened(f"c-{n}")
    recent = recent.with_opened("c-20")
    assert recent.opened[:2] == ("c-20", f"c-{MOST_RECENT + 4}")
    assert len(recent.opened) == len(set(recent.opened)) == MOST_RECENT


def test_pins_keep_their_order_until_they_are_removed():
    recent = Recent().with_turned("a").with_turned("b").with_turned("c").with_turned("a")
    assert recent.pinned == ("b", "c")
    for n in range(MOST_PINNED):
        recent = recent.with_turned(f"c-{n}")
    assert recent.pinned[0] == "c-0"


def test_the_file_holds_uids_only_and_belongs_to_the_owner_alone(path):
    recent = Recent(("a", "b"), ("王",))
    write_recent(path, recent)
    assert read_recent(path) == recent
    assert json.loads(recent_path(path).read_bytes()) == {"opened": ["a", "b"], "pinned": ["王"]}
    assert stat.S_IMODE(recent_path(path).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "recent"),
    [
        (b"", Recent()),
        (b"{", Recent()),
        (b"[" * 9999, Recent()),
        (b"\xff", Recent()),
        (b"[1]", Recent()),
        (b" " * 99_999 + b"{}", Recent()),
        (b'{"opened": 5, "pinned": {"a": 1}}', Recent()),
        (b'{"opened": ["a", 5, "a", "b"], "more": 1}', Recent(("a", "b"))),
        (json.dumps({"pinned": ["x" * 101, "c"]}).encode(), Recent((), ("c",))),
        (
            json.dumps({"opened": list(map(str, range(99)))}).encode(),
            Recent(tuple(map(str, range(MOST_RECENT)))),
        ),
    ],
    ids=range(10),
)
def test_a_damaged_file_counts_as_empty_and_is_replaced(path, content, recent):
    recent_path(path).write_bytes(content)
    assert read_recent(path) == recent
    write_recent(path, Recent(("c",)))
    assert read_recent(path) == Recent(("c",))


@pytest.mark.parametrize("plant", [os.mkfifo, Path.mkdir, lambda place: place.symlink_to("theirs")])
def test_what_is_no_regular_file_is_neither_followed_nor_replaced(path, plant):
    theirs = path.parent / "theirs"
    theirs.write_text('{"opened": ["theirs"]}')
    plant(recent_path(path))
    assert read_recent(path) == Recent()
    with pytest.raises(CannotWrite):
        write_recent(path, Recent(("c",)))
    assert theirs.read_text() == '{"opened": ["theirs"]}'


def test_another_users_file_is_not_read(path, monkeypatch):
    write_recent(path, Recent(("theirs",)))
    monkeypatch.setattr(os, "geteuid", lambda: recent_path(path).stat().st_uid + 1)
    assert read_recent(path) == Recent()
