"""Entering and changing records, by keyboard alone."""

import errno
import json

import pytest
from driving import (
    SIZES,
    TINY,
    app_of,
    driven,
    enter_field,
    field,
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
    table,
    title,
    until,
    write,
)
from textual.events import Paste
from textual.widgets import TextArea

from archive.model.customer import Customer
from archive.service.drafts import Drafts
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.part_form import PartScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.questions import DecideScreen
from archive.ui.screens.week import WeekScreen
from archive.ui.widgets.field_row import FieldRow


def named(pilot, name):
    """The customer of that name."""
    return app_of(pilot).archive.find(Customer, name)


async def paste(pilot, text):
    """Paste as a terminal does."""
    pilot.app.post_message(Paste(text))
    await settled(pilot)


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_a_customer_is_entered_by_keyboard_alone_at_every_size(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "n", *"Ann Bell", "enter", *"030 5550 147 work *", "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        ann = named(pilot, "Ann Bell")
        assert (ann.kind, ann.account_manager) == ("person", "Mara Muster")
        assert [(p.value, p.label, p.preferred) for p in ann.phones] == [("030 5550 147", "work", True)]
        await until(pilot, lambda: table(pilot).cursor_id == ann.uid)


async def test_a_field_that_one_enters_is_in_view(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, "n")
        for _step in range(40):
            await press(pilot, "tab")
            line = pilot.app.focused
            assert line.region.height >= 1
            assert pilot.app.screen.region.contains_region(line.region.shrink((0, 0, 0, 0)))


async def test_the_arrows_go_from_field_to_field_and_through_long_texts(filled, settings):
    async with driven(filled, settings) as pilot:

        def place() -> str:
            return next(row.fact.key for row in pilot.app.screen.query(FieldRow) if row.has_focus_within)

        await press(pilot, "n", "down")
        assert place() == "phones"
        await press(pilot, "up", "up")
        assert place() == "kind"
        await press(pilot, "down", *"Ann Bell")
        await enter_field(pilot, "positions")
        await press(pilot, "up", "down", "down")
        assert place() == "status"
        await enter_field(pilot, "background")
        await press(pilot, *"one", "enter", *"two", "up")
        assert place() == "background"
        await press(pilot, "down", "down")
        assert place() == "interests"
        await press(pilot, "up", "up", "up", "up")
        assert place() not in ("background", "interests")


async def test_typing_brings_a_field_back_that_was_scrolled_away(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "pagedown", "pagedown")
        assert "Full name" not in screen_text(pilot)
        await press(pilot, *"Ann")
        assert "Ann" in screen_text(pilot)


async def test_a_choice_is_typed_by_its_beginning_or_turned_by_space(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "status")
        await write(pilot, "act")
        assert "= active" in screen_text(pilot)
        await press(pilot, "end", "ctrl+u", "space")
        first = focused(pilot).value
        await press(pilot, "space")
        assert (first, focused(pilot).value) == ("prospect", "active")
        await enter_field(pilot, "do_not_contact")
        await press(pilot, "space")
        assert focused(pilot).value == "yes"
        await press(pilot, "space")
        assert focused(pilot).value == ""
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert named(pilot, "Ann Bell").status == "active"


async def test_the_right_arrow_takes_what_the_archive_knows(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "tags")
        await write(pilot, "new, vi")
        await until(pilot, lambda: focused(pilot)._suggestion == "new, vip")
        await press(pilot, "right")
        assert focused(pilot).value == "new, vip"


async def test_a_list_has_a_line_more_than_is_filled(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell", "enter", *"030 5550 147", "enter", *"030 5550 148", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert [phone.value for phone in named(pilot, "Ann Bell").phones] == ["030 5550 147", "030 5550 148"]


async def test_parts_with_a_form_of_their_own_are_added_changed_and_removed(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "2", "e")
        await enter_field(pilot, "addresses")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PartScreen))
        await enter_field(pilot, "city")
        await press(pilot, *"Bonn", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await until(pilot, lambda: "+ another address" in screen_text(pilot))
        await press(pilot, "enter")
        await enter_field(pilot, "city")
        await fresh(pilot, "Berlin")
        await press(pilot, "f2")
        await until(pilot, lambda: "Berlin" in screen_text(pilot))
        assert "Bonn" not in screen_text(pilot)
        await press(pilot, "tab", "enter", "escape", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert [address.city for address in kept(pilot, Customer, "c-smith").addresses] == ["Berlin"]
        await press(pilot, "e")
        await enter_field(pilot, "addresses")
        await press(pilot, "delete", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert kept(pilot, Customer, "c-smith").addresses == ()


async def test_a_position_names_an_organisation_of_the_archive(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "positions")
        await press(pilot, "space")
        await press(pilot, *"globex foods", "tab", "tab", *"cook")
        await press(pilot, *["enter"] * 4)  # the last field's enter takes it
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        (position,) = named(pilot, "Ann Bell").positions
        assert position.organisation.uid == "c-globex"


async def test_a_part_has_the_width_of_the_form_and_a_sign_where_it_is_cut(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "2", "e")
        await enter_field(pilot, "addresses")
        await press(pilot, "enter")
        await enter_field(pilot, "city")
        await write(pilot, "Bad Muenster am Stein-Ebernburg an der Nahe" + " by the river" * 3)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Nahe by the riv…" in screen_text(pilot))


async def test_what_is_wrong_with_a_part_keeps_its_form(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "positions")
        await press(pilot, "enter")
        await enter_field(pilot, "since")
        await press(pilot, *"soonish", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PartScreen))
        assert "soonish" in screen_text(pilot)
        await until(pilot, lambda: "! " in screen_text(pilot))


async def test_a_possible_duplicate_is_shown_while_the_name_is_typed_and_opened(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "ctrl+o", *"Marta Smit")
        await write(pilot, "h")
        await until(pilot, lambda: "possible duplicate: " in screen_text(pilot))
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert "Marta Smith" in title(pilot)
        await press(pilot, "escape")
        assert focused(pilot).value == "Marta Smith"


async def test_what_was_understood_stands_beside_the_field(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "next_contact_on")
        await write(pilot, "next fri")
        await until(pilot, lambda: "= 2026-11-27 Fri" in screen_text(pilot))


async def test_what_is_wrong_is_said_when_one_leaves_and_saving_goes_there(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "next_contact_on")
        await write(pilot, "31 feb")
        assert "! " not in screen_text(pilot)
        await press(pilot, "tab")
        await until(pilot, lambda: field(pilot, "next_contact_on").wrong)
        await press(pilot, "tab", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert field(pilot, "next_contact_on").has_focus_within
        await until(pilot, lambda: "31 feb" in screen_text(pilot) and "! " in screen_text(pilot))
        await fresh(pilot, "tomorrow")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_what_is_needed_is_asked_for(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "tab", "tab", "ctrl+s")
        await until(pilot, lambda: "Full name is needed." in screen_text(pilot))
        assert field(pilot, "full_name").has_focus_within


async def test_ctrl_n_saves_and_opens_a_new_form(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "ctrl+n")
        assert field(pilot, "full_name").has_focus_within
        await press(pilot, *"Ann Bell", "ctrl+n")
        await until(pilot, lambda: not field(pilot, "full_name").typed)
        await press(pilot, *"Bob Bell", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: {"Ann Bell", "Bob Bell"} <= set(shown(pilot)))


async def test_save_and_cancel_are_reached_with_tab(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell", "shift+tab", "shift+tab", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        await press(pilot, "escape", "shift+tab", "shift+tab", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert named(pilot, "Ann Bell")


async def test_leaving_an_untouched_form_asks_nothing(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "tab", "tab", "tab", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


@pytest.mark.parametrize("size", sampled([*SIZES, *TINY], len(SIZES)))
async def test_leaving_a_changed_form_asks_with_one_key(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "n", *"Ann Bell", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        assert "s" in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "escape", "x", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert named(pilot, "Ann Bell")
        await press(pilot, "n", *"Bob", "escape", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: Drafts(filled).all() == [])


async def test_fields_of_organisations_come_and_go_with_the_kind(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "shift+tab")
        assert not field(pilot, "industry").display
        await press(pilot, "space")
        assert focused(pilot).value == "organisation"
        assert field(pilot, "industry").display


async def test_the_title_counts_what_is_not_saved(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann")
        assert "not saved · 1 field changed" in title(pilot)
        await press(pilot, "end", "ctrl+u")
        assert "not saved" not in title(pilot)


async def test_the_hours_are_painted_from_the_form(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "f4", "j", "j", "enter", "5", "e")
        await enter_field(pilot, "windows")
        await press(pilot, "f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        assert "enter Take it" in screen_text(pilot)
        await press(pilot, "escape", "f4", "space", "space", "enter")
        await until(pilot, lambda: field(pilot, "windows").typed == ["Mon 09:00-10:00 phone"])
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert len(kept(pilot, Customer, "c-smith").windows) == 1


async def test_f4_does_nothing_in_a_form_without_hours(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "1", "e", "f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


# What does not fit, and what cannot be written


async def test_a_huge_paste_into_a_line_is_refused_with_a_sentence(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann")
        await paste(pilot, "y" * 1_000_000)
        await until(pilot, lambda: "Nothing was pasted" in screen_text(pilot))
        assert focused(pilot).value == "Ann"
        await paste(pilot, " Bell\nfrom\x1b[2J Bonn")
        await until(pilot, lambda: focused(pilot).value == "Ann Bell from␛[2J Bonn")
        await press(pilot, "home", "shift+end")
        await paste(pilot, "Bob")
        await until(pilot, lambda: focused(pilot).value == "Bob")


async def test_a_huge_paste_into_a_text_is_refused_with_a_sentence(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "4", "e")
        await enter_field(pilot, "background")
        area = pilot.app.focused
        assert isinstance(area, TextArea)
        await paste(pilot, "y" * 1_000_000)
        await until(pilot, lambda: "Nothing was pasted" in screen_text(pilot))
        assert area.text == "Met at the fair.\nLikes short calls."
        await paste(pilot, "\nThird\x07 line")
        await until(pilot, lambda: area.text.endswith("calls.\nThird␇ line"))
        await press(pilot, "tab")
        assert not area.has_focus


async def test_a_huge_paste_is_refused_wherever_one_types(filled, settings):
    async with driven(filled, settings) as pilot:
        for keys, back in [(["slash"], ["escape"]), (["l"], ["escape"]), (["X"], ["escape"])]:
            pilot.app.clear_notifications()
            await press(pilot, *keys)
            await paste(pilot, "y" * 1_000_000)
            await until(pilot, lambda: "Nothing was pasted" in screen_text(pilot))
            assert focused(pilot).value == ""
            await press(pilot, *back)


async def test_a_full_disk_keeps_the_form_and_says_so(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")

        def full(*_args, **_more):
            raise OSError(errno.ENOSPC, "full")

        with monkeypatch.context() as patch:
            patch.setattr("os.write", full)
            patch.setattr("os.fsync", full)
            await press(pilot, "ctrl+s")
            await until(pilot, lambda: "full" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert field(pilot, "full_name").typed == "Ann Bell"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert named(pilot, "Ann Bell")


# Drafts


async def test_each_change_is_kept_on_the_disk(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann")
        await until(pilot, lambda: Drafts(filled).path.exists())
        await until(
            pilot, lambda: json.loads(Drafts(filled).path.read_text())[0]["texts"] == {"full_name": "Ann"}
        )
        await write(pilot, "a")
        await until(
            pilot, lambda: json.loads(Drafts(filled).path.read_text())[0]["texts"] == {"full_name": "Anna"}
        )
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not Drafts(filled).path.exists())


async def test_what_was_typed_last_is_kept_however_soon_one_quits(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        await pilot.press(*"Anna", "ctrl+q")
    assert [draft.texts for draft in Drafts(filled).all()] == [{"full_name": "Anna"}]


@pytest.mark.parametrize("size", [(80, 24), (50, 20), (20, 5)])
async def test_a_draft_is_offered_at_the_next_start_and_gone_on_with(filled, settings, size):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann", "enter", *"030 5550 147", "enter", *"030 5550 148")
        await enter_field(pilot, "positions")
        await press(pilot, "enter", *"Nowhere", "ctrl+s")
        await until(pilot, lambda: "+ another position" in screen_text(pilot))
        await press(pilot, "ctrl+q")
    async with driven(filled, settings, size) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await until(pilot, lambda: field(pilot, "phones").typed == ["030 5550 147", "030 5550 148"])
        await until(pilot, lambda: len(field(pilot, "positions").typed) == 1)
        assert field(pilot, "positions").has_focus_within  # where one stopped
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        ann = named(pilot, "Ann")
        assert [phone.value for phone in ann.phones] == ["030 5550 147", "030 5550 148"]
        assert ann.positions[0].organisation.name == "Nowhere"
        await until(pilot, lambda: not Drafts(filled).path.exists())


async def test_a_restored_list_has_a_line_for_one_more_and_takes_it(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann", "enter", *"030 5550 147", "ctrl+q")
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter")
        await enter_field(pilot, "phones")
        await press(pilot, "tab", *"030 5550 148", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert [phone.value for phone in named(pilot, "Ann").phones] == ["030 5550 147", "030 5550 148"]


async def test_drafts_can_be_thrown_away_or_left_for_later(path, settings):
    fill(path, settings, people())
    async with driven(path, settings) as pilot:
        await press(pilot, "n", *"Ann", "ctrl+q")
    async with driven(path, settings) as pilot:
        assert "New customer" in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
    async with driven(path, settings) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: not Drafts(path).path.exists())
    async with driven(path, settings) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_several_drafts_are_offered_one_after_the_other(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann", "ctrl+q")
    async with driven(filled, settings) as pilot:
        await press(pilot, "escape", "j", "j", "enter", "2", "e", "tab", "tab", *"Dr.", "ctrl+q")
    assert len(Drafts(filled).all()) == 2
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert "Marta Smith · Personal" in title(pilot)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert not Drafts(filled).path.exists()


async def test_a_draft_of_a_record_that_is_gone_is_said_to_be_so(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "2", "e", "tab", "tab", *"Dr.", "ctrl+q")
    async with driven(filled, settings) as pilot:
        app_of(pilot).archive.delete("customers", ["c-smith"])
        await press(pilot, "enter")
        await until(pilot, lambda: "not in the archive any more" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
    assert len(Drafts(filled).all()) == 1


async def test_a_line_that_was_half_typed_is_offered_too(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "l", *"call 10m pri", "ctrl+q")
    async with driven(filled, settings) as pilot:
        assert "Contact with Marta Smith" in screen_text(pilot)
        await press(pilot, "enter")
        assert focused(pilot).value == "call 10m pri"
        await press(pilot, *"ces", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert not Drafts(filled).path.exists()


async def test_a_fact_that_was_half_typed_is_offered_too(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "enter", *"9", "ctrl+q")
    assert len(Drafts(filled).all()) == 1
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert field(pilot, "code").typed.endswith("9")


async def test_drafts_that_cannot_be_read_are_set_aside(filled, settings):
    Drafts(filled).path.write_text("{")
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
    assert Drafts(filled).path.with_name("archive.json.drafts.unreadable").exists()


async def test_drafts_that_cannot_be_written_are_said_to_be_so(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")

        def full(*_args):
            raise OSError(errno.ENOSPC, "full")

        with monkeypatch.context() as patch:
            patch.setattr("os.write", full)
            await write(pilot, "A")
            await until(pilot, lambda: "the disk is full" in screen_text(pilot))
        await write(pilot, "nn")
        await until(pilot, lambda: [draft.texts for draft in Drafts(filled).all()] == [{"full_name": "Ann"}])
