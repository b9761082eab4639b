"""Using a table with the mouse."""

import pytest
from table_app import TableApp, screen
from textual.events import MouseScrollDown


def wheel_down(table):
    return MouseScrollDown(table, 5, 5, 0, 1, 0, False, False, False)


async def test_a_click_moves_the_cursor_and_a_click_on_the_cursor_row_opens_it():
    app = TableApp(10)
    async with app.run_test() as pilot:
        await pilot.click("#customers", offset=(5, 4))
        assert (app.table.cursor_id, app.heard_of("opened")) == ("3", [])
        await pilot.click("#customers", offset=(5, 1))
        await pilot.click("#customers", offset=(0, 1))
        assert app.heard_of("opened") == ["0"]


async def test_a_double_click_opens_once():
    app = TableApp(10)
    async with app.run_test() as pilot:
        await pilot.double_click("#customers", offset=(5, 4))
        assert app.heard_of("opened") == ["3"]
        await pilot.double_click("#customers", offset=(5, 4))
        assert app.heard_of("opened") == ["3", "3"]


@pytest.mark.parametrize("offset", [(5, 0), (0, 0), (5, 20)])
async def test_a_click_beside_the_rows_does_nothing(offset):
    app = TableApp(10)
    async with app.run_test() as pilot:
        await pilot.press("down")
        await pilot.click("#customers", offset=offset)
        assert app.table.cursor_id == "1"
        assert app.heard_of("opened") == []


async def test_the_wheel_scrolls_and_leaves_the_cursor():
    app = TableApp(1000)
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.post_message(wheel_down(app.table))
        await pilot.pause()
        await pilot.wait_for_scheduled_animations()
        assert screen(app.table)[0].startswith("  Name")
        assert not screen(app.table)[1].startswith("  Customer 0 ")
        assert app.table.cursor_row == 0
        await pilot.press("down", "up")
        assert screen(app.table)[1].startswith("  Customer 0 ")
