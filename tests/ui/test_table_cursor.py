"""Moving the cursor of a table and marking rows by keyboard."""

import pytest
from table_app import TableApp, numbers, screen


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
async def test_keys_move_the_cursor_and_keep_it_in_view(keys, row):
    app = TableApp(100_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        assert app.table.cursor_row == row
        assert app.table.cursor_id == str(row)
        assert any(f"Customer {row} " in line for line in screen(app.table)[1:])


async def test_page_down_on_the_last_row_leaves_no_blank_lines():
    app = TableApp(30)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown", "pagedown")
        assert screen(app.table)[1].startswith("  Customer 7 ")
        assert screen(app.table)[23].startswith("  Customer 29 ")


async def test_each_record_is_highlighted_once_starting_with_the_first():
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


async def test_space_toggles_the_mark_and_moves_on():
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
async def test_the_cursor_stays_on_its_record_or_close_to_it(ids, row, id):
    app = TableApp(4)
    async with app.run_test() as pilot:
        await pilot.press("down", "down")
        app.table.set_ids(ids)
        await pilot.pause()
        assert (app.table.cursor_row, app.table.cursor_id) == (row, id)
        assert app.heard_of("highlighted")[-1] == id


async def test_replacing_the_records_keeps_the_cursor_on_its_screen_line():
    app = TableApp(1000)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end", "up", "up", "up", "up")
        before = screen(app.table).index(next(line for line in screen(app.table) if "Customer 995 " in line))
        app.table.set_ids([id for id in numbers(1000) if int(id) % 5 == 0 or int(id) > 990])
        await pilot.pause()
        assert app.table.cursor_id == "995"
        assert "Customer 995 " in screen(app.table)[before]


async def test_the_cursor_moves_to_a_given_record_but_not_to_an_unknown_record():
    app = TableApp(100)
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.move_to("70")
        await pilot.pause()
        assert app.table.cursor_id == "70"
        assert any("Customer 70 " in line for line in screen(app.table))
        app.table.move_to("elsewhere")
        assert app.table.cursor_id == "70"
        assert app.table.ids[70] == "70"
