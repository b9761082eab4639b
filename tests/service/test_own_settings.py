"""Test the archive's home currency and rates: migrated once, undoable, used by every conversion."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from archive.model.archive_settings import ArchiveSettings, Holiday, Rate
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.entry import purchase
from archive.service.exporting import export_table
from archive.service.listing import Listing
from archive.service.own_settings import changed
from archive.service.sheets import listing_sheet
from archive.settings import Settings

NOW = datetime.fromisoformat("2026-11-21T09:00")
RATE = Rate(currency="USD", since=date(2026, 1, 1), rate=Decimal("0.9"))
OLD = Settings(currency="EUR", rates={"USD 2026-01-01": "0.9"})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "archive.json"


def opened(path, settings=Settings(), **more):  # noqa: B008 - immutable
    return Archive.open(path, settings, create=True, clock=lambda: NOW, **more)


def migrated(path):
    """Open an archive of an older version, whose currency and rates are in settings.toml."""
    older = opened(path)
    customer(older)
    older.close()
    return opened(path, OLD)


def test_opening_an_empty_archive_writes_nothing(path):
    opened(path, OLD).close()
    assert not path.exists()


def test_currency_and_rates_of_settings_toml_are_migrated_and_reported_once(path):
    older = opened(path)
    customer(older)
    steps = older.history()
    older.close()
    archive = opened(path, OLD)
    assert archive.own == ArchiveSettings(uid="settings", currency="EUR", rates=(RATE,))
    assert "The home currency EUR and 1 exchange rate" in archive.taken_over
    assert archive.notices == []  # no warnings about the archive
    assert (archive.history(), archive.revision) == (steps, 0)  # nothing to undo
    archive.close()
    again = opened(path, Settings(currency="USD", rates={"EUR 2026-01-01": "1.1"}))
    assert (again.home, again.taken_over) == ("EUR", "")
    again.close()
    assert opened(path).ctx.rates == {"USD": [(RATE.since.toordinal(), RATE.rate)]}


def test_a_read_only_archive_uses_the_rates_of_settings_toml(path):
    older = opened(path)
    customer(older)
    older.close()
    reading = Archive.open(path, OLD, write=False, clock=lambda: NOW)
    assert (reading.home, reading.taken_over) == ("EUR", "")
    reading.close()
    writing = opened(path)
    assert writing.home == ""
    assert writing.ctx.currency == "XXX"
    writing.close()


def test_settings_that_were_cleared_stay_cleared(path):
    archive = migrated(path)
    archive.save(changed(archive.own, {"currency": None, "rates": None}))
    archive.close()
    again = opened(path, OLD)
    assert (again.home, again.own.rates) == ("", ())
    again.close()


def test_a_change_of_the_settings_is_undone_in_one_step(path):
    archive = migrated(path)
    since = date(2020, 1, 1)
    entry = archive.save(changed(archive.own, {"observed_since": since, "currency": "USD"}))
    assert entry.label == "Changed home currency and losses known since of archive settings"
    assert (archive.home, archive.own.observed_since) == ("USD", since)
    archive.undo()
    assert (archive.home, archive.own.observed_since) == ("EUR", None)
    archive.redo()
    assert archive.home == "USD"
    archive.close()
    again = opened(path)
    assert again.own.observed_since == since
    again.close()


def test_a_new_rate_or_holiday_replaces_the_existing_entry_of_the_same_date():
    own = ArchiveSettings(rates=(RATE,), holidays=(Holiday(on=date(2026, 12, 25)),))
    newer, other = RATE.with_values(rate=Decimal(1)), RATE.with_values(currency="CNY")
    assert changed(own, {"rates": (newer, other)}).rates == (other, newer)
    named = Holiday(on=date(2026, 12, 25), name="Christmas Day")
    assert changed(own, {"holidays": (named, Holiday(on=date(2026, 1, 1)))}).holidays == (
        Holiday(on=date(2026, 1, 1)),
        named,
    )


def test_the_settings_are_exported_as_a_table(path):
    archive = migrated(path)
    found = export_table(archive, "settings")
    assert found.header[:5] == ["id", "currency", "rates.1.currency", "rates.1.since", "rates.1.rate"]
    assert next(found.rows)[:5] == ["settings", "EUR", "USD", "2026-01-01", "0.9"]
    archive.close()


# Currencies of new transactions


def customer(archive, **more):
    archive.save(Customer(kind="organisation", full_name="T", **more))
    return archive.find(Customer, "T").uid


def sold(archive, uid, **more):
    entry = archive.save(Transaction(customer=Ref(uid=uid), on=date(2026, 11, 1), amount=Decimal(5), **more))
    return archive.get(Transaction, entry.changes[0].uid).currency


def test_a_new_transaction_gets_the_currency_of_product_customer_sales_or_home(path):
    archive = opened(path, OLD)
    uid = customer(archive)
    assert sold(archive, uid) == "EUR"  # home currency
    for _number in range(2):
        sold(archive, uid, currency="CNY")
    assert sold(archive, uid) == "CNY"  # most of their sales
    assert purchase(archive, uid, "3 tea @4").currency == "CNY"
    archive.edit("customers", uid, currency="JPY")
    assert sold(archive, uid) == "JPY"
    archive.save(Product(code="P", name="Rice", usual_price=Decimal(2), currency="KWD"))
    archive.save(Product(code="Q", name="Oil", cost=Decimal(2), currency="USD"))
    rice, oil = (archive.find(Product, code).uid for code in "PQ")
    assert sold(archive, uid, product=Ref(uid=rice)) == "KWD"
    assert sold(archive, uid, product=Ref(uid=oil)) == "JPY"  # a product's cost is not its price
    line = purchase(archive, uid, "3 oil @33.5")
    assert (line.currency, line.amount) == ("JPY", 101)
    archive.close()


def test_without_any_currency_a_transaction_has_none(path):
    archive = opened(path)
    assert sold(archive, customer(archive)) == ""
    archive.close()


# Lists and files


def filed(archive, listing, uid):
    """Return the header with stored keys and the line of a record in an exported file."""
    sheet = listing_sheet(archive, listing, [uid])
    line = sheet.line(uid)
    return [[column.key for column in sheet.columns], [column.cell(line) for column in sheet.columns]]


def test_amounts_that_cannot_be_converted_are_shown_and_exported_separately(path):
    archive = opened(path, OLD)
    uid = customer(archive)
    for amount, currency in (("100000", "EUR"), ("5", "USD"), ("7", "JPY")):
        archive.save(
            Transaction(
                customer=Ref(uid=uid), on=date(2026, 11, 1), amount=Decimal(amount), currency=currency
            )
        )
    listing = Listing(archive, "customers", ["code", "value", "orders"])
    assert listing.texts([uid])[0]["value"] == "100,005 EUR + 7 JPY"
    assert filed(archive, listing, uid) == [
        ["code", "value", "value_currency", "value_apart", "orders"],
        ["C-00001", "100004.5", "EUR", "7 JPY", "3"],
    ]
    assert list(archive.select("customers", "value:>100000")) == [uid]
    assert list(archive.select("customers", "value:7")) == [uid]
    archive.close()


def test_every_exported_amount_has_a_currency_column(path):
    archive = opened(path, OLD)
    uid = customer(archive, credit_limit=Decimal(9))
    sold(archive, uid, unit_price=Decimal(1), currency="USD")
    (deal,) = archive.children("transactions", uid)
    listing = Listing(archive, "transactions", ["unit_price", "amount", "currency", "cost"])
    assert filed(archive, listing, deal) == [
        ["unit_price", "unit_price_currency", "amount", "currency", "cost", "cost_currency"],
        ["1", "USD", "5", "USD", "", "USD"],
    ]
    limits = Listing(archive, "customers", ["credit_limit"])
    assert filed(archive, limits, uid) == [["credit_limit", "currency"], ["9", "EUR"]]
    archive.close()


def test_sorting_by_value_puts_amounts_without_a_rate_last(path):
    from archive.store import Sort

    archive = opened(path, OLD)
    uids = {}
    for name, currency in (("Yen", "JPY"), ("Euro", "EUR"), ("Dollar", "USD")):
        archive.save(Customer(kind="organisation", full_name=name))
        uids[name] = archive.find(Customer, name).uid
        archive.save(
            Transaction(
                customer=Ref(uid=uids[name]), on=date(2026, 11, 1), amount=Decimal(100), currency=currency
            )
        )
    names = {uid: name for name, uid in uids.items()}
    assert [names[uid] for uid in archive.select("customers", "", Sort("value", True))] == [
        "Euro",
        "Dollar",
        "Yen",
    ]
    archive.close()


def test_the_placeholder_xxx_of_older_archives_is_never_shown(path):
    archive = opened(path)
    uid = customer(archive)
    sold(archive, uid, currency="XXX")
    found = export_table(archive, "transactions", columns=["amount", "currency"])
    assert list(found.rows) == [["5", ""]]
    listing = Listing(archive, "transactions", ["amount", "currency"])
    (deal,) = archive.children("transactions", uid)
    assert listing.texts([deal]) == [{"amount": "5.00", "currency": ""}]
    assert filed(archive, listing, deal)[1] == ["5", ""]
    archive.close()
