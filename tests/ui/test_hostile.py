"""Any text is shown as text: no crash, no markup, no control of the terminal."""

from itertools import cycle, islice

import pytest
from driving import (
    NASTY,
    SIZES,
    TINY,
    app_of,
    driven,
    fill,
    press,
    raw_controls,
    sampled,
    screen_text,
    strips,
    table,
    until,
    widths,
    write,
)
from strategies import NAUGHTY, NOW
from textual.events import Paste
from textual.widgets import Input

from archive.model.contact_details import Address, Email, Phone, Position, Window
from archive.model.field_types.base import Ref, keepable
from archive.model.field_types.text import LongText, Text
from archive.model.fields import problems
from archive.model.records.campaign import Campaign
from archive.model.records.contract import Contract, Term
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.model.records.wallet import Supplier, Wallet
from archive.model.tables import TABLES
from archive.service.views import View, Views
from archive.text import clean
from archive.ui.safe_text import fit
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.profile import ProfileScreen

WALK = [
    ["question_mark"], ["escape"], ["s"], ["escape"], ["v"], ["escape"], ["c"], ["escape"], ["ctrl+g"], ["escape"],
    ["l"], ["escape"], ["b"], ["escape"], ["n"], ["escape"], ["enter"], *([digit] for digit in "2345678"),
    ["enter"], ["tab"], ["escape"], ["2"], ["enter"], ["escape"], ["e"], ["tab"], ["tab"], ["escape"], ["w"],
    ["escape"], ["a"], ["escape"], ["escape"], ["ctrl+g", "t"], ["ctrl+g", "h"], ["j"], ["ctrl+g", "d"], ["enter"],
    ["tab"], ["escape"], ["ctrl+g", "k"], ["ctrl+g", "p"], *(["ctrl+g", place] for place in "lonwms"),
    ["ctrl+g", "a"], ["s"], ["escape"], ["ctrl+g", "c"],
]  # fmt: skip


def texts_of(cls):
    """Return the fields of a record that contain free text."""
    return [
        key for key, field in cls.FIELDS.items() if type(field.type) in (Text, LongText) and key != "code"
    ]


def filled_with(cls, text, **more):
    """Return a record with the text in every text field that accepts it."""
    record = cls(uid=f"{cls.TABLE}-x", **more)
    for key in texts_of(cls):
        tried = record.with_values(**{key: text})
        if key not in problems(tried):
            record = tried
    return record


def records(text):
    """Return a customer, a transaction, an activity and a product that consist of the text, and their agreements."""
    customer = filled_with(
        Customer,
        text,
        kind="person",
        phones=(Phone(value="030 5550 147", label=text),),
        emails=(Email(value="a@b.example", label=text),),
        positions=(Position(organisation=Ref(name=text), title=text),),
        addresses=(Address(city=text, street=text),),
        windows=(Window(days=(0,), start=NOW.time(), place=text),),
        tags=(text,),
        next_contact_on=NOW.date(),
        extra={text: text},
    )
    link = Ref(uid=customer.uid)
    order = filled_with(Transaction, text, customer=link, on=NOW.date(), product=Ref(name=text))
    call = filled_with(Interaction, text, customer=link, at=NOW, follow_up_on=NOW.date())
    return [customer, order, call, filled_with(Product, text, code="X"), *agreements(link, text)]


def agreements(link, text):
    """Return a quotation, an invoice, a contract, a wallet, a campaign and a task that consist of the text."""
    today = NOW.date()
    named = text if keepable(text) and text.strip() else "x"
    quoted = filled_with(Transaction, text, customer=link, on=today, type="quotation")
    owed = filled_with(Transaction, text, customer=link, on=today, type="invoice", amount=1)
    terms = (Term(requirement=named, due_on=today),)
    deal = Contract(
        uid="k-x", number=named[:100], title=named, customer=link, start=today, signed_on=today, terms=terms
    )
    rivals = (Supplier(name=named, amount=1),)
    bought = Wallet(
        uid="w-x",
        customer=link,
        category=named,
        period_from=today,
        period_to=today,
        total=9,
        suppliers=rivals,
    )
    campaign = filled_with(Campaign, text, name=named, start=today, audience=(link,))
    records = [quoted, owed, deal, bought, campaign, filled_with(Plan, text, customer=link, step=named)]
    return [record.with_values(uid=f"h-{n}") for n, record in enumerate(records)]


def check(pilot, size):
    assert raw_controls(pilot) == []
    assert widths(pilot) <= {size[0]}
    assert not any(
        "@click" in str(segment.style and segment.style.meta) for strip in strips(pilot) for segment in strip
    )


@pytest.mark.parametrize(
    ("text", "size"),
    sampled(
        [
            (NASTY[1], (80, 24)),
            (" ".join(text for text in NASTY if len(text) < 40), (120, 40)),
            (NASTY[7], (50, 20)),
            (NASTY[3], (120, 40)),
            (NASTY[10], (20, 5)),
        ],
        2,
    ),
)
async def test_no_screen_interprets_a_text(path, settings, text, size):
    fill(path, settings, records(text))
    async with driven(path, settings, size) as pilot:
        check(pilot, size)
        for keys in WALK:
            await press(pilot, *keys)
            check(pilot, size)
        assert isinstance(pilot.app.screen, BrowserScreen)


@pytest.mark.parametrize("text", sampled((text for text in NASTY if len(text) < 40), 2))
async def test_the_text_is_shown_literally(path, settings, text):
    fill(path, settings, records(text))
    async with driven(path, settings, (120, 40)) as pilot:
        wanted = fit(text, 24).rstrip()
        assert wanted in screen_text(pilot)
        await press(pilot, "enter")
        assert wanted in screen_text(pilot)
        await press(pilot, "l")
        assert f"Activity with {clean(text)}" in screen_text(pilot)
        await press(pilot, "escape", "d")
        await until(pilot, lambda: clean(text)[:3] in screen_text(pilot))
        check(pilot, (120, 40))


@pytest.mark.parametrize("text", sampled(NASTY, 2), ids=range(len(NASTY)))
async def test_pasted_text_is_shown_literally(filled, settings, text):
    size = (80, 24)
    async with driven(filled, settings, size) as pilot:
        for keys in (["slash"], ["escape", "escape", "l"], ["escape", "b"], ["escape", "n", "tab"]):
            await press(pilot, *keys)
            pilot.app.post_message(Paste(text))
            await write(pilot, "z")
            check(pilot, size)
            assert pilot.app.focused.value.endswith("z")


@pytest.mark.parametrize("text", sampled((text for text in NASTY if len(text) < 40), 2))
async def test_errors_and_views_show_the_text_literally(filled, settings, text):
    size = (80, 24)
    Views().keep("customers", text, View(text))
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "v")
        check(pilot, size)
        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#filter", Input).value == text)
        check(pilot, size)
        app_of(pilot).say(text)
        await press(pilot, "escape")
        check(pilot, size)
        from archive.errors import ArchiveError

        app_of(pilot).show_error(ArchiveError(text, text))
        await press(pilot, "j")
        await until(pilot, lambda: clean(text)[:3] in screen_text(pilot))
        check(pilot, size)


def crowd():
    """Yield customers whose text fields together contain all naughty strings."""
    strings = cycle([text for text in NAUGHTY if text.strip() and keepable(text)])
    keys = texts_of(Customer)
    for number in range(40):
        values = dict(zip(keys, islice(strings, len(keys)), strict=False))
        yield Customer(uid=f"n-{number}", **{**values, "kind": "person", "full_name": values["full_name"]})


@pytest.mark.parametrize("size", SIZES)
async def test_naughty_strings_are_shown_in_tables_profiles_and_forms(path, settings, size):
    fill(path, settings, crowd())
    Views().keep("customers", "_last", View(columns=("full_name", "grade", "source", "interests", "family")))
    async with driven(path, settings, size) as pilot:
        check(pilot, size)
        await press(pilot, "pagedown", "pagedown", "g", "enter")
        for digit in "1234":
            await press(pilot, digit)
            for _customer in range(10):
                await press(pilot, "right_square_bracket")
                check(pilot, size)
        for digit in "124":
            await press(pilot, digit, "e", "tab", "tab", "tab")
            check(pilot, size)
            await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ProfileScreen)


@pytest.mark.parametrize("size", TINY)
async def test_every_place_survives_the_smallest_screens(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        for keys in WALK:
            await press(pilot, *keys)
            check(pilot, size)
        assert len(table(pilot).ids) == 4
        assert len(TABLES) >= 4
