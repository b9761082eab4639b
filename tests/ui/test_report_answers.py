"""Reports never block the program: they can be stopped, refused, fail, run again and be freed."""

import gc
import weakref
from threading import Event as Gate

import pytest
from driving import app_of, driven, keys, press, screen_text, settled, shown, status, title, until
from report_answers import DECLARED, Answers, declare, opened, to_table
from strategies import NOW

from archive.analysis import request
from archive.analysis.request import Module
from archive.errors import ArchiveError
from archive.model.records.customer import Customer
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.report import ReportScreen
from archive.ui.screens.report_table import SectionTable

# Slow reports


class Slow(Answers):
    """A fake report that waits for an event, and can be cancelled while waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()
        self.gate.set()

    def run(self, data, request):
        request.step(0.001)
        request.step(0.42)
        while not self.gate.wait(0.01):
            request.step(0.42)
        return super().run(data, request)


async def test_progress_is_shown_and_escape_stops_the_calculation(filled, settings, monkeypatch):
    slow = Slow()
    declare(monkeypatch, slow, slow=True)
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)
        slow.gate.clear()
        await pilot.press("p")
        await until(pilot, lambda: "Calculating … 42 %" in status(pilot))
        assert "this quarter" in title(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Calculation stopped." in status(pilot))
        assert "12 months" in title(pilot)
        assert screen.settings.period.kind == "12 months"
        slow.gate.set()
        await press(pilot, "p")
        await until(pilot, lambda: "this quarter" in title(pilot) and not screen.is_working)
        assert len(slow.requests) == 2


async def test_only_the_result_of_the_last_question_is_shown(filled, settings, monkeypatch):
    slow = Slow()
    declare(monkeypatch, slow, slow=True)
    async with driven(filled, settings, (120, 40)) as pilot:
        await opened(pilot)
        slow.gate.clear()
        await pilot.press("p")
        await until(pilot, lambda: "42 %" in status(pilot))
        await pilot.press("p")
        slow.gate.set()
        await settled(pilot)
        await until(pilot, lambda: "2026-01-01 to 2026-11-21" in title(pilot))


async def test_escape_before_the_first_result_goes_back(filled, settings, monkeypatch):
    slow = Slow()
    slow.gate.clear()
    declare(monkeypatch, slow, slow=True)
    async with driven(filled, settings) as pilot:
        before = pilot.app.screen
        await pilot.app.push_screen(ReportScreen(DECLARED.name))
        await until(pilot, lambda: "Calculating …" in screen_text(pilot))
        assert "tab" not in keys(pilot)
        await pilot.press("x", "escape")
        await until(pilot, lambda: pilot.app.screen is before)
        await settled(pilot)


# Refusals and errors


async def test_a_refused_period_is_reported_and_the_report_stays_unchanged(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        screen = await opened(pilot)

        def refuse(data, request):
            raise ArchiveError("This period is too short.", "Take a longer one.")

        request.reports()[DECLARED.name] = Module(DECLARED, refuse)
        await press(pilot, "p")
        await until(pilot, lambda: app_of(pilot)._notifications)
        assert "12 months" in title(pilot)
        request.reports()[DECLARED.name] = Module(DECLARED, answers.run)
        await press(pilot, "p")
        assert screen.settings.period.kind == "quarter"


async def test_a_report_that_refuses_to_run_shows_the_reason_on_its_page(filled, settings, monkeypatch):
    class Refusing(Answers):
        def run(self, data, request):
            raise ArchiveError("There is no rate.", "Write one into the settings.")

    declare(monkeypatch, Refusing())
    async with driven(filled, settings) as pilot:
        await pilot.app.push_screen(ReportScreen(DECLARED.name))
        await settled(pilot)
        await until(pilot, lambda: "! There is no rate. Write one into the settings." in screen_text(pilot))
        await press(pilot, "w", "x", "tab", "q")
        assert isinstance(pilot.app.screen, BrowserScreen)


async def test_an_unexpected_error_in_a_report_ends_the_program_with_a_crash_report(
    filled, settings, monkeypatch
):
    class Broken(Answers):
        def run(self, data, request):
            return {}["nothing"]

    declare(monkeypatch, Broken())

    async def run():
        async with driven(filled, settings) as pilot:
            await pilot.app.push_screen(ReportScreen(DECLARED.name))
            await until(pilot, lambda: pilot.app._exit)

    with pytest.raises(KeyError):
        await run()


# In the program


async def test_a_change_of_the_archive_runs_the_report_again(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        app_of(pilot).archive.save(Customer(kind="person", full_name="New One"))
        await until(pilot, lambda: len(answers.requests) == 2)
        assert "u Undo: New customer" in screen_text(pilot)


async def test_closed_reports_are_freed(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        seen = []
        for _turn in range(3):
            screen = await opened(pilot)
            seen += [weakref.ref(widget) for widget in (screen, *screen.query(SectionTable))]
            await press(pilot, "p")
            await press(pilot, "q")
            del screen
        await press(pilot, "j", "k")
        await until(pilot, lambda: gc.collect() >= 0 and sum(found() is not None for found in seen) <= 4)


async def test_a_report_is_calculated_as_of_today(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        assert answers.last.as_of == NOW.date()
        await to_table(pilot)
        assert shown(pilot) == ["Marta Smith", "王建国", "José Rossi"]
