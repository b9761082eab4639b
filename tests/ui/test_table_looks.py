"""The empty state, header, cursor row and tones of a table."""

import pytest
from table_app import SIZES, Source, TableApp, screen, style_of
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from archive.store import UNSORTED, Sort
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import TONE, tone_key


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_table_shows_its_message(size):
    app = TableApp(0)
    app.table.empty = Content("Press n")
    async with app.run_test(size=size):
        width, height = app.table.scrollable_size.width, size[1]
        line = next(line for line in screen(app.table) if "Press n" in line)
        assert abs(line.index("Press n") - (width - 7) // 2) <= 1
        assert abs(screen(app.table).index(line) - height // 2) <= 1


async def test_the_message_of_an_empty_table_keeps_a_margin():
    app = TableApp(0)
    app.table.empty = Content("No record of this kind is here yet. " * 9)
    async with app.run_test(size=(40, 20)):
        lines = [line for line in screen(app.table)[1:] if line.strip()]
        assert len(lines) > 2
        assert all(line.startswith("  ") and len(line.rstrip()) <= 38 for line in lines)


async def test_the_empty_state_disappears_when_records_are_set():
    app = TableApp(0)
    async with app.run_test() as pilot:
        app.table.empty = Content.from_markup("[b]Nothing[/b] here")
        app.table.set_ids(["7"])
        await pilot.pause()
        assert screen(app.table)[1].startswith("  Customer 7 ")
        assert app.heard_of("highlighted") == ["7"]


@pytest.mark.parametrize(
    ("sort", "header"),
    [
        (Sort("name"), "  Name ▲          Place          Sum 12 m "),
        (Sort("place", True), "  Name            Place ▼        Sum 12 m "),
        (Sort("sum", True), "  Name            Place         ▼Sum 12 m "),
        (UNSORTED, "  Name            Place          Sum 12 m "),
        (Sort.of([Sort("place"), Sort("name", True)]), "  Name ▼2         Place ▲1       Sum 12 m "),
    ],
)
async def test_the_header_shows_the_sort_order(sort, header):
    app = TableApp(3)
    async with app.run_test(size=(44, 6)) as pilot:
        app.table.sort = sort
        await pilot.pause()
        assert screen(app.table)[0].rstrip() == header.rstrip()


async def test_a_label_as_wide_as_its_column_is_not_cut_by_the_sort_sign():
    app = TableApp(1, columns=[Column("name", "Last contact", 12), Column("place", "Next", 8)])
    async with app.run_test(size=(40, 6)) as pilot:
        app.table.sort = Sort("name")
        await pilot.pause()
        assert screen(app.table)[0].startswith("  Last contact▲ Next")


async def test_secondary_and_toned_cells_have_their_own_style():
    source = Source()
    source.cells = lambda id: {
        "name": "Late" if id == "1" else "Gone" if id == "2" else "Fine",
        "place": "Here",
        "sum": "9",
        TONE: "dim" if id == "2" else "",
        tone_key("sum"): "warn" if id == "1" else "",
    }
    app = TableApp(4, source)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        table = app.table
        assert style_of(table, 1, "Here") != style_of(table, 1, "Fine")
        assert style_of(table, 2, "Late") == style_of(table, 1, "Fine")
        assert style_of(table, 2, "9") == table.get_component_rich_style("record-table--warn")
        assert len(list(table.render_line(3))) == 2
        assert style_of(table, 3, "Gone") == table.get_component_rich_style("record-table--dim")


async def test_the_cursor_row_is_a_single_segment_and_changes_colour_without_focus():
    class TwoApp(TableApp):
        def compose(self):
            yield Vertical(self.table, Input())

    app = TwoApp(3)
    async with app.run_test(size=(80, 24)) as pilot:
        focused = app.table.render_line(1)
        assert len(list(focused)) == 1
        app.query_one(Input).focus()
        await pilot.pause()
        assert app.table.render_line(1).text == focused.text
        assert style_of(app.table, 1, "0").bgcolor not in (
            style_of(app.table, 2, "1").bgcolor,
            next(iter(focused)).style.bgcolor,
        )


async def test_without_colours_the_cursor_row_is_reversed(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = TableApp(3)
    async with app.run_test(size=(80, 24)) as pilot:
        assert style_of(app.table, 1, "0").reverse
        assert not style_of(app.table, 2, "1").reverse
        app.screen.set_focus(None)
        await pilot.pause()
        assert style_of(app.table, 1, "0").underline


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "nord"])
async def test_changing_the_theme_redraws_the_rows(theme):
    app = TableApp(3)
    async with app.run_test(size=(80, 24)) as pilot:
        before = style_of(app.table, 1, "0")
        app.theme = theme
        await pilot.pause()
        assert style_of(app.table, 1, "0") != before
        assert style_of(app.table, 1, "0").bgcolor != style_of(app.table, 2, "1").bgcolor
