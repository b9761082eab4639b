"""Places with a customer per row: the card, opening the customer, and totals in the title."""

from datetime import timedelta
from decimal import Decimal

import pytest
from driving import NOW, driven, fill, people, press, screen_text, table, title, until

from archive.model.field_types.base import Ref
from archive.model.records.transaction import Transaction
from archive.ui.screens.profile import ProfileScreen

TODAY = NOW.date()


def transaction(uid: str, customer: str, **fields) -> Transaction:
    return Transaction(uid=uid, customer=Ref(uid=customer), on=TODAY - timedelta(days=40), **fields)


@pytest.fixture
def offered(path, settings):
    """Two customers with a quotation each, one owing two invoices, the other an invoice in another currency."""
    return fill(
        path,
        settings,
        [
            *(person for person in people() if person.uid in ("c-globex", "c-wang", "c-smith")),
            transaction(
                "q-1",
                "c-wang",
                type="quotation",
                amount=Decimal(80),
                likelihood=Decimal("0.5"),
                currency="EUR",
            ),
            transaction(
                "q-2", "c-globex", type="quotation", amount=Decimal(20), currency="EUR", expected_on=TODAY
            ),
            transaction("i-1", "c-globex", type="invoice", number="R1", amount=Decimal(100), currency="EUR"),
            transaction("i-2", "c-globex", type="invoice", number="R2", amount=Decimal(30), currency="EUR"),
            transaction("i-3", "c-wang", type="invoice", number="R3", amount=Decimal(7), currency="CNY"),
        ],
    )


@pytest.mark.parametrize(("letter", "count"), [("l", 2), ("o", 3)])
async def test_the_card_follows_the_cursor_and_c_opens_the_customer_within_the_list(
    offered, settings, letter, count
):
    async with driven(offered, settings, (120, 40)) as pilot:
        await press(pilot, "ctrl+g", letter)
        await until(pilot, lambda: len(table(pilot).ids) == count)
        names = []
        for _line in range(count):
            names.append(await until(pilot, lambda: card(pilot)))
            await press(pilot, "j")
        assert set(names) == {"Globex Foods", "王建国"}
        await press(pilot, "g", "C")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert names[0] in title(pilot)
        assert "1 of 2" in title(pilot)


def card(pilot) -> str:
    """Return the name on the card."""
    words = str(pilot.app.screen.query_one("#card").visual)
    return next((name for name in ("Globex Foods", "王建国") if words.startswith(name)), "")


async def test_receivables_are_totalled_by_currency(offered, settings):
    async with driven(offered, settings, (120, 40)) as pilot:
        await press(pilot, "ctrl+g", "o")
        await until(pilot, lambda: "3 invoices" in screen_text(pilot))
        assert "130.00 EUR" in title(pilot)
        assert "7.00 CNY" in title(pilot)
