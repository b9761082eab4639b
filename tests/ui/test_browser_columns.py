"""Choosing and sorting the columns of a table, and saving both as a view."""

from driving import NAMES, app_of, driven, focused, press, screen_text, settled, shown, status, until
from textual.widgets import Input, OptionList

from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.dialogs import LineScreen
from archive.ui.widgets.table import RecordTable


async def test_sorting_by_the_same_column_again_reverses_the_order(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "s", "home", *["down"] * 3, "enter")
        await until(pilot, lambda: app_of(pilot).screen.view.sort.key == "status")
        await settled(pilot)
        assert shown(pilot)[0] == "王建国"
        assert "▲" in screen_text(pilot)
        await press(pilot, "s", "enter")
        await until(pilot, lambda: "▼" in screen_text(pilot))
        await press(pilot, "s", "end", "enter")
        await until(pilot, lambda: shown(pilot) == NAMES)
        assert "▲" not in screen_text(pilot)
        await press(pilot, "s", "escape")
        assert shown(pilot) == NAMES


async def test_the_chosen_columns_are_remembered(filled, settings):
    async with driven(filled, settings, (90, 24)) as pilot:
        await press(pilot, "c", *["down"] * 7, "space", "home", "down", "enter", "ctrl+s")
        await until(pilot, lambda: "Kind" in screen_text(pilot))
        assert "organisation" in screen_text(pilot)
    async with driven(filled, settings, (90, 24)) as pilot:
        header = screen_text(pilot).splitlines()[3]
        assert "Kind" in header
        assert "Organisation" not in header
        await press(pilot, "c", "escape")
        assert "Kind" in screen_text(pilot)


async def test_chosen_columns_are_marked_without_colour(filled, settings):
    async with driven(filled, settings, (120, 60)) as pilot:
        await press(pilot, "c")
        assert "✓ Phone" in screen_text(pilot)
        assert "  Account manager" in screen_text(pilot)


async def test_a_saved_view_is_available_in_the_next_session(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"status:lost", "down", "v", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineScreen))
        assert focused(pilot).value == "status:lost"
        await press(pilot, "end", "ctrl+u", *"gone [x]", "enter")
        assert "Saved the view gone [x]" in status(pilot)
    async with driven(filled, settings) as pilot:
        assert shown(pilot) == NAMES
        await press(pilot, "v")
        assert "gone [x]  ·  status:lost" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: shown(pilot) == ["José Rossi"])
        assert pilot.app.screen.query_one("#filter", Input).value == "status:lost"
        await press(pilot, "v", "end", "enter", "enter", "v")
        assert pilot.app.screen.query_one(OptionList).option_count == 1


async def test_a_view_without_a_name_is_not_saved(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "v", "enter", "end", "ctrl+u", "enter", "v", "escape", "v", "enter", "escape", "v")
        assert pilot.app.screen.query_one(OptionList).option_count == 1


async def test_unreadable_views_are_reported_and_the_table_is_shown(filled, settings, tmp_path):
    views = tmp_path / "xdg" / "config" / "customer-archive" / "views.toml"
    views.parent.mkdir(parents=True)
    views.write_text("not [ toml")
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: any("views.toml" in one.title for one in app_of(pilot)._notifications))
        assert shown(pilot) == NAMES
        await press(pilot, "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
    assert views.read_text() == "not [ toml"


async def test_a_view_with_an_unknown_column_falls_back_to_the_default_columns(filled, settings, tmp_path):
    views = tmp_path / "xdg" / "config" / "customer-archive" / "views.toml"
    views.parent.mkdir(parents=True)
    views.write_text('["customers"."_last"]\ncolumns = ["full_name", "shoe_size"]\n')
    async with driven(filled, settings) as pilot:
        assert "Last contact" in screen_text(pilot)


async def test_the_box_of_a_long_list_ends_below_its_keys(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "c")
        screen = pilot.app.screen
        await until(
            pilot,
            lambda: screen.query_one("#box").region.bottom == screen.query_one("KeyBar").region.bottom + 1,
        )


async def test_columns_are_reordered_and_the_list_shows_each_step(filled, settings):
    def header(pilot):
        return app_of(pilot).screen_stack[0].query_one(RecordTable).painter._columns

    async with driven(filled, settings, (120, 40)) as pilot:
        first = [column.key for column in header(pilot)]
        await press(pilot, "c", "shift+down")
        assert [column.key for column in header(pilot)] == [first[1], first[0], *first[2:]]
        await press(pilot, "escape")
        assert [column.key for column in header(pilot)] == first
        await press(pilot, "c", "greater_than_sign", "space", "ctrl+s")
        assert [column.key for column in header(pilot)] == [first[1], *first[2:]]
    async with driven(filled, settings, (120, 40)) as pilot:
        assert [column.key for column in header(pilot)] == [first[1], *first[2:]]


async def test_a_column_is_made_wider_and_narrower_and_keeps_its_width(filled, settings, tmp_path):
    async with driven(filled, settings, (100, 24)) as pilot:
        place = pilot.app.screen
        before = place.records.widths["status"]
        await press(pilot, "c", "home", *["down"] * 3, "+", "+", "-")
        assert f"↔ {before + 2}" in screen_text(pilot)
        await until(pilot, lambda: place.records.widths["status"] == before + 2)  # the list follows at once
        await press(pilot, "ctrl+s")
    async with driven(filled, settings, (100, 24)) as pilot:
        records = pilot.app.screen.records
        await until(pilot, lambda: records.widths["status"] == before + 2)
        await press(pilot, "c", "home", *["down"] * 3, "0", "ctrl+s")
        await until(pilot, lambda: records.widths["status"] == before)


async def test_a_wide_column_gives_way_on_a_narrow_screen(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, "c", "home", *["+"] * 60, "ctrl+s")
        await settled(pilot)
        assert NAMES[0] in screen_text(pilot)
        assert all(len(line) <= 50 for line in screen_text(pilot).splitlines())


async def test_escape_brings_the_former_widths_back(filled, settings):
    async with driven(filled, settings, (100, 24)) as pilot:
        place = pilot.app.screen
        before = dict(place.records.widths)
        await press(pilot, "c", "home", *["+"] * 4)
        await until(pilot, lambda: place.records.widths != before)
        await press(pilot, "escape")
        await until(pilot, lambda: place.records.widths == before)
