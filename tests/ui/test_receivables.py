"""Receivables: invoices, unapplied credit and payments for unknown invoices."""

from datetime import date
from decimal import Decimal

from driving import app_of, driven, press, screen_text, title, until

from archive.model.field_types.base import Ref
from archive.model.records.transaction import Transaction


async def test_credits_are_listed_separately_from_invoices(filled, settings):
    async with driven(filled, settings) as pilot:
        archive = app_of(pilot).archive
        (uid, *_others) = archive.select("customers", "")

        def entered(kind, number, amount):
            day = date(2026, 1, 2)
            values = {"type": kind, "number": number, "amount": Decimal(amount), "currency": "KWD"}
            archive.save(Transaction(customer=Ref(uid=uid), on=day, **values))

        entered("invoice", "R-1", "0.125")
        entered("payment", "R-9", "1")
        await press(pilot, "ctrl+g", "o")
        await until(pilot, lambda: "R-9: unknown" in screen_text(pilot) and "0.125 KWD" in screen_text(pilot))
        assert "1 invoice " in title(pilot)
        entered("return", "R-1", "0.5")
        await until(pilot, lambda: "open credit" in screen_text(pilot) and "-0.375 KWD" in screen_text(pilot))
