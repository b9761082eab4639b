"""Changing the period, grouping, as-of day and options of a report."""

from dataclasses import replace
from datetime import date

from driving import app_of, driven, fresh, keys, press, screen_text, title, write
from report_answers import Answers, declare, opened, period, to_table
from reported import AS_OF, REPORT

from archive.ui.widgets.figures import FigureStrip


async def test_p_cycles_through_the_periods(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        assert period(answers) == (date(2025, 11, 22), AS_OF, AS_OF)
        for start, end, label in [
            (date(2026, 10, 1), AS_OF, "this quarter"),
            (date(2026, 1, 1), AS_OF, "this year"),
            (date(2025, 1, 1), date(2025, 12, 31), "last year"),
            (date(2026, 11, 21), AS_OF, "all"),  # the date of the only transaction
            (date(2025, 11, 22), AS_OF, "12 months"),
        ]:
            await press(pilot, "p")
            assert period(answers) == (start, end, end)
            assert label in title(pilot)


async def test_p_after_a_bracket_keeps_the_shifted_period_in_view(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "left_square_bracket", "p")
        assert period(answers) == (date(2025, 10, 1), date(2025, 12, 31), date(2025, 12, 31))


async def test_brackets_shift_the_period_but_not_into_the_future(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "right_square_bracket")
        assert len(answers.requests) == 1
        await press(pilot, "left_square_bracket", "comma")
        assert period(answers) == (date(2023, 11, 22), date(2024, 11, 21), date(2024, 11, 21))
        await press(pilot, "full_stop")
        assert period(answers) == (date(2024, 11, 22), date(2025, 11, 21), date(2025, 11, 21))


async def test_the_period_all_cannot_be_shifted(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "p", "p", "p", "p")
        count = len(answers.requests)
        await press(pilot, "left_square_bracket")
        assert len(answers.requests) == count
        assert "[ all ]" not in title(pilot)


async def test_the_cursor_keeps_its_position_when_the_period_changes(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await to_table(pilot)
        await press(pilot, "j", "p")
        assert pilot.app.focused.section.key == "due"
        assert pilot.app.focused.cursor_row == 1


async def test_the_cursor_moves_to_the_first_part_if_its_part_disappears(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await to_table(pilot)
        answers.answer = replace(REPORT, tables=())
        await press(pilot, "p")
        assert isinstance(pilot.app.focused, FigureStrip)


async def test_b_groups_by_a_field_and_ungroups(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "b")
        await write(pilot, "account")
        await press(pilot, "enter")
        assert answers.last.by == "account_manager"
        assert "by account_manager" in title(pilot)
        await press(pilot, "b")
        await write(pilot, "default")
        await press(pilot, "enter")
        assert answers.last.by == ""
        await press(pilot, "b", "escape")
        assert answers.last.by == ""


async def test_a_report_without_grouping_does_not_offer_b(filled, settings, monkeypatch):
    answers = Answers()
    declare(monkeypatch, answers, groups=False, options=())
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        assert "b" not in keys(pilot)
        await press(pilot, "b")
        assert pilot.app.screen is screen
        await press(pilot, "o")
        assert "by:" not in screen_text(pilot)


async def test_the_as_of_day_can_be_changed(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "o", "a")
        await write(pilot, "2026-09-30")
        await press(pilot, "enter")
        assert period(answers) == (date(2025, 10, 1), date(2026, 9, 30), date(2026, 9, 30))
        await press(pilot, "o", "a")
        await fresh(pilot, "")
        await press(pilot, "enter")
        assert answers.last.as_of == AS_OF


async def test_an_invalid_day_is_refused_with_a_message(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        screen = await opened(pilot)
        await press(pilot, "o", "a")
        await write(pilot, "whenever")
        await press(pilot, "enter")
        assert pilot.app.screen is screen
        assert "whenever" in " ".join(note.message + note.title for note in app_of(pilot)._notifications)
        await press(pilot, "o", "a", "escape", "o", "d", "escape", "o", "escape")
        assert len(answers.requests) == 1


async def test_a_custom_period_can_be_entered(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "o", "d")
        await write(pilot, "2026-03..2026-04-15")
        await press(pilot, "enter")
        assert period(answers) == (date(2026, 3, 1), date(2026, 4, 15), date(2026, 4, 15))
        await press(pilot, "left_square_bracket")
        assert period(answers) == (date(2026, 1, 14), date(2026, 2, 28), date(2026, 2, 28))
        await press(pilot, "o", "d")
        await write(pilot, "  ")
        await press(pilot, "enter")
        assert answers.last.start == date(2026, 1, 14)


async def test_options_can_be_changed_and_reset(filled, settings, answers):
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "o")
        assert "Which model: the plain one" in screen_text(pilot)
        await press(pilot, "1", "down", "enter")
        assert answers.last.options == {"model": "b"}
        await press(pilot, "o", "2")
        await fresh(pilot, "0.4")
        await press(pilot, "enter")
        assert answers.last.options == {"model": "b", "share": "0.4"}
        await press(pilot, "o", "2")
        await fresh(pilot, "")
        await press(pilot, "enter")
        assert answers.last.options == {"model": "b"}
        await press(pilot, "o", "2", "escape", "o", "b", "escape")
        await press(pilot, "o", "u")
        assert answers.last.options == {}
