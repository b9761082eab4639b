"""The head of a profile: contact details first, then warnings, then other facts."""

import pytest
from driving import SMITH, driven, press, screen_text

from archive.ui.neighbours import Neighbours
from archive.ui.widgets.profile_head import chosen

LINES = [("Phone", "1", ""), ("Purchases", "2", ""), ("Orders", "3", ""), ("Contracts", "overdue", "warn")]


def test_warnings_take_precedence_over_other_facts_without_changing_the_order():
    assert [label for label, _text, _tone in chosen(LINES, 2)] == ["Phone", "Contracts"]
    assert [label for label, _text, _tone in chosen(LINES, 3)] == ["Phone", "Purchases", "Contracts"]
    assert chosen(LINES, 0) == []
    assert chosen(LINES, 9) == LINES


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 20)])
async def test_phone_and_e_mail_are_in_the_head_on_every_tab(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, *SMITH, "4")
        assert "+49 228 5550 147 · marta@" in screen_text(pilot)


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
