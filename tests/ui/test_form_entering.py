"""Entering a record field by field, by keyboard alone."""

import pytest
from driving import (
    SIZES,
    TINY,
    driven,
    enter_field,
    field,
    focused,
    named,
    press,
    sampled,
    screen_text,
    table,
    title,
    until,
    write,
)

from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.widgets.field_row import FieldRow


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_a_customer_is_entered_by_keyboard_alone_at_every_size(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "n", *"Ann Bell", "enter", *"030 5550 147 work *", "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        ann = named(pilot, "Ann Bell")
        assert (ann.kind, ann.account_manager) == ("person", "Mara Muster")
        assert [(p.value, p.label, p.preferred) for p in ann.phones] == [("030 5550 147", "work", True)]
        await until(pilot, lambda: table(pilot).cursor_id == ann.uid)


async def test_the_focused_field_is_in_view(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, "n")
        for _step in range(40):
            await press(pilot, "tab")
            line = pilot.app.focused
            assert line.region.height >= 1
            assert pilot.app.screen.region.contains_region(line.region.shrink((0, 0, 0, 0)))


async def test_the_arrows_move_between_fields_and_within_long_texts(filled, settings):
    async with driven(filled, settings) as pilot:

        def place() -> str:
            return next(row.field.key for row in pilot.app.screen.query(FieldRow) if row.has_focus_within)

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


async def test_typing_scrolls_the_focused_field_back_into_view(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "pagedown", "pagedown")
        assert "Full name" not in screen_text(pilot)
        await press(pilot, *"Ann")
        assert "Ann" in screen_text(pilot)


async def test_a_choice_is_made_by_typing_its_beginning_or_pressing_space(filled, settings):
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


async def test_the_right_arrow_accepts_a_completion(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "tags")
        await write(pilot, "new, vi")
        await until(pilot, lambda: focused(pilot)._suggestion == "new, vip")
        await press(pilot, "right")
        assert focused(pilot).value == "new, vip"


async def test_the_parsed_value_is_shown_beside_the_field(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "next_contact_on")
        await write(pilot, "next fri")
        await until(pilot, lambda: "= 2026-11-27 Fri" in screen_text(pilot))


async def test_fields_for_organisations_appear_and_disappear_with_the_kind(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "shift+tab")
        assert not field(pilot, "industry").display
        await press(pilot, "space")
        assert focused(pilot).value == "organisation"
        assert field(pilot, "industry").display


async def test_a_possible_duplicate_is_shown_while_the_name_is_typed_and_opened(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "ctrl+o", *"Marta Smit")
        await write(pilot, "h")
        await until(pilot, lambda: "Possible duplicate (ctrl+o): C-" in screen_text(pilot))
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert "Marta Smith" in title(pilot)
        await press(pilot, "escape")
        assert focused(pilot).value == "Marta Smith"


async def test_a_key_goes_from_section_to_section(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        assert "Key fields, section 1 of 7" in title(pilot)
        await press(pilot, "ctrl+pagedown", "ctrl+pagedown")
        assert "Personal, section 3 of 7" in title(pilot)
        assert field(pilot, "family_name").has_focus_within
        await press(pilot, "tab", "ctrl+pageup")
        assert field(pilot, "family_name").has_focus_within
        await press(pilot, "ctrl+pageup")
        assert "Classification, section 2 of 7" in title(pilot)


async def test_the_choices_are_beside_the_field_and_the_arrows_choose(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "status")
        assert "○ prospect  ○ active  ○ dormant  ○ lost  ○ inactive" in screen_text(pilot)
        await press(pilot, "right", "right")
        assert "○ prospect  ● active  ○ dormant" in screen_text(pilot)
        await press(pilot, "left")
        assert focused(pilot).value == "prospect"


async def test_nothing_moves_while_a_form_is_filled(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")

        def places() -> dict[str, int]:
            return {row.field.key: row.region.y for row in pilot.app.screen.query(FieldRow)}

        before = places()
        await write(pilot, "Marta Smith")
        await until(pilot, lambda: "Possible duplicate" in screen_text(pilot))
        await press(pilot, "tab", "tab", *"nonsense", "tab", "tab", "right", "ctrl+s")
        assert places() == before
