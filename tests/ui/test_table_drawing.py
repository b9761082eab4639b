"""Drawing a table at every size, fetching and rendering only the rows that are needed."""

import pytest
from rich.cells import cell_len
from table_app import HOSTILE, SIZES, Source, TableApp, numbers, screen

from archive.ui.widgets import table_paint
from archive.ui.widgets.table_lines import strip_of


async def test_the_header_is_above_the_first_rows():
    app = TableApp(3)
    async with app.run_test(size=(51, 6)):
        assert [line.rstrip() for line in screen(app.table)] == [
            "  Name                   Place          Sum 12 m",
            "  Customer 0             Place 0               0",
            "  Customer 1             Place 1               1",
            "  Customer 2             Place 2               2",
            "",
            "",
        ]


@pytest.mark.parametrize("size", SIZES)
async def test_every_line_is_as_wide_as_the_table_with_any_text(size):
    app = TableApp(200, Source(HOSTILE))
    async with app.run_test(size=size) as pilot:
        for key in ["end", "home", "pagedown", "space", "pagedown", "up", "left", "right", "G", "g"]:
            await pilot.press(key)
            width = app.table.scrollable_size.width
            assert {cell_len(line) for line in screen(app.table)} == {width}
            assert "\x1b" not in "".join(screen(app.table))
        assert app.is_running


async def test_markup_in_a_cell_is_shown_literally():
    app = TableApp(len(HOSTILE), Source(HOSTILE))
    async with app.run_test(size=(80, 24)):
        shown = screen(app.table)
        assert shown[1].startswith("  [/b]  ")
        assert shown[2].startswith("  [@click=app.quit()]x[/]  ")
        assert shown[3].startswith("  ␛]52;c;eA==␇  ")
        assert shown[4].startswith("  日本 [red  ")
        assert all(not segment.style.meta for y in range(8) for segment in app.table.render_line(y))


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 5), (20, 1), (80, 2)])
async def test_the_table_works_in_a_tiny_terminal(size):
    app = TableApp(50)
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "pagedown", "space", "end", "up")
        assert app.table.cursor_row == 48
        app.table.set_ids([])
        await pilot.pause()
        assert app.is_running


async def test_with_only_two_lines_there_is_no_header():
    app = TableApp(9)
    async with app.run_test(size=(20, 2)) as pilot:
        await pilot.press("end")
        assert [line.split()[:2] for line in screen(app.table)] == [["Customer", "7"], ["Customer", "8"]]


async def test_columns_disappear_and_reappear_with_the_width():
    app = TableApp(3)
    async with app.run_test(size=(80, 24)) as pilot:
        assert screen(app.table)[0].split() == ["Name", "Place", "Sum", "12", "m"]
        await pilot.resize_terminal(32, 10)
        assert screen(app.table)[0].split() == ["Name", "Sum", "12", "m"]
        await pilot.resize_terminal(20, 5)
        assert screen(app.table)[0].split() == ["Name"]
        await pilot.resize_terminal(80, 24)
        assert screen(app.table)[0].split() == ["Name", "Place", "Sum", "12", "m"]


@pytest.mark.parametrize("size", SIZES)
async def test_only_visible_rows_are_fetched(size):
    app = TableApp(100_000)
    height = size[1]
    async with app.run_test(size=size) as pilot:
        assert len(app.source.asked) <= height
        await pilot.press("end", "home", "pagedown", "down", "down")
        assert len(app.source.asked) <= 4 * height


async def test_a_row_is_fetched_once_until_it_may_have_changed():
    app = TableApp(10)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "up", "space")
        assert app.source.asked == numbers(10)
        app.source.names = ["Renamed"]
        app.table.refresh_rows()
        await pilot.pause()
        assert screen(app.table)[1].startswith("  Renamed")
        assert app.source.asked == numbers(10) * 2


async def rows_made(monkeypatch, key: str, *, before: list[str]) -> list[str]:
    """Return the first cells of the rows that the table renders after a key."""
    app, made = TableApp(100), []

    def noticed(fitted, runs, width):
        strip = strip_of(fitted, runs, width)
        made.append(strip.text.split("  ")[1].strip())
        return strip

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*before)
        monkeypatch.setattr(table_paint, "strip_of", noticed)
        await pilot.press(key)
    return [row for row in made if row.startswith("Customer")]


async def test_a_step_of_the_cursor_renders_only_the_row_under_it(monkeypatch):
    assert await rows_made(monkeypatch, "down", before=["down"]) == ["Customer 2"]


async def test_a_step_that_scrolls_renders_only_the_new_row(monkeypatch):
    assert await rows_made(monkeypatch, "down", before=["down"] * 22) == ["Customer 23"]
