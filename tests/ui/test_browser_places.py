"""The places of the other tables, and switching between places."""

from driving import driven, kept, press, screen_text, table, until

from archive.model.records.customer import Customer
from archive.ui.screens.form import FormScreen
from archive.ui.screens.history import HistoryScreen
from archive.ui.screens.record import RecordScreen
from archive.ui.screens.today import TodayScreen

TABLES = [("d", "rice"), ("k", "talked about prices"), ("p", "RICE"), ("c", "Marta Smith")]


async def test_ctrl_g_goes_to_tables_today_and_history(filled, settings):
    async with driven(filled, settings) as pilot:
        for letter, words in TABLES:
            await press(pilot, "ctrl+g", letter)
            await until(pilot, lambda words=words: words in screen_text(pilot))
        await press(pilot, "ctrl+g", "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        await press(pilot, "ctrl+g", "down", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        await press(pilot, "ctrl+g", "h")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))


async def test_a_record_of_another_table_opens_for_reading(filled, settings):
    async with driven(filled, settings) as pilot:
        for letter, uid in [("d", "t-1"), ("k", "i-1"), ("p", "p-1")]:
            await press(pilot, "ctrl+g", letter)
            await until(pilot, lambda uid=uid: table(pilot).ids == [uid])
            await press(pilot, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
            assert pilot.app.screen.uid == uid
            await press(pilot, "escape")


async def test_n_in_transactions_fills_in_the_customer_of_the_row(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "d")
        await until(pilot, lambda: len(table(pilot).ids) == 1)
        await press(pilot, "n")
        assert "Marta Smith" in screen_text(pilot)


async def test_empty_tables_explain_how_to_start(path, settings):
    async with driven(path, settings) as pilot:
        for letter in "dkp":
            await press(pilot, "ctrl+g", letter)
            await until(pilot, lambda: " yet." in screen_text(pilot))
            await press(pilot, "l", "n")
            await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
            await press(pilot, "escape")


async def test_empty_places_name_their_records(path, settings):
    async with driven(path, settings) as pilot:
        for letter, records in zip("nwms", ("contracts", "wallets", "campaigns", "tasks"), strict=True):
            await press(pilot, "ctrl+g", letter)
            await until(pilot, lambda words=f"No {records} yet.": words in screen_text(pilot))
            assert "n adds one." in screen_text(pilot)


async def test_a_place_keeps_its_cursor(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "ctrl+g", "d", "ctrl+g", "c")
        await until(pilot, lambda: table(pilot).cursor_id == "c-smith")


async def test_a_change_in_one_place_is_visible_in_the_others(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "d")
        await until(pilot, lambda: len(table(pilot).ids) == 1)
        await press(pilot, "d")
        await until(pilot, lambda: table(pilot).ids == [])
        await press(pilot, "ctrl+g", "c", "j", "j", "enter", "6")
        assert "No transactions yet" in screen_text(pilot)
        assert kept(pilot, Customer, "c-smith").full_name == "Marta Smith"
