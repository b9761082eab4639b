import pytest
from rich.cells import cell_len
from textual.app import App
from textual.containers import Vertical
from textual.content import Content
from textual.events import MouseScrollDown
from textual.widgets import Input

from archive.ui.widgets import table
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import TONE, strip_of, tone_key

SIZES = [(80, 24), (120, 40), (50, 20), (20, 5)]
HOSTILE = [
    "[/b]",
    "[@click=app.quit()]x[/]",
    "\x1b]52;c;eA==\x07",
    "日本 [red",
    "\u202etxt",
    "x" * 10_000,
    "👨\u200d👩\u200d👧\u200d👦",
]
COLUMNS = [
    Column("name", "Name", 14, weight=1),
    Column("place", "Place", 12, priority=2, secondary=True),
    Column("sum", "Sum 12 m", 9, priority=1, align="right"),
]


class Source:
    """Records numbered by their id, and a count of how many were asked for."""

    def __init__(self, names=()):
        self.names = names
        self.asked = []

    def __call__(self, ids):
        self.asked.extend(ids)
        return [self.cells(id) for id in ids]

    def cells(self, id):
        name = self.names[int(id) % len(self.names)] if self.names else f"Customer {id}"
        return {"name": name, "place": f"Place {id}", "sum": f"{int(id):,}"}


class TableApp(App):
    def __init__(self, count=0, source=None, columns=COLUMNS):
        super().__init__()
        self.heard = []
        self.source = source or Source()
        self.table = RecordTable(self.source, id="customers")
        self.table.set_columns(columns)
        self.table.set_ids(numbers(count))

    def compose(self):
        yield self.table

    def on_record_table_highlighted(self, event):
        self.heard.append(("highlighted", event.id))

    def on_record_table_opened(self, event):
        assert event.control is self.table
        self.heard.append(("opened", event.id))

    def on_record_table_marked(self, event):
        self.heard.append(("marked", event.ids))

    def heard_of(self, what):
        return [value for kind, value in self.heard if kind == what]


def numbers(count):
    return [str(number) for number in range(count)]


def screen(table):
    return [table.render_line(y).text for y in range(table.size.height)]


def style_of(table, y, text):
    return next(segment.style for segment in table.render_line(y) if text in segment.text)


def wheel_down(table):
    return MouseScrollDown(table, 5, 5, 0, 1, 0, False, False, False)


async def test_the_header_stands_above_the_first_rows():
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
async def test_every_line_is_as_wide_as_the_table_whatever_it_says(size):
    app = TableApp(200, Source(HOSTILE))
    async with app.run_test(size=size) as pilot:
        for key in ["end", "home", "pagedown", "space", "pagedown", "up", "left", "right", "G", "g"]:
            await pilot.press(key)
            width = app.table.scrollable_size.width
            assert {cell_len(line) for line in screen(app.table)} == {width}
            assert "\x1b" not in "".join(screen(app.table))
        assert app.is_running


async def test_markup_in_a_cell_is_shown_as_it_is():
    app = TableApp(len(HOSTILE), Source(HOSTILE))
    async with app.run_test(size=(80, 24)):
        shown = screen(app.table)
        assert shown[1].startswith("  [/b]  ")
        assert shown[2].startswith("  [@click=app.quit()]x[/]  ")
        assert shown[3].startswith("  ␛]52;c;eA==␇  ")
        assert shown[4].startswith("  日本 [red  ")
        assert all(not segment.style.meta for y in range(8) for segment in app.table.render_line(y))


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 5), (20, 1), (80, 2)])
async def test_a_tiny_terminal_is_survived(size):
    app = TableApp(50)
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "pagedown", "space", "end", "up")
        assert app.table.cursor_row == 48
        app.table.set_ids([])
        await pilot.pause()
        assert app.is_running


async def test_where_there_are_only_two_lines_the_rows_have_both():
    app = TableApp(9)
    async with app.run_test(size=(20, 2)) as pilot:
        await pilot.press("end")
        assert [line.split()[:2] for line in screen(app.table)] == [["Customer", "7"], ["Customer", "8"]]


async def test_columns_go_and_come_back_with_the_width():
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
async def test_only_what_is_on_the_screen_is_fetched(size):
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


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["down"], 1),
        (["j", "j", "k"], 1),
        (["up"], 0),
        (["pagedown"], 23),
        (["pagedown", "pagedown", "pageup"], 23),
        (["end"], 99_999),
        (["G", "up"], 99_998),
        (["G", "pagedown", "down"], 99_999),
        (["G", "home"], 0),
        (["end", "g"], 0),
        (["left", "right"], 0),
    ],
)
async def test_keys_move_the_cursor_and_its_row_is_seen(keys, row):
    app = TableApp(100_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        assert app.table.cursor_row == row
        assert app.table.cursor_id == str(row)
        assert any(f"Customer {row} " in line for line in screen(app.table)[1:])


async def test_a_page_down_on_the_last_row_leaves_no_blank_lines():
    app = TableApp(30)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown", "pagedown")
        assert screen(app.table)[1].startswith("  Customer 7 ")
        assert screen(app.table)[23].startswith("  Customer 29 ")


async def rows_made(monkeypatch, key: str, *, before: list[str]) -> list[str]:
    """The first cells of the rows that a key has the table put together."""
    app, made = TableApp(100), []

    def noticed(fitted, runs, width):
        strip = strip_of(fitted, runs, width)
        made.append(strip.text.split("  ")[1].strip())
        return strip

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*before)
        monkeypatch.setattr(table, "strip_of", noticed)
        await pilot.press(key)
    return [row for row in made if row.startswith("Customer")]


async def test_a_step_of_the_cursor_puts_together_the_row_it_is_on_and_no_other(monkeypatch):
    assert await rows_made(monkeypatch, "down", before=["down"]) == ["Customer 2"]


async def test_a_step_that_scrolls_puts_together_the_row_that_came_in(monkeypatch):
    assert await rows_made(monkeypatch, "down", before=["down"] * 22) == ["Customer 23"]


async def test_the_first_record_is_highlighted_at_once_and_each_other_once():
    app = TableApp(3)
    async with app.run_test() as pilot:
        await pilot.press("down", "down", "down", "up")
        await pilot.pause()
        assert app.heard_of("highlighted") == ["0", "1", "2", "1"]


async def test_enter_opens_the_record_under_the_cursor():
    app = TableApp(3)
    async with app.run_test() as pilot:
        await pilot.press("down", "enter")
        assert app.heard_of("opened") == ["1"]


async def test_without_rows_the_keys_do_nothing():
    app = TableApp(0)
    async with app.run_test() as pilot:
        await pilot.press("down", "end", "space", "enter", "pageup")
        await pilot.click("#customers", offset=(5, 3))
        assert app.table.cursor_id is None
        assert app.heard == []


async def test_space_marks_and_goes_on_and_marks_again_off():
    app = TableApp(3)
    async with app.run_test() as pilot:
        await pilot.press("space", "space", "up", "space")
        assert app.table.marks == {"0"}
        assert app.heard_of("marked") == [{"0"}, {"0", "1"}, {"0"}]
        assert [line[:2] for line in screen(app.table)[1:4]] == ["● ", "  ", "  "]


async def test_marks_stay_with_their_records_when_others_are_shown():
    app = TableApp(5)
    async with app.run_test() as pilot:
        app.table.marks = {"3", "4"}
        app.table.set_ids(["4", "0"])
        await pilot.pause()
        assert [line[:14] for line in screen(app.table)[1:3]] == ["● Customer 4  ", "  Customer 0  "]
        assert app.table.marks == {"3", "4"}


@pytest.mark.parametrize(
    ("ids", "row", "id"),
    [
        (["3", "2", "1", "0"], 1, "2"),
        (["0", "1", "3"], 2, "3"),
        (["0", "1"], 1, "1"),
        ([], 0, None),
    ],
)
async def test_the_cursor_stays_on_its_record_or_else_near(ids, row, id):
    app = TableApp(4)
    async with app.run_test() as pilot:
        await pilot.press("down", "down")
        app.table.set_ids(ids)
        await pilot.pause()
        assert (app.table.cursor_row, app.table.cursor_id) == (row, id)
        assert app.heard_of("highlighted")[-1] == id


async def test_other_records_leave_the_cursor_on_its_line_of_the_screen():
    app = TableApp(1000)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end", "up", "up", "up", "up")
        before = screen(app.table).index(next(line for line in screen(app.table) if "Customer 995 " in line))
        app.table.set_ids([id for id in numbers(1000) if int(id) % 5 == 0 or int(id) > 990])
        await pilot.pause()
        assert app.table.cursor_id == "995"
        assert "Customer 995 " in screen(app.table)[before]


async def test_the_cursor_moves_to_a_named_record_and_not_to_an_unknown_one():
    app = TableApp(100)
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.move_to("70")
        await pilot.pause()
        assert app.table.cursor_id == "70"
        assert any("Customer 70 " in line for line in screen(app.table))
        app.table.move_to("elsewhere")
        assert app.table.cursor_id == "70"
        assert app.table.ids[70] == "70"


async def test_a_click_moves_and_a_click_on_the_cursor_row_opens():
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


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_table_says_what_belongs_there(size):
    app = TableApp(0)
    app.table.empty = Content("Press n")
    async with app.run_test(size=size):
        width, height = app.table.scrollable_size.width, size[1]
        line = next(line for line in screen(app.table) if "Press n" in line)
        assert abs(line.index("Press n") - (width - 7) // 2) <= 1
        assert abs(screen(app.table).index(line) - height // 2) <= 1


async def test_the_words_of_an_empty_table_stand_off_its_edges():
    app = TableApp(0)
    app.table.empty = Content("No record of this kind is here yet. " * 9)
    async with app.run_test(size=(40, 20)):
        lines = [line for line in screen(app.table)[1:] if line.strip()]
        assert len(lines) > 2
        assert all(line.startswith("  ") and len(line.rstrip()) <= 38 for line in lines)


async def test_the_empty_state_goes_when_records_come():
    app = TableApp(0)
    async with app.run_test() as pilot:
        app.table.empty = Content.from_markup("[b]Nothing[/b] here")
        app.table.set_ids(["7"])
        await pilot.pause()
        assert screen(app.table)[1].startswith("  Customer 7 ")
        assert app.heard_of("highlighted") == ["7"]


@pytest.mark.parametrize(
    ("mark", "header"),
    [
        (("name", False), "  Name ▲          Place          Sum 12 m "),
        (("place", True), "  Name            Place ▼        Sum 12 m "),
        (("sum", True), "  Name            Place         ▼Sum 12 m "),
        (None, "  Name            Place          Sum 12 m "),
    ],
)
async def test_the_header_says_what_the_rows_are_sorted_by(mark, header):
    app = TableApp(3)
    async with app.run_test(size=(44, 6)) as pilot:
        app.table.sort_mark = mark
        await pilot.pause()
        assert screen(app.table)[0].rstrip() == header.rstrip()


async def test_a_label_as_wide_as_its_column_keeps_its_letters_beside_the_sign():
    app = TableApp(1, columns=[Column("name", "Last contact", 12), Column("place", "Next", 8)])
    async with app.run_test(size=(40, 6)) as pilot:
        app.table.sort_mark = ("name", False)
        await pilot.pause()
        assert screen(app.table)[0].startswith("  Last contact▲ Next")


async def test_what_is_secondary_or_has_a_tone_looks_different():
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


async def test_the_cursor_row_is_one_segment_and_calmer_without_the_focus():
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
async def test_another_theme_draws_the_rows_anew(theme):
    app = TableApp(3)
    async with app.run_test(size=(80, 24)) as pilot:
        before = style_of(app.table, 1, "0")
        app.theme = theme
        await pilot.pause()
        assert style_of(app.table, 1, "0") != before
        assert style_of(app.table, 1, "0").bgcolor != style_of(app.table, 2, "1").bgcolor
