"""The tables of the archive, driven by keys."""

import csv
from pathlib import Path

import pytest
from driving import (
    NOW,
    SIZES,
    TINY,
    app_of,
    driven,
    fill,
    focused,
    kept,
    people,
    press,
    sampled,
    screen_text,
    settled,
    shown,
    status,
    table,
    title,
    until,
    write,
)
from textual.widgets import Input, OptionList

from archive.model.customer import Customer
from archive.ui.app import ArchiveApp
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.history import HistoryScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.questions import LineScreen, PickScreen
from archive.ui.screens.today import TodayScreen
from archive.ui.widgets.card import Card

ALL = ["Globex Foods", "José Rossi", "Marta Smith", "王建国"]


async def test_the_frame_is_painted_before_the_archive_has_been_read(filled, settings, monkeypatch):
    monkeypatch.setattr(ArchiveApp, "_open_archive", lambda app: None)
    app = ArchiveApp(filled, settings)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "Opening the archive" in screen_text(pilot))
        assert not app.is_open


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_every_size_shows_customers_by_name(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        assert shown(pilot) == ALL
        assert "Globex" in screen_text(pilot)


async def test_an_empty_archive_says_which_key_brings_the_first_customer(path, settings):
    async with driven(path, settings) as pilot:
        assert "No customers yet" in screen_text(pilot)
        await press(pilot, "enter", "e", "l", "b", "d", "space", "y")  # there is nothing to do them to
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


async def test_the_demo_says_so(filled, settings):
    async with driven(filled, settings, demo=True) as pilot:
        assert "demo" in title(pilot)


# Searching


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("smi", ["Marta Smith"]),
        ("建国", ["王建国"]),
        ("5550-147", ["Marta Smith"]),
        ("228/5550", ["Marta Smith"]),
        ("globex", ["Globex Foods", "Marta Smith"]),
        ("tag:vip", ["Marta Smith"]),
        ("status:lost|status:prospect", ["José Rossi", "王建国"]),
    ],
)
async def test_the_table_follows_what_is_typed(filled, settings, typed, names):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash")
        await write(pilot, typed)
        await until(pilot, lambda: shown(pilot) == names)
        await press(pilot, "enter")
        assert table(pilot).has_focus
        assert table(pilot).cursor_row == 0


@pytest.mark.parametrize("key", ["slash", "fullwidth_solidus"])
async def test_the_search_line_opens_with_either_slash(filled, settings, key):
    async with driven(filled, settings) as pilot:
        await press(pilot, key)
        assert focused(pilot).id == "filter"


async def test_a_filter_that_cannot_be_read_is_explained_and_the_rows_stay(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash")
        await write(pilot, "last:>90")
        await until(pilot, lambda: status(pilot).startswith("!"))
        stayed = shown(pilot)
        await write(pilot, "z")
        assert shown(pilot) == stayed
        await press(pilot, "ctrl+u")
        await write(pilot, "smi")
        await until(pilot, lambda: status(pilot) == "")
        assert shown(pilot) == ["Marta Smith"]


async def test_escape_leaves_the_search_step_by_step(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"smi")
        await press(pilot, "escape")
        await until(pilot, lambda: shown(pilot) == ALL)
        assert focused(pilot).value == ""
        await press(pilot, "escape")
        assert table(pilot).has_focus


async def test_escape_on_the_table_takes_the_marks_away_then_the_search(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"o", "down")
        await until(pilot, lambda: len(shown(pilot)) < 4)
        await press(pilot, "space")
        assert len(table(pilot).marks) == 1
        await press(pilot, "escape")
        assert table(pilot).marks == set()
        assert pilot.app.screen.query_one("#filter", Input).value == "o"
        await press(pilot, "escape")
        await until(pilot, lambda: shown(pilot) == ALL)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_nothing_found_says_what_was_looked_for(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"zz[/b]")
        await until(pilot, lambda: "Nothing matches zz[/b]" in screen_text(pilot))


# Moving and opening


async def test_letters_move_the_cursor(filled, settings):
    async with driven(filled, settings) as pilot:
        rows = []
        for key in ["j", "j", "k", "G", "g", "down", "end", "up", "home"]:
            await press(pilot, key)
            rows.append(table(pilot).cursor_row)
        assert rows == [1, 2, 1, 3, 0, 1, 3, 2, 0]


async def test_enter_opens_the_customer_and_coming_back_lands_on_the_last_one_seen(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await press(pilot, "right_square_bracket", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert table(pilot).cursor_id == "c-smith"


async def test_the_card_stands_beside_the_table_where_there_is_room(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "j", "j")
        card = pilot.app.screen.query_one(Card)
        assert card.display
        await until(pilot, lambda: "marta@globex.example" in screen_text(pilot))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not card.display)
        await pilot.resize_terminal(130, 40)
        await until(pilot, lambda: card.display)


async def test_the_card_takes_no_room_from_the_names(filled, settings):
    def room(pilot):
        header = next(line for line in screen_text(pilot).splitlines() if "Full name" in line)
        beside = "Organisation" if "Organisation" in header else "Status"
        return header.index(beside) - header.index("Full name")

    async with driven(filled, settings) as pilot:
        without = room(pilot)
        for width in (120, 128, 150, 160):
            await pilot.resize_terminal(width, 40)
            await until(pilot, lambda: pilot.app.screen.query_one(Card).display)
            await settled(pilot)
            assert room(pilot) >= without
        assert "Organisation" in screen_text(pilot)


# Order, columns, views


async def test_sorting_by_a_column_and_again_turns_it_round(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "s", "home", "down", "down", "enter")
        await until(pilot, lambda: app_of(pilot).screen.view.sort.key == "status")
        await settled(pilot)
        assert shown(pilot)[0] == "王建国"
        assert "▲" in screen_text(pilot)
        await press(pilot, "s", "enter")
        await until(pilot, lambda: "▼" in screen_text(pilot))
        await press(pilot, "s", "end", "enter")
        await until(pilot, lambda: shown(pilot) == ALL)
        assert "▲" not in screen_text(pilot)
        await press(pilot, "s", "escape")
        assert shown(pilot) == ALL


async def test_the_chosen_columns_are_there_again_at_the_next_start(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "c", *["down"] * 7, "space", "home", "down", "enter", "ctrl+s")
        await until(pilot, lambda: "Kind" in screen_text(pilot))
        assert "organisation" in screen_text(pilot)
    async with driven(filled, settings) as pilot:
        header = screen_text(pilot).splitlines()[3]
        assert "Kind" in header
        assert "Organisation" not in header
        await press(pilot, "c", "escape")
        assert "Kind" in screen_text(pilot)


async def test_which_columns_are_chosen_is_seen_without_colour(filled, settings):
    async with driven(filled, settings, (120, 60)) as pilot:
        await press(pilot, "c")
        assert "✓ Organisation" in screen_text(pilot)
        assert "  Account manager" in screen_text(pilot)


async def test_a_saved_view_is_shown_again_in_another_session(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"status:lost", "enter", "v", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineScreen))
        assert focused(pilot).value == "status:lost"
        await press(pilot, "end", "ctrl+u", *"gone [x]", "enter")
        assert "Saved the view gone [x]" in status(pilot)
    async with driven(filled, settings) as pilot:
        assert shown(pilot) == ALL
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


async def test_views_that_cannot_be_read_are_named_and_the_table_is_shown(filled, settings, tmp_path):
    views = tmp_path / "xdg" / "config" / "customer-archive" / "views.toml"
    views.parent.mkdir(parents=True)
    views.write_text("not [ toml")
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: "The saved views in" in screen_text(pilot))
        assert shown(pilot) == ALL
        await press(pilot, "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
    assert views.read_text() == "not [ toml"


async def test_a_view_with_a_column_of_another_version_has_the_usual_ones(filled, settings, tmp_path):
    views = tmp_path / "xdg" / "config" / "customer-archive" / "views.toml"
    views.parent.mkdir(parents=True)
    views.write_text('["customers"."_last"]\ncolumns = ["full_name", "shoe_size"]\n')
    async with driven(filled, settings) as pilot:
        assert "Last contact" in screen_text(pilot)


# Changing


async def test_marked_rows_are_deleted_together_and_brought_back(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "space", "space", "d")
        await until(pilot, lambda: shown(pilot) == ["Marta Smith", "王建国"])
        assert "u brings it back" in status(pilot)
        assert table(pilot).marks == set()
        await press(pilot, "u")
        await until(pilot, lambda: shown(pilot) == ALL)
        assert "Undone" in status(pilot)
        await press(pilot, "U")
        await until(pilot, lambda: len(shown(pilot)) == 2)
        assert "Brought back" in status(pilot)
        await press(pilot, "U")
        assert status(pilot) == "Nothing to bring back."


async def test_undoing_everything_says_when_nothing_is_left(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "u")
        await until(pilot, lambda: "No customers yet" in screen_text(pilot))
        await press(pilot, "u")
        assert status(pilot) == "Nothing to undo."


async def test_the_row_under_the_cursor_is_deleted_where_none_is_marked(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "d")
        await until(pilot, lambda: "José Rossi" not in shown(pilot))


async def test_e_edits_and_the_list_shows_it(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "escape", "l")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await press(pilot, "escape", "b")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await press(pilot, *"2 bags rice @3", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: "76" in screen_text(pilot))


async def test_y_copies_the_row(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "y")
        assert "Marta Smith" in pilot.app.clipboard
        assert status(pilot) == "Copied the row."


# Export


def exported(settings) -> list[Path]:
    return list(Path(settings.export_folder).iterdir())


async def test_x_writes_exactly_the_rows_and_columns_shown_in_their_order(path, settings):
    fill(path, settings, [*people(), Customer(kind="person", full_name="=1+1", status="lost")])
    async with driven(path, settings) as pilot:
        await press(
            pilot, "slash", *"status:lost", "enter", "s", "home", "enter", "s", "enter", "s", "enter", "x"
        )
        await until(pilot, lambda: "2 rows written" in status(pilot))
        (target,) = exported(settings)
        assert target.name == f"customers-{NOW:%Y-%m-%d-%H%M}.csv"
        raw = target.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
        place = rows[0].index("full_name")
        assert [row[place] for row in rows[1:]] == ["'=1+1", "José Rossi"]


async def test_export_to_a_named_file(filled, settings, tmp_path):
    async with driven(filled, settings) as pilot:
        await press(pilot, "X", "escape", "X", "enter", "X")
        await write(pilot, str(tmp_path / "mine.csv"))
        await press(pilot, "enter")
        await until(pilot, lambda: "4 rows written" in status(pilot))
        assert (tmp_path / "mine.csv").exists()
        await press(pilot, "X")
        await write(pilot, str(tmp_path / "mine.csv"))
        await press(pilot, "enter")
        await until(pilot, lambda: "exists already" in screen_text(pilot))
    assert exported(settings) == []


# Other tables and places


@pytest.mark.parametrize(
    ("letter", "words"), [("d", "rice"), ("k", "talked about prices"), ("p", "RICE"), ("c", "Marta Smith")]
)
async def test_ctrl_g_and_a_letter_goes_to_a_table(filled, settings, letter, words):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", letter)
        await until(pilot, lambda: words in screen_text(pilot))


async def test_ctrl_g_goes_to_today_and_history(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        await press(pilot, "ctrl+g", "down", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        await press(pilot, "ctrl+g", "h")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))


@pytest.mark.parametrize("letter", ["d", "k", "p"])
async def test_a_record_of_another_table_opens_in_its_form(filled, settings, letter):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", letter)
        await until(pilot, lambda: len(table(pilot).ids) == 1)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert pilot.app.screen.uid in ("t-1", "i-1", "p-1")


async def test_n_on_dealings_begins_with_the_customer_of_the_row(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "d")
        await until(pilot, lambda: len(table(pilot).ids) == 1)
        await press(pilot, "n")
        assert "Marta Smith" in screen_text(pilot)


@pytest.mark.parametrize("letter", ["d", "k", "p"])
async def test_empty_tables_say_what_belongs_there(path, settings, letter):
    async with driven(path, settings) as pilot:
        await press(pilot, "ctrl+g", letter)
        await until(pilot, lambda: " yet." in screen_text(pilot))
        await press(pilot, "l", "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


async def test_a_place_is_found_as_it_was_left(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "ctrl+g", "d", "ctrl+g", "c")
        await until(pilot, lambda: table(pilot).cursor_id == "c-smith")


async def test_a_change_made_in_one_place_is_seen_in_the_other(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "d")
        await until(pilot, lambda: len(table(pilot).ids) == 1)
        await press(pilot, "d")
        await until(pilot, lambda: table(pilot).ids == [])
        await press(pilot, "ctrl+g", "c", "j", "j", "enter", "6")
        assert "No dealings yet" in screen_text(pilot)
        assert kept(pilot, Customer, "c-smith").full_name == "Marta Smith"


async def test_letters_are_letters_while_one_searches(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"qund?:")
        assert focused(pilot).value == "qund?:"
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert not isinstance(pilot.app.screen, PickScreen)


async def test_the_box_of_a_long_list_ends_below_its_keys(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "c")
        screen = pilot.app.screen
        await until(
            pilot,
            lambda: screen.query_one("#box").region.bottom == screen.query_one("KeyBar").region.bottom + 1,
        )
