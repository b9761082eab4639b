"""The head of a profile: contact details first, then warnings, then other facts."""

import pytest
from driving import SMITH, driven, press, screen_text

from archive.service.profile_head import Head
from archive.ui.neighbours import Neighbours
from archive.ui.widgets.profile_head import head_lines

HEAD = Head(
    "Globex · active",
    "☎ 1",
    "Next: call",
    ["1 term overdue", "Complaint: open since May"],
    [("Orders", "3", ""), ("Availability", "until 17:00", "")],
)


def laid_out(width: int, most: int) -> list[str]:
    return [line.plain.rstrip() for line in head_lines(HEAD, width, most)]


def test_warnings_are_the_last_thing_to_go_from_the_head():
    warnings = "! 1 term overdue · Complaint: open since May"
    assert laid_out(60, 9) == [
        "Globex · active",
        "☎ 1",
        "Next: call",
        warnings,
        "Orders        3",
        "Availability  until 17:00",
    ]
    assert laid_out(60, 4) == ["Globex · active", "☎ 1", "Next: call", warnings]
    assert laid_out(60, 3) == ["☎ 1", "Next: call", warnings]
    assert laid_out(60, 2) == ["☎ 1", warnings]
    assert laid_out(60, 1) == laid_out(60, 0) == [warnings]


def test_long_warnings_are_wrapped_rather_than_cut():
    assert laid_out(22, 1) == ["! 1 term overdue ·", "  Complaint: open", "  since May"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 20)])
async def test_phone_and_e_mail_are_in_the_head_on_every_tab(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, *SMITH, "4")
        assert "☎ +49 228 5550 147  ✉ marta@" in screen_text(pilot)


def test_deleted_customers_are_skipped():
    among = Neighbours("a", ["a", "b", "c"])
    assert among.step(1, lambda uid: uid != "b")
    assert (among.uid, among.index) == ("c", 2)
    assert not among.step(1, lambda uid: True)


def test_a_customer_who_is_not_in_the_list_has_no_next_customer():
    among = Neighbours("x", ["a", "b"])
    assert among.index == 0
    assert not among.step(1, lambda uid: True)
    assert among.uid == "x"
