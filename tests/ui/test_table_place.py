"""The behaviour that all table places share, tested on a fake place."""

from threading import Event as Gate
from typing import NamedTuple

import pytest
from driving import app_of, driven, keys, press, screen_text, settled, shown, table, title, until
from test_type_ahead import burst
from textual.content import Content

from archive.errors import ArchiveError, NotFound
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.ui.commands import command
from archive.ui.screens.history import HistoryScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.table_screen import TablePlace, on_a_line
from archive.ui.screens.today import TodayScreen
from archive.ui.widgets.table_layout import Column


class Wish(NamedTuple):
    customer: str
    words: str


class WishesScreen(TablePlace[Wish]):
    """A fake place that lists wishes of customers."""

    COLUMNS = [Column("words", "Wish", 20, 1)]

    def __init__(self, find) -> None:
        super().__init__()
        self.find = find

    def heading(self):
        return "Wishes"

    def detail(self):
        return f"{len(self.lines)} wishes"

    def finder(self):
        return self.find

    def cells(self, line):
        if line.words == "gone":
            raise NotFound("gone")
        return {"words": line.words}

    def empty_words(self):
        return Content("No wishes.")

    def can_open(self, line):
        return bool(line.customer)

    def open(self, line):
        self.show_customer(line.customer)

    @command("f8", "Grant", footer=True, when=on_a_line)
    def action_grant(self) -> None:
        """Grant it."""
        self.owner.say(f"granted {self.line.words}")


def found(*wishes: Wish):
    return lambda _cancelled: {str(number): wish for number, wish in enumerate(wishes)}


async def shown_place(pilot, find) -> WishesScreen:
    screen = WishesScreen(find)
    await pilot.app.push_screen(screen)
    await settled(pilot)
    await until(pilot, lambda: not screen.is_working)
    return screen


async def test_rows_are_shown_counted_and_opened(filled, settings):
    async with driven(filled, settings) as pilot:
        await shown_place(pilot, found(Wish("c-smith", "tea"), Wish("", "rain")))
        assert shown(pilot) == ["tea", "rain"]
        assert "Wishes" in title(pilot)
        assert "2 wishes" in title(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))


async def test_the_footer_follows_the_row_under_the_cursor(filled, settings):
    async with driven(filled, settings) as pilot:
        screen = await shown_place(pilot, found(Wish("c-smith", "tea"), Wish("", "rain")))
        assert {"enter", "f8"} <= keys(pilot).keys()
        await press(pilot, "j")
        await until(pilot, lambda: "enter" not in keys(pilot))
        await press(pilot, "enter", "f8")
        assert pilot.app.screen is screen
        await until(pilot, lambda: "granted rain" in screen_text(pilot))


async def test_an_empty_place_shows_a_message_and_no_keys_for_rows(filled, settings):
    async with driven(filled, settings) as pilot:
        screen = await shown_place(pilot, found())
        assert "No wishes." in screen_text(pilot)
        assert not {"enter", "f8"} & keys(pilot).keys()
        screen.find = found(Wish("c-smith", "tea"))
        screen.ask()
        await until(pilot, lambda: {"enter", "f8"} <= keys(pilot).keys())


async def test_an_error_while_finding_rows_is_shown_instead_of_them(filled, settings):
    def find(_cancelled):
        raise ArchiveError("No rate of CNY is known.", "Write one into the settings.")

    async with driven(filled, settings, (120, 40)) as pilot:
        await shown_place(pilot, find)
        assert "! No rate of CNY is known. Write one into the settings." in screen_text(pilot)


async def test_an_unexpected_error_while_finding_rows_ends_the_program_with_a_crash_report(filled, settings):
    def find(_cancelled):
        return {}["nothing"]

    async def run():
        async with driven(filled, settings) as pilot:
            await pilot.app.push_screen(WishesScreen(find))
            await until(pilot, lambda: pilot.app._exit)

    with pytest.raises(KeyError):
        await run()


async def test_the_row_of_a_deleted_record_is_blank(filled, settings):
    async with driven(filled, settings) as pilot:
        await shown_place(pilot, found(Wish("c-smith", "gone"), Wish("c-smith", "tea")))
        assert table(pilot).painter.rows.fetch(["0", "1"]) == [{}, {"words": "tea"}]


async def test_only_the_rows_found_last_are_shown(filled, settings):
    gate = Gate()

    def slow(cancelled):
        gate.wait(60)
        return {"old": Wish("", "old")}

    async with driven(filled, settings) as pilot:
        screen = WishesScreen(slow)
        await pilot.app.push_screen(screen)
        await until(pilot, lambda: "Calculating" in screen_text(pilot))
        screen.find = found(Wish("", "new"))
        screen.ask()
        await until(pilot, lambda: shown(pilot) == ["new"])
        gate.set()
        await settled(pilot)
        screen.post_message(screen.Found(1, slow(None), ["old"]))
        await settled(pilot)
        assert shown(pilot) == ["new"]


async def test_rows_are_found_again_when_the_archive_changes(filled, settings):
    async with driven(filled, settings) as pilot:
        archive = app_of(pilot).archive

        def find(_cancelled):
            return {uid: Wish(uid, archive.name("customers", uid)) for uid in archive.uids("customers")}

        screen = await shown_place(pilot, find)
        await press(pilot, "G")
        cursor = table(pilot).cursor_id
        archive.delete("customers", ["c-globex"])
        assert screen.is_working
        await until(pilot, lambda: "Globex Foods" not in shown(pilot))
        assert table(pilot).cursor_id == cursor


async def test_completing_twice_in_one_burst_completes_two_items(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen) and len(table(pilot).ids) >= 2)
        burst(pilot, "tt")
        archive = app_of(pilot).archive
        await until(pilot, lambda: archive.get(Customer, "c-smith").next_contact_on is None)
        assert archive.get(Interaction, "i-1").follow_up_done_on


async def test_an_undone_change_cannot_be_reverted_again(filled, settings):
    async with driven(filled, settings) as pilot:
        app_of(pilot).archive.edit("customers", "c-smith", grade="A")
        await press(pilot, "u", "ctrl+g", "h")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen) and table(pilot).ids)
        await until(pilot, lambda: "t" not in keys(pilot))
        await press(pilot, "j")
        await until(pilot, lambda: "t" in keys(pilot))


async def test_search_keeps_the_rows_with_every_word_as_it_is_typed(filled, settings):
    wishes = [Wish("c-smith", "green tea"), Wish("c-smith", "black tea"), Wish("", "rain")]
    async with driven(filled, settings) as pilot:
        await shown_place(pilot, found(*wishes))
        await press(pilot, "slash", *"TEA gr")
        await until(pilot, lambda: shown(pilot) == ["green tea"])
        assert "1 of 3" in screen_text(pilot)
        await press(pilot, "enter", "f8")
        await until(pilot, lambda: "granted green tea" in screen_text(pilot))
        await press(pilot, "escape")
        await until(pilot, lambda: len(shown(pilot)) == 3)
        await press(pilot, "slash", *"-tea")
        await until(pilot, lambda: shown(pilot) == ["rain"])
        await press(pilot, *" x")
        await until(pilot, lambda: "Nothing matches -tea x" in screen_text(pilot))


async def test_sorting_by_a_column_and_again_reverses_the_rows(filled, settings):
    async with driven(filled, settings) as pilot:
        await shown_place(pilot, found(Wish("", "b"), Wish("", ""), Wish("", "a")))
        await press(pilot, "s", "home", "enter")
        await until(pilot, lambda: shown(pilot) == ["a", "b", ""])
        assert "Wish ▲" in screen_text(pilot)
        await press(pilot, "s", "enter")
        await until(pilot, lambda: shown(pilot) == ["b", "a", ""])
        assert table(pilot).cursor_row == 0


async def test_a_change_keeps_the_search_and_the_widths_of_the_columns(filled, settings):
    async with driven(filled, settings) as pilot:
        screen = await shown_place(pilot, found(Wish("", "tea")))
        before = table(pilot).painter._fit(76)
        await press(pilot, "slash", *"tea", "enter")
        screen.find = found(Wish("", "rain"), Wish("", "a cup of tea"))
        screen.ask()
        await until(pilot, lambda: shown(pilot) == ["a cup of tea"])
        assert table(pilot).painter._fit(76) == before
