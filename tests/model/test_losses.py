"""Test when customers were lost and won back, once or several times."""

import pytest
from strategies import PLAIN

from archive.errors import BadValue
from archive.model.derived import Row
from archive.model.fields import problems
from archive.model.filters import compile_query, words_of
from archive.model.losses import LOSSES, Loss, Spell, is_lost, keep_earlier_loss, spells
from archive.model.query import parse
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction

ONCE = {"lost_on": "2024-03-01", "won_back_on": "2024-06-01", "lost_reason": "service", "lost_to": "Globex"}
FIRST = {"lost_on": "2024-03-01", "won_back_on": "2024-06-01"}


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("2024-03-01..2024-06-01", FIRST),
        ("2024-03-01 .. 2024-06-01 cheaper elsewhere", {**FIRST, "lost_reason": "cheaper"}),
        (
            "2024-03-01..2024-06-01 cheaper elsewhere Globex Ltd",
            {**FIRST, "lost_reason": "cheaper", "lost_to": "Globex Ltd"},
        ),
        ("2024-03-01..2024-06-01 Globex", {**FIRST, "lost_to": "Globex"}),
    ],
)
def test_an_earlier_loss_can_be_typed_in_one_line(line, kept):
    (loss,) = LOSSES.parse(line, PLAIN)
    assert loss.dump() == kept
    assert LOSSES.parse(loss.line(PLAIN), PLAIN) == (loss,)


@pytest.mark.parametrize("line", ["2024-03-01", "2024-03-01..", "cheaper"])
def test_an_earlier_loss_needs_two_dates(line):
    with pytest.raises(BadValue, match="needs two dates") as raised:
        LOSSES.parse(line, PLAIN)
    assert "2024-03-01..2024-06-01" in raised.value.hint


def test_an_earlier_loss_names_the_date_that_cannot_be_read():
    with pytest.raises(BadValue, match="is not a date: soon"):
        LOSSES.parse("2024-03-01..soon", PLAIN)


def test_dates_in_the_wrong_order_are_refused():
    customer = Customer(
        kind="person", full_name="Ann", earlier_losses=LOSSES.parse("2024-06-01..2024-03-01", PLAIN)
    )
    assert problems(customer) == {
        "earlier_losses": "Earlier losses: The won-back date 2024-03-01 is before the lost date 2024-06-01. "
        "Change one of them."
    }
    assert not problems(customer.with_values(earlier_losses=(Loss.load(FIRST),)))
    assert problems(customer.with_values(earlier_losses=(Loss(),)))


def test_a_later_loss_moves_the_previous_one_to_the_list():
    assert keep_earlier_loss(ONCE, {**ONCE, "lost_on": "2026-05-01"}) == {
        "lost_on": "2026-05-01",
        "earlier_losses": [ONCE],
    }


def test_details_entered_with_the_second_loss_belong_to_it():
    again = {**ONCE, "lost_on": "2026-05-01", "lost_reason": "cheaper", "won_back_on": "2026-06-01"}
    assert keep_earlier_loss(ONCE, again, {"lost_on", "lost_to"}) == {**again, "earlier_losses": [ONCE]}


def test_a_listed_loss_is_not_added_twice():
    again = {**ONCE, "lost_on": "2026-05-01", "earlier_losses": [FIRST]}
    kept = keep_earlier_loss(ONCE, again)
    assert kept == {key: value for key, value in again.items() if key != "won_back_on"}
    assert keep_earlier_loss(ONCE, kept) == kept


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {"lost_on": "2026-05-01"}),
        ({"lost_on": "2024-03-01"}, {"lost_on": "2024-04-01"}),
        (ONCE, {**ONCE, "lost_on": "2024-03-02"}),
        (ONCE, {**ONCE, "lost_on": "2023-03-02"}),
        (ONCE, {**ONCE, "won_back_on": "2024-07-01"}),
        (ONCE, {}),
        ({**ONCE, "won_back_on": "2024-02-01"}, {**ONCE, "lost_on": "2026-05-01"}),
        ({"lost_on": "2024-03-01", "won_back_on": "2024-03-01"}, {"lost_on": "2024-03-01"}),
    ],
)
def test_any_other_change_is_a_correction(old, new):
    assert keep_earlier_loss(old, new) is new


@pytest.mark.parametrize(
    ("lost", "back", "is_gone"),
    [
        ("", "", False),
        ("2026-11-21", "", True),
        ("2026-11-22", "", False),
        ("2026-11-01", "2026-11-21", False),
        ("2026-11-01", "2026-11-22", True),
        ("2026-11-01", "2026-10-01", True),
    ],
)
def test_a_customer_is_lost_by_the_dates(lost, back, is_gone):
    assert is_lost(lost, back, "2026-11-21") is is_gone


def test_a_pair_of_dates_is_one_spell():
    assert spells((), "2024-03-01", "2024-06-01", "service").all == (
        Spell("2024-03-01", "2024-06-01", "service"),
    )
    assert spells((), "", "2024-06-01", "") == ((), 0)
    assert spells((), "2024-03-01", "2024-02-01", "").all == (Spell("2024-03-01", "", ""),)


def test_spells_are_in_order_and_do_not_overlap():
    earlier = [{"lost_on": "2025-01-01", "won_back_on": "2025-02-01"}, ONCE, {}, {"lost_on": "2024-05-01"}]
    found = spells(earlier, "2026-05-01", "", "cheaper")
    assert [spell.lost for spell in found.all] == ["2024-03-01", "2025-01-01", "2026-05-01"]
    assert found.left_out == 1
    assert spells([ONCE], "2024-03-01", "2024-06-01", "service").left_out == 0, "the same loss twice"


TWICE = {
    "uid": "a" * 16,
    "full_name": "Ann",
    "lost_on": "2026-05-01",
    "lost_reason": "cheaper",
    "earlier_losses": [ONCE, {"lost_on": "2022-01-10", "won_back_on": "2022-02-01"}],
}


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("lost_on:2024", True),
        ("lost_on:2022-01-10", True),
        ("lost_on:2026", True),
        ("lost_on:2023", False),
        ("lost_on:<2023", True),
        ("-lost_on:2024", False),
        ("won_back_on:2024-06", True),
        ("won_back_on:2026", False),
        ("lost_reason:service", True),
        ("lost_reason:cheaper", True),
        ("lost_reason:moved", False),
        ("lost_to:globex", True),
        ("no:won_back_on", True),  # not won back after the last loss
        ("has:lost_on", True),
    ],
)
def test_filters_match_any_loss_but_has_lost_only_the_last(query, is_found):
    row = Row(TWICE, words_of(Customer, TWICE))
    assert compile_query(parse(query), Customer, PLAIN)(row) is is_found


def test_only_customers_have_earlier_losses():
    quotation = {"uid": "b" * 16, "lost_to": "Globex"}
    assert compile_query(parse("lost_to:globex"), Transaction, PLAIN)(Row(quotation))
