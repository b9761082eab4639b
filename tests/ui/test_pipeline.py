"""Deciding quotations with one or two keys, and opening customers from open invoices."""

from datetime import timedelta

import pytest
from driving import NOW, Keys, driven, fill, kept, people, press, screen_text, table, until

from archive.model.field_types.base import Ref
from archive.model.records.transaction import Transaction
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.record import RecordScreen

TODAY = NOW.date()


def transaction(uid: str, kind: str, **more: object) -> Transaction:
    """Return a transaction with Marta Smith, twelve days ago."""
    day = TODAY - timedelta(days=12)
    return Transaction(uid=uid, customer=Ref(uid="c-smith"), on=day, type=kind, currency="EUR", **more)


@pytest.fixture
def offered(path, settings):
    """Two open quotations, a quotation lost to a competitor, and an unpaid invoice."""
    open_one = transaction("q-1", "quotation", number="Q-1", amount=100, expected_on=TODAY, outcome="open")
    late = transaction("q-2", "quotation", number="Q-2", amount=50, expected_on=TODAY - timedelta(days=3))
    gone = transaction("q-3", "quotation", number="Q-3", outcome="lost", lost_to="Rival & Sons")
    invoice = transaction("i-9", "invoice", number="I-9", amount=70, due_on=TODAY - timedelta(days=2))
    return fill(path, settings, [*people(), open_one, late, gone, invoice])


async def at(pilot: Keys, letter: str, words: str) -> None:
    """Go to a place, and wait for its rows."""
    await press(pilot, "ctrl+g", letter)
    await until(pilot, lambda: words in screen_text(pilot))


def outcome(pilot: Keys, uid: str) -> tuple[str, str]:
    """Return the outcome of a quotation, and the competitor it was lost to."""
    found = kept(pilot, Transaction, uid)
    return found.outcome, found.lost_to


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (["plus"], ("won", "")),
        (["0"], ("no_decision", "")),
        (["minus", "1"], ("lost", "Rival & Sons")),
        (["minus", "0"], ("lost", "")),
        (["minus", "escape"], ("", "")),
    ],
)
async def test_a_quotation_is_decided_by_one_or_two_keys(offered, settings, keys, wanted):
    async with driven(offered, settings, (120, 40)) as pilot:
        await at(pilot, "l", "Q-2")
        assert table(pilot).ids[0] == "q-2"  # the most urgent quotation comes first
        await press(pilot, *keys)
        await until(pilot, lambda: outcome(pilot, "q-2") == wanted)
        left = ["q-1"] if wanted[0] else ["q-2", "q-1"]
        await until(pilot, lambda: list(table(pilot).ids) == left)
        assert outcome(pilot, "q-1") == ("open", "")


async def test_a_quotation_leads_to_its_read_view_and_its_customer(offered, settings):
    async with driven(offered, settings) as pilot:
        await at(pilot, "l", "Q-2")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await press(pilot, "escape")
        await press(pilot, "C")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert "Marta Smith" in screen_text(pilot).splitlines()[0]


async def test_an_open_invoice_leads_to_its_read_view_its_customer_and_a_new_activity(offered, settings):
    async with driven(offered, settings) as pilot:
        await at(pilot, "o", "I-9")
        assert "70.00 EUR" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await press(pilot, "escape")
        await press(pilot, "l")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await press(pilot, "escape")
        await press(pilot, "C")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
