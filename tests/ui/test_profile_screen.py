"""The file on a customer, driven by keys."""

from datetime import date, time

import pytest
from driving import (
    SIZES,
    TINY,
    app_of,
    driven,
    fill,
    focused,
    fresh,
    kept,
    people,
    press,
    sampled,
    screen_text,
    settled,
    shown,
    status,
    table,
    title,
    until,
    write,
)

from archive.model.customer import Customer
from archive.model.fields import Ref
from archive.model.interaction import Interaction
from archive.model.plan import Plan
from archive.model.transaction import Transaction
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.field_edit import FieldScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.profile_rows import ProfileRows
from archive.ui.screens.week import WeekGrid, WeekScreen
from archive.ui.widgets.facts import FactList, facts_in_columns
from archive.ui.widgets.table_lines import TONE
from archive.ui.widgets.tabs import TabLine

SMITH = ["j", "j", "enter"]


async def open_fact(pilot, key):
    """Go down to a fact of the tab that is shown, and press enter on it."""
    facts = pilot.app.screen.query_one(FactList)
    await press(pilot, "g")
    for _step in range(facts.option_count):
        if facts.highlighted_id == key:
            break
        await press(pilot, "down")
    assert facts.highlighted_id == key
    await press(pilot, "enter")


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_a_profile_says_who_it_is_at_every_size(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, *SMITH)
        assert "Marta Smith" in screen_text(pilot)
        for digit in "1234567":
            await press(pilot, digit)
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))


@pytest.mark.parametrize(
    ("digit", "words"),
    [
        ("1", "C-00002"),
        ("2", "+49 228 5550 147"),
        ("3", "Globex Foods · buyer"),
        ("4", "Likes short calls."),
        ("5", "new prices"),
        ("6", "rice"),
        ("8", "order"),
    ],
)
async def test_a_digit_shows_its_tab(filled, settings, digit, words):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, digit)
        assert words in screen_text(pilot)


async def test_arrows_and_tab_go_through_the_tabs_and_round(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        line = pilot.app.screen.query_one(TabLine)
        seen = []
        for key in ["right", "tab", "left", "shift+tab", "left", "right"]:
            await press(pilot, key)
            seen.append(line.chosen)
        assert seen == [1, 2, 1, 0, 7, 0]


def test_key_facts_stand_in_as_many_columns_as_cut_none_of_them():
    short = [("Now", "10:30 there", ""), ("Bought", "9 orders", ""), ("Rhythm", "silent 9 d", "")]
    assert [len(facts_in_columns(short, width).plain.splitlines()) for width in (78, 118, 158)] == [3, 2, 1]
    long = [*short, ("Last order", "100 orders · 649.00 EUR in 12 months · 706.20 EUR in all", "")]
    for width in (78, 118, 158):
        assert "706.20 EUR in all" in facts_in_columns(long, width).plain
    assert len(facts_in_columns(long, 158).plain.splitlines()) == 2


async def test_all_tabs_are_in_view_at_80_columns(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        line = next(line for line in screen_text(pilot).splitlines() if "1 Summary" in line)
        assert line.endswith("8 Timeline")


async def test_the_chosen_tab_is_in_view_on_a_narrow_screen(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, *SMITH, "8")
        assert "Timeline" in screen_text(pilot)


async def test_a_fact_is_changed_with_two_keys_and_its_text(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        await open_fact(pilot, "salutation")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        await write(pilot, "Dr.")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert "Dr." in screen_text(pilot)
        assert kept(pilot, Customer, "c-smith").salutation == "Dr."
        assert pilot.app.screen.query_one(FactList).highlighted_id == "salutation"


async def test_the_phone_is_changed_where_it_stands(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        await open_fact(pilot, "phones")
        await fresh(pilot, "+49 228 999 000 home *")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        (phone,) = kept(pilot, Customer, "c-smith").phones
        assert (phone.value, phone.label, phone.preferred) == ("+49 228 999 000", "home", True)


async def test_what_is_wrong_with_a_fact_stays_with_it(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        await open_fact(pilot, "emails")
        await fresh(pilot, "marta@globex")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        assert "marta@globex" in screen_text(pilot)
        assert "!" in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert kept(pilot, Customer, "c-smith").emails[0].value == "marta@globex.example"


async def test_a_name_cannot_be_emptied(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        await open_fact(pilot, "full_name")
        await press(pilot, "end", "ctrl+u", "enter")
        await until(pilot, lambda: "is needed" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))


async def test_a_long_text_is_saved_with_ctrl_s(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "4")
        await open_fact(pilot, "background")
        await press(pilot, *"XY", "enter", *"Z", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert kept(pilot, Customer, "c-smith").background.endswith("calls.XY\nZ")


async def test_a_column_of_an_import_is_shown_and_edited_like_a_field(filled, settings):
    async with driven(filled, settings, (100, 30)) as pilot:
        await press(pilot, *SMITH, "G")
        assert "Old system no." in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        await press(pilot, "ctrl+u", *"78", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert pilot.app.screen.customer.extra == {"Old system no.": "78"}


async def test_the_last_fact_can_be_edited_on_a_low_screen(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, *SMITH, "G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        row = pilot.app.screen.query_one("FieldRow")
        assert row.region.bottom <= 20
        assert row.region.height >= 1


async def test_brackets_and_page_keys_go_to_the_neighbours(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        seen = []
        for key in [
            "right_square_bracket",
            "full_stop",
            "left_square_bracket",
            "comma",
            "ctrl+pageup",
            "ctrl+pageup",
            "ctrl+pagedown",
            "right_black_lenticular_bracket",
            "left_black_lenticular_bracket",
        ]:
            await press(pilot, key)
            seen.append(title(pilot).split("  ")[0].strip())
        smith, wang, rossi, globex = "Marta Smith", "王建国", "José Rossi", "Globex Foods"
        assert seen == [wang, wang, smith, rossi, globex, globex, rossi, smith, rossi]
        assert "2 of 4" in title(pilot)


async def test_e_edits_the_group_that_is_shown(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert "Marta Smith · Personal" in title(pilot)
        await press(pilot, "escape", "6", "e")
        assert "Marta Smith · Classification" in title(pilot)


async def test_l_and_b_enter_a_contact_and_a_purchase_of_the_customer(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "l")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await write(pilot, "call 10m price talk")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert "Saved" in status(pilot)
        await press(pilot, "b")
        await write(pilot, "3 bags tea @4")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        archive = app_of(pilot).archive
        assert [i.summary for i in archive.of_customer(Interaction, "c-smith")] == ["price talk"]
        assert {t.amount for t in archive.of_customer(Transaction, "c-smith")} == {12, 70}
        await press(pilot, "8")
        assert len(table(pilot).ids) >= 3


@pytest.mark.parametrize(("letter", "table_name"), [("d", "transactions"), ("k", "interactions")])
async def test_a_adds_a_dealing_or_a_contact_in_a_form(filled, settings, letter, table_name):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "a", "escape", "a", letter)
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        assert form.table_name == table_name
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert len(app_of(pilot).archive.children(table_name, "c-smith")) == (2 if letter == "d" else 1)


async def test_rows_open_and_are_deleted_and_brought_back(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "6", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "escape", "d")
        await until(pilot, lambda: table(pilot).ids == [])
        assert kept(pilot, Customer, "c-smith")
        await press(pilot, "u")
        await until(pilot, lambda: len(table(pilot).ids) == 1)


async def test_what_is_late_is_marked_where_nothing_cuts_it(path, settings):
    step = "send the offer that was promised at the fair, with the prices of next year"
    late = Plan(uid="p-late", customer=Ref(uid="c-smith"), step=step, due_on=date(2026, 11, 2))
    fill(path, settings, [*people(), late])
    for size in [(80, 24), (50, 20)]:
        async with driven(path, settings, size) as pilot:
            await press(pilot, *SMITH, "7")
            await until(pilot, lambda: "overdue ! · send the" in screen_text(pilot))
            rows = ProfileRows(app_of(pilot).archive, "c-smith", "agreements")
            assert rows.cells(rows.ids)[0][TONE] == "warn"


async def test_rows_of_the_timeline_open(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "G", "enter", "8")
        await until(pilot, lambda: any("2026-11-12" in row for row in shown(pilot)))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


async def test_people_of_an_organisation_open_their_own_profile(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter", "3")
        await until(pilot, lambda: "Marta Smith" in screen_text(pilot))
        table(pilot).focus()
        await press(pilot, "enter")
        assert "Marta Smith" in title(pilot)
        await press(pilot, "escape")
        assert "Globex" in title(pilot)


async def test_the_keyboard_reaches_the_rows_below_the_facts(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter", "3", "G", "down", "up", "up", "down", "down", "enter")
        assert "Marta Smith" in title(pilot)
        await press(pilot, "escape", "2", "G", "down", "g", "up", "6", "up")
        assert "Globex" in title(pilot)


async def test_deleting_the_customer_leads_back_to_the_list_and_u_brings_them_back(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: "Marta Smith" not in shown(pilot))
        assert "brings it back" in status(pilot)
        await press(pilot, "u")
        await until(pilot, lambda: "Marta Smith" in shown(pilot))


async def test_a_customer_deleted_meanwhile_is_not_opened(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j")
        app_of(pilot).archive.delete("customers", ["c-smith"])
        pilot.app.screen._open("c-smith")
        await settled(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_undoing_the_customer_under_a_form_does_no_harm(path, settings):
    fill(path, settings, people())
    async with driven(path, settings) as pilot:
        await press(pilot, *SMITH, "e")
        app_of(pilot).archive.delete("customers", ["c-smith"])
        await settled(pilot)
        await press(pilot, "tab", "tab", *"x", "ctrl+s")
        await until(pilot, lambda: "not in the archive any more" in screen_text(pilot))
        await press(pilot, "escape", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_y_copies_the_fact_under_the_cursor(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "4", "y")
        assert pilot.app.clipboard == "Met at the fair.\nLikes short calls."
        assert status(pilot) == "Copied: Background"
        await press(pilot, "6", "y")


async def test_q_goes_back_as_escape_does(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "q")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_resizing_keeps_the_profile(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2", "enter")
        for size in [(120, 40), (20, 5), (50, 20), (200, 60)]:
            await pilot.resize_terminal(*size)
            await settled(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))


async def test_the_last_field_of_a_screen_is_edited_with_its_keys_in_view(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, *SMITH, "2", "G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        await until(pilot, lambda: "enter Save  esc Cancel" in screen_text(pilot))
        assert "ctrl+s" not in screen_text(pilot)  # enter does it
        await press(pilot, "escape")
        await open_fact(pilot, "phones")
        await fresh(pilot, "x")
        await press(pilot, "enter")
        await until(pilot, lambda: "! A phone number has digits" in screen_text(pilot))
        assert "enter Save  esc Cancel" in screen_text(pilot)


# The week


async def test_w_paints_the_week(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        await press(pilot, *["space"] * 4, "c", "down", "down", "enter", "p", *"office", "enter")
        assert "visit office" in screen_text(pilot)
        await press(pilot, "right", "space", "left", "left", "space", "space", "down", "up", "j", "k")
        await press(pilot, "home", "k", "j", "d", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        windows = kept(pilot, Customer, "c-smith").windows
        assert {window.channel for window in windows} == {"phone", "visit"}
        await press(pilot, "5")
        await until(pilot, lambda: "▬" in screen_text(pilot))
        await press(pilot, "w", "space", "escape")
        assert kept(pilot, Customer, "c-smith").windows == windows


async def test_every_hour_of_the_week_is_reached_where_not_all_fit(filled, settings):
    async with driven(filled, settings, size=(50, 20)) as pilot:
        await press(pilot, *SMITH, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        assert "18    …" in screen_text(pilot)
        assert " 21" not in screen_text(pilot)
        await press(pilot, *["right"] * 40, "space", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert kept(pilot, Customer, "c-smith").windows[0].start == time(23, 30)
        await press(pilot, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        await press(pilot, *["right"] * 40)
        assert "…      6     9" in screen_text(pilot)
        assert " 21" in screen_text(pilot)
        await press(pilot, *["left"] * 48)
        assert " 0     3" in screen_text(pilot)


async def test_choosing_nothing_keeps_the_brush(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "w", "c", "escape", "p", "escape", "h", "l")
        assert pilot.app.screen.query_one(WeekGrid).brush == ("phone", "")


async def test_hours_between_the_half_hours_are_announced(path, settings):
    fill(path, settings, people())
    async with driven(path, settings) as pilot:
        await press(pilot, *SMITH, "5")
        await open_fact(pilot, "windows")
        assert focused(pilot)
        await write(pilot, "Mon 9:10-10")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await press(pilot, "w")
        await until(pilot, lambda: "widened" in screen_text(pilot))


async def test_links_of_a_name_only_are_shown(path, settings):
    friend = Customer(kind="person", full_name="A Friend", referred_by=Ref(name="[b]Nobody[/b]"))
    fill(path, settings, [friend])
    async with driven(path, settings) as pilot:
        await press(pilot, "enter")
        assert "[b]Nobody[/b]" in screen_text(pilot)
