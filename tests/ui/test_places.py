"""Quick entry, Today, History, Help, and the keys in the footers."""

import inspect
from datetime import timedelta

import pytest
from driving import (
    NOW,
    SIZES,
    TINY,
    app_of,
    driven,
    fill,
    focused,
    kept,
    people,
    press,
    sampled,
    screen_text,
    status,
    table,
    title,
    until,
    write,
)

from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract, Term
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.ui.commands import commands_of, show_key
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.help import HelpScreen
from archive.ui.screens.history import RevertScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.today import TodayScreen
from archive.ui.widgets.frame import MOST_KEYS, KeyBar

# Quick entry


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_an_activity_is_previewed_before_enter_saves_it(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "j", "j", "l")
        await write(pilot, "call 10m price talk, send quote +2w")
        if size[1] >= 20:
            assert "follow-up 2026-12-05 Sat: send quote" in " ".join(screen_text(pilot).split())
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        (contact,) = app_of(pilot).archive.of_customer(Interaction, "c-smith")
        assert (contact.channel, contact.minutes, contact.follow_up) == ("phone", 10, "send quote")
        assert contact.by == "Mara Muster"


async def test_a_purchase_takes_product_and_price_from_the_archive(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "b")
        await write(pilot, "20 bags rice yesterday")
        assert "RICE" in screen_text(pilot) or "Rice" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        (order,) = app_of(pilot).archive.of_customer(Transaction, "c-globex")
        assert (order.amount, order.product.uid) == (700, "p-1")
        assert status(pilot).startswith("New transaction: Globex Foods")


async def test_an_invalid_line_stays_with_an_error(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "l", "enter")
        await until(pilot, lambda: "!" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await write(pilot, "call")
        assert "phone" in screen_text(pilot)
        await press(pilot, "escape", "b")
        await write(pilot, "20 bags rice @abc")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen | BrowserScreen))


# Today


async def to_today(pilot):
    await press(pilot, "ctrl+g", "t")
    await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
    await until(pilot, lambda: len(table(pilot).ids) >= 2)


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_overdue_items_come_first(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await to_today(pilot)
        assert table(pilot).cursor_id == "interactions/i-1/follow_up"


async def test_due_items_are_completed_snoozed_and_logged(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_today(pilot)
        await press(pilot, "t")
        await until(pilot, lambda: kept(pilot, Interaction, "i-1").follow_up_done_on == NOW.date())
        assert table(pilot).cursor_id == "customers/c-smith/next_contact"
        await press(pilot, "z")
        await until(pilot, lambda: kept(pilot, Customer, "c-smith").not_before.day == 22)
        assert kept(pilot, Customer, "c-smith").next_contact_on == NOW.date()
        await press(pilot, "g", "l")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await press(pilot, "escape", "l", *"call done", "enter")
        await until(pilot, lambda: kept(pilot, Customer, "c-smith").next_contact_on is None)
        assert len(app_of(pilot).archive.children("interactions", "c-smith")) == 1


async def test_a_birthday_can_be_neither_completed_nor_snoozed(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_today(pilot)
        await press(pilot, "G")
        assert table(pilot).cursor_id.endswith("birthday")
        await press(pilot, "t")
        await until(pilot, lambda: "cannot be completed here" in status(pilot))
        await press(pilot, "z")
        await until(pilot, lambda: "cannot be snoozed" in status(pilot))


async def test_enter_opens_the_customer_and_y_copies_the_number(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_today(pilot)
        await press(pilot, "y", "j", "y")
        assert pilot.app.clipboard == "+49 228 5550 147"
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert "Marta Smith" in title(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))


async def test_today_in_an_empty_archive_says_how_to_add_the_first_customer(path, settings):
    async with driven(path, settings) as pilot:
        await press(pilot, "ctrl+g", "t")
        await until(pilot, lambda: "No customers yet." in screen_text(pilot))
        assert "ctrl+g c" in screen_text(pilot)


async def test_an_empty_today_explains_itself(bare, settings):
    async with driven(bare, settings) as pilot:
        await press(pilot, "ctrl+g", "t")
        await until(pilot, lambda: "Nothing is due." in screen_text(pilot))
        await press(pilot, "t", "z", "l", "y", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))


async def test_several_terms_of_a_contract_are_listed_by_their_dates(path, settings):
    terms = tuple(
        Term(key=key[:1], requirement=key, due_on=NOW.date() - timedelta(days=days))
        for key, days in (("second", 1), ("first", 9))
    )
    contract = Contract(
        uid="k-1",
        customer=Ref(uid="c-smith"),
        number="K1",
        signed_on=NOW.date() - timedelta(days=90),
        start=NOW.date() - timedelta(days=90),
        terms=terms,
    )
    fill(path, settings, [*people(), contract])
    async with driven(path, settings, (120, 40)) as pilot:
        await to_today(pilot)
        await until(pilot, lambda: "K1: second" in screen_text(pilot))
        lines = [line for line in screen_text(pilot).splitlines() if "K1:" in line]
        assert ["first" in lines[0], "second" in lines[1]] == [True, True]


async def test_w_switches_between_my_customers_and_everyone(path, settings):
    mine = [
        one.with_values(account_manager="li" if one.uid == "c-smith" else "zhao")
        for one in people()
        if isinstance(one, Customer)
    ]
    others = [one for one in people() if not isinstance(one, Customer)]
    fill(path, settings, [*mine, *others])
    async with driven(path, settings._replace(me="li"), (120, 40)) as pilot:
        await to_today(pilot)
        assert "mine" in title(pilot)
        assert "王建国" not in screen_text(pilot)
        await press(pilot, "w")
        await until(pilot, lambda: "王建国" in screen_text(pilot))
        assert "everyone" in title(pilot)


# History


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_a_change_is_shown_before_and_after_and_can_be_reverted(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        app_of(pilot).archive.edit("customers", "c-smith", grade="[A]")
        app_of(pilot).archive.edit("customers", "c-wang", grade="C")
        await press(pilot, "ctrl+g", "h", "j")
        await until(pilot, lambda: len(table(pilot).ids) == 3)
        if size[1] >= 20:
            await until(pilot, lambda: "+ [A]" in screen_text(pilot))
        await press(pilot, "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, RevertScreen))
        if size[1] >= 20:
            assert "− [A]" in screen_text(pilot)
        assert kept(pilot, Customer, "c-smith").grade == "[A]"
        await press(pilot, "t")
        await until(pilot, lambda: kept(pilot, Customer, "c-smith").grade == "")
        assert kept(pilot, Customer, "c-wang").grade == "C"
        assert "Reverted" in status(pilot)
        await press(pilot, "u")
        await until(pilot, lambda: kept(pilot, Customer, "c-smith").grade == "[A]")
        await press(pilot, "g", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))


async def test_reverting_keeps_and_reports_later_edits(filled, settings):
    async with driven(filled, settings) as pilot:
        app_of(pilot).archive.edit("customers", "c-smith", grade="A")
        app_of(pilot).archive.edit("customers", "c-smith", grade="B")
        app_of(pilot).archive.edit("customers", "c-smith", next_contact_why="")
        await press(pilot, "ctrl+g", "h", "j", "j", "t")
        await until(pilot, lambda: "Grade of Marta Smith" in status(pilot))
        assert kept(pilot, Customer, "c-smith").grade == "B"


async def test_a_history_without_changes_says_so(path, settings):
    async with driven(path, settings) as pilot:
        await press(pilot, "ctrl+g", "h", "t", "enter")
        await until(pilot, lambda: "No changes yet" in screen_text(pilot))


# Help, footers

PLACES = {
    "customers": [],
    "profile": ["j", "j", "enter"],
    "form": ["n"],
    "today": ["ctrl+g", "t"],
    "history": ["ctrl+g", "h"],
    "transactions": ["ctrl+g", "d"],
}


@pytest.mark.parametrize("keys", sampled((keys for name, keys in PLACES.items() if name != "form"), 4))
@pytest.mark.parametrize("key", sampled(["question_mark", "f1", "fullwidth_question_mark"]))
async def test_help_explains_every_key_of_the_screen(filled, settings, keys, key):
    async with driven(filled, settings, (120, 120)) as pilot:
        await press(pilot, *keys)
        here = pilot.app.screen
        await press(pilot, key)
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        words = " ".join(screen_text(pilot).split())
        for action, declared, text in commands_of(type(here)):
            if here.check_action(action, ()):
                assert show_key(declared.keys.split(",")[0]) in words
                assert " ".join(text.split()[:3]) in words
        await press(pilot, "question_mark")
        assert pilot.app.screen is here


@pytest.mark.parametrize("size", [(50, 20), (20, 5), (40, 10)])
async def test_help_scrolls_on_small_screens(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "f1", "j", "j", "k", "f1")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Act" in screen_text(pilot))
        await press(pilot, "q")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


@pytest.mark.parametrize("size", sampled(SIZES))
@pytest.mark.parametrize("keys", PLACES.values(), ids=PLACES)
async def test_every_key_in_a_footer_does_something(filled, settings, keys, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, *keys)
        await until(pilot, lambda: pilot.app.screen.query_one(KeyBar)._keys())
        shown_keys = pilot.app.screen.query_one(KeyBar)._keys()
        assert 0 < len(shown_keys) <= MOST_KEYS
        line = screen_text(pilot).splitlines()[-1]
        assert any(word in line for word in ("? Help", "esc Back"))
        active = pilot.app.screen.active_bindings.values()
        for key, label in shown_keys:
            bindings = [
                found for found in active if key in (found.binding.key_display, show_key(found.binding.key))
            ]
            assert bindings, f"{key} {label} is bound to nothing"
            action = bindings[0].binding.action.split("(")[0]
            assert any(
                inspect.getattr_static(owner, f"action_{action}", None)
                for owner in (bindings[0].node, pilot.app.screen, pilot.app)
            ), f"{key} {label} has no action {action}"


async def test_q_leaves_the_program(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "q")
        await until(pilot, lambda: pilot.app._exit)
    assert pilot.app.return_code == 0


async def test_the_footer_of_the_search_line_has_no_letters(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash")
        assert all(len(key) > 1 for key, _label in pilot.app.screen.query_one(KeyBar)._keys())
        assert focused(pilot)
