"""Keys that were typed and have not arrived in their form when the program has to end."""

import asyncio
import gc

import pytest
from driving import SMITH, app_of, driven, press, settled, table, until
from textual.events import Key, Paste
from textual.keys import _character_to_key

from archive.service.drafts import Draft, Drafts
from archive.ui import signals
from archive.ui.draft_autosave import DraftAutosave
from archive.ui.screens.field_edit import FieldScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.part_form import PartScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.typed_ahead import TypedAhead, Waiting, typed


def keys(text: str) -> list[Key]:
    names = {"\r": "enter", "\t": "tab", "\x1b": "escape", "\x7f": "backspace"}
    return [
        Key(names.get(char) or _character_to_key(char), char if char.isprintable() else None) for char in text
    ]


def draft(pilot, waiting: Waiting | None = None) -> Draft | None:
    """What would be kept if the program ended now, with keys that wait."""
    from archive.ui.screens.ahead import draft_ahead

    return draft_ahead(pilot.app.screen_stack, waiting or Waiting())


def texts(pilot, waiting: Waiting | None = None) -> dict:
    found = draft(pilot, waiting)
    assert found
    return dict(found.texts)


# Which keys wait


def test_a_key_waits_until_the_next_one_is_delivered_or_nothing_is_under_way():
    ahead, (first, second, third) = TypedAhead(), keys("abc")
    assert ahead.waiting(is_idle=True).all() == []
    for key in (first, second, third):
        ahead.read(key)
    assert ahead.waiting(is_idle=True).keys == [first, second, third]  # the loop has not heard of them
    ahead.delivering(first, None)
    assert ahead.waiting(is_idle=False) == Waiting(first, None, "", [second, third])
    ahead.delivering(second, None)
    assert ahead.waiting(is_idle=False).all() == [second, third]
    assert ahead.waiting(is_idle=True).all() == [third]


def test_a_key_of_which_the_terminal_knows_nothing_is_delivered_all_the_same():
    ahead, (first, second) = TypedAhead(), keys("ab")
    ahead.read(first)
    ahead.delivering(second, None)
    assert ahead.waiting(is_idle=False).all() == [second]
    assert ahead.waiting(is_idle=True).all() == []


@pytest.mark.parametrize(
    ("before", "then", "text"),
    [
        ("", "Ann", "Ann"),
        ("Ann", " Bell", "Ann Bell"),
        ("Ann", "\x7f\x7fl", "Al"),
        ("", "Ann\tBell\r", "Ann Bell"),
        ("", "\t\t", ""),
        ("", "Ann\x1bd", "Ann"),
        ("王", "建国", "王建国"),
    ],
)
def test_the_keys_make_a_text(before, then, text):
    assert typed(before, keys(then)) == text


def test_a_paste_is_a_part_of_the_text():
    assert typed("An", [*keys("n "), Paste("Bell\nBonn"), *keys("!")]) == "Ann Bell Bonn!"


# The draft they make


async def test_a_form_is_kept_as_it_is_although_no_key_waits(filled, settings):
    """The message that a letter has arrived may still be on its way."""
    async with driven(filled, settings) as pilot:
        assert draft(pilot) is None
        await press(pilot, "n")
        assert texts(pilot) == {}
        await press(pilot, "A")
        assert texts(pilot) == {"full_name": "A"}
        await press(pilot, "escape", "d", "l", "x")
        assert texts(pilot) == {"line": "x"}
        await press(pilot, "escape", "question_mark")
        assert draft(pilot) is None


async def test_a_field_that_is_edited_in_its_place_is_kept_too(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "enter")
        assert isinstance(pilot.app.screen, FieldScreen)
        assert texts(pilot) == {}
        key = pilot.app.screen.first_key()
        assert texts(pilot, Waiting(keys=keys("x")))[key].endswith("x")
        await press(pilot, "y")
        assert "y" in texts(pilot)[key]


async def test_letters_go_behind_what_stands_in_the_field(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "A", "n")
        assert isinstance(pilot.app.screen, FormScreen)
        assert texts(pilot, Waiting(keys=keys("n"))) == {"full_name": "Ann"}
        assert texts(pilot, Waiting(keys=keys("\x13"))) == {"full_name": "An"}


@pytest.mark.parametrize("before", ["A", "An"])
async def test_a_letter_under_way_is_there_once_whether_or_not_it_has_arrived(filled, settings, before):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *before)
        waiting = Waiting(*keys("n"), pilot.app.focused, "A", keys("n"))
        assert texts(pilot, waiting) == {"full_name": "Ann"}


async def test_a_list_gets_one_line_more(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "A", "tab")
        while "tags" not in {row.field.key for row in pilot.app.screen.rows if row.has_focus_within}:
            await press(pilot, "tab")
        await press(pilot, "v")
        assert texts(pilot, Waiting(keys=keys("ip")))["tags"] in ("vip", ["vip"])
        while "phones" not in {row.field.key for row in pilot.app.screen.rows if row.has_focus_within}:
            await press(pilot, "shift+tab")
        await press(pilot, "1", "2")
        assert texts(pilot, Waiting(keys=keys("3")))["phones"] == ["123"]


@pytest.fixture
def slow_forms(monkeypatch):
    """Forms whose fields come only once this is set; else closing them would wait too."""
    may_go_on = asyncio.Event()

    async def fill(form):
        await may_go_on.wait()

    monkeypatch.setattr(FormScreen, "_fill", fill)
    return may_go_on


async def test_a_form_that_is_still_opening_has_them_in_its_first_field(filled, settings, slow_forms):
    async with driven(filled, settings) as pilot:
        pilot.app.push_screen(FormScreen("customers"))
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        opener = Waiting(*keys("n"), table_below(pilot), "", keys("Ann"))
        assert texts(pilot, opener) == {"full_name": "Ann"}
        assert texts(pilot, Waiting(*keys("A"), None, "", keys("nn"))) == {"full_name": "Ann"}
        assert texts(pilot, Waiting(*keys("n"), table_below(pilot), "", [])) == {}
        pilot.app.push_screen(FormScreen("transactions", values={"customer": "c-smith"}))
        await until(pilot, lambda: pilot.app.screen.table_name == "transactions")
        assert texts(pilot, Waiting(keys=keys("x"))) == {pilot.app.screen.first_key(): "x"}
        slow_forms.set()


def table_below(pilot):
    return pilot.app.screen_stack[0].query_one("#records")


async def test_a_draft_that_is_being_restored_is_not_lost(filled, settings, slow_forms):
    old = Draft("customers", "", "", "New customer", "", {"full_name": "Ann", "city": "Bonn"})
    async with driven(filled, settings) as pilot:
        pilot.app.push_screen(FormScreen("customers", draft=old))
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert texts(pilot, Waiting(keys=keys("\t"))) == old.texts
        slow_forms.set()


async def test_a_line_gets_the_rest_of_it(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "l", "c", "a")
        assert isinstance(pilot.app.screen, OneLineScreen)
        assert texts(pilot, Waiting(keys=keys("ll"))) == {"line": "call"}


@pytest.mark.parametrize(
    ("pressed", "table_name", "found"),
    [
        ("nAnn", "customers", {"full_name": "Ann"}),
        ("jjnAnn", "customers", {"full_name": "Ann"}),
        ("lcall", "line:contact", {"line": "call"}),
        ("b20 bags", "line:purchase", {"line": "20 bags"}),
    ],
)
async def test_a_form_that_was_not_opened_any_more_has_a_draft(filled, settings, pressed, table_name, found):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j")
        made = draft(pilot, Waiting(keys=keys(pressed)))
        assert made
        assert (made.table, made.texts) == (table_name, found)


@pytest.mark.parametrize("pressed", ["n", "jj", "/ann", "?ann", "n\x1b", "dn", "~"])
async def test_keys_that_open_no_form_make_no_draft(filled, settings, pressed):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j")
        assert draft(pilot, Waiting(keys=keys(pressed))) is None


async def test_a_paste_behind_the_key_for_a_new_record_has_a_draft(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j")
        assert texts(pilot, Waiting(keys=[*keys("n"), Paste("Ann Bell")])) == {"full_name": "Ann Bell"}
        assert draft(pilot, Waiting(keys=[Paste("n")])) is None


async def test_the_keys_that_the_user_chose_open_forms_too(filled, settings):
    async with driven(filled, settings._replace(keys={"browser.new": "f8"})) as pilot:
        await press(pilot, "j")
        assert texts(pilot, Waiting(keys=[Key("f8", None), *keys("Ann")])) == {"full_name": "Ann"}
        assert draft(pilot, Waiting(keys=keys("nAnn"))) is None


async def test_the_key_that_opened_a_screen_opens_nothing_there(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "enter")
        behind = Waiting(*keys("l"), table_below(pilot), "", keys("lx"))
        assert texts(pilot, behind) == {"line": "x"}


async def test_letters_of_a_search_make_no_draft(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", "m")
        assert draft(pilot, Waiting(keys=keys("nn"))) is None


async def test_the_form_of_a_group_that_was_not_opened_any_more_has_a_draft(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "enter")
        assert isinstance(pilot.app.screen, ProfileScreen)
        assert texts(pilot, Waiting(keys=keys("eC-7"))) == {"code": "C-7"}
        assert draft(pilot, Waiting(keys=keys("wx"))) is None


async def test_a_part_of_a_list_that_is_being_entered_is_in_the_draft_of_its_form(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "A")
        while "addresses" not in {row.field.key for row in pilot.app.screen.rows if row.has_focus_within}:
            await press(pilot, "tab")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, PartScreen)
        assert draft(pilot) is None
        await press(pilot, "h", "o", "m", "e")
        found = texts(pilot)
        assert found["full_name"] == "A"
        assert "home" in str(found["addresses"])


async def test_the_drafts_of_a_restored_part_can_be_gone_on_with(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "A")
        while "addresses" not in {row.field.key for row in pilot.app.screen.rows if row.has_focus_within}:
            await press(pilot, "tab")
        await press(pilot, "enter", "h", "o", "m", "e")
        kept = draft(pilot)
        pilot.app.push_screen(FormScreen("customers", draft=kept))
        await settled(pilot)
        row = next(row for row in pilot.app.screen.rows if row.field.key == "addresses")
        assert len(row.parts) == 1


# Ending


async def test_ending_waits_for_keys_that_are_on_their_way(filled, settings):
    async with driven(filled, settings) as pilot:
        for key in keys("nAnn"):
            app_of(pilot).typed_ahead.read(key)
            pilot.app.post_message(key)
        await app_of(pilot).leave(143)
        await until(pilot, lambda: pilot.app._exit)
    assert pilot.app.return_code == 143
    assert [dict(kept.texts) for kept in Drafts(filled).all()] == [{"full_name": "Ann"}]


async def test_ending_waits_no_longer_than_it_may(filled, settings, monkeypatch, slow_forms):
    monkeypatch.setattr(signals, "TYPED", 0.1)
    async with driven(filled, settings) as pilot:
        for key in keys("nAnn"):
            app_of(pilot).typed_ahead.read(key)
            pilot.app.post_message(key)
        await app_of(pilot).leave(143)
        slow_forms.set()
        await until(pilot, lambda: pilot.app._exit)
    assert [dict(kept.texts) for kept in Drafts(filled).all()] == [{"full_name": "Ann"}]


async def test_an_archive_that_is_open_only_when_the_program_has_ended_is_closed(
    filled, settings, monkeypatch
):
    from threading import Event

    from archive.service.archive import Archive
    from archive.ui import app as app_module
    from archive.ui import archive_keeper

    may_open, opened = Event(), []

    def late(*words):
        may_open.wait()
        opened.append(Archive.open(filled, settings))
        return opened[0]

    monkeypatch.setattr(archive_keeper, "open_as_allowed", late)
    app = app_module.ArchiveApp(filled, settings)
    async with app.run_test() as pilot:
        pilot.app.exit()
        await until(pilot, lambda: pilot.app._exit)
    may_open.set()
    await asyncio.to_thread(lambda: None)
    while not opened or opened[0]._db.storage.database._files.writes:
        await asyncio.sleep(0.001)
    Archive.open(filled, settings).close()


async def test_the_widget_that_got_the_last_key_is_not_kept_alive(filled, settings):
    ahead = TypedAhead()
    async with driven(filled, settings) as pilot:
        await press(pilot, "l", "x")
        key = keys("x")[0]
        ahead.delivering(key, pilot.app.focused)
        assert ahead.waiting(is_idle=False).editor is pilot.app.focused
        await press(pilot, "escape", "j")
        gc.collect()
        await until(pilot, lambda: gc.collect() is not None and ahead.waiting(is_idle=False).editor is None)
        assert table(pilot).has_focus


# Drafts


class Slow:
    """An app whose threads are all busy."""

    def run_worker(self, work, **more):
        work.close()


def test_a_draft_for_which_no_thread_was_free_is_written_at_the_end(path):
    keeper = DraftAutosave(Slow(), path, lambda error: None)
    keeper.keep(Draft("customers", "", "", "New", "", {"full_name": "Ann"}))
    assert Drafts(path).all() == []
    keeper.finish()
    assert [dict(kept.texts) for kept in Drafts(path).all()] == [{"full_name": "Ann"}]


def test_nothing_comes_behind_the_last_draft(path):
    keeper = DraftAutosave(Slow(), path, lambda error: None)
    last = Draft("customers", "", "", "New", "", {"full_name": "Ann Bell"})
    keeper.close(lambda: last)
    keeper.keep(Draft("customers", "", "", "New", "", {"full_name": "Ann"}))
    keeper.finish()
    assert Drafts(path).all() == [last]
    keeper.drop(last.key)  # the form was saved after all
    keeper.finish()
    assert Drafts(path).all() == []


def test_a_draft_may_be_kept_before_the_last_one(path):
    keeper = DraftAutosave(Slow(), path, lambda error: None)
    keeper.keep_now(lambda: Draft("customers", "", "", "New", "", {"full_name": "Ann"}))
    assert [dict(kept.texts) for kept in Drafts(path).all()] == [{"full_name": "Ann"}]
    keeper.keep(Draft("customers", "", "", "New", "", {"full_name": "Ann Bell"}))
    keeper.close(lambda: None)
    assert [dict(kept.texts) for kept in Drafts(path).all()] == [{"full_name": "Ann Bell"}]


@pytest.mark.parametrize("last", [None, Draft("customers", "", "", "New", "", {})])
def test_there_may_be_no_last_draft(path, last):
    DraftAutosave(Slow(), path, lambda error: None).close(lambda: last)
    assert not Drafts(path).path.exists()


def test_drafts_of_another_program_are_left_alone(path):
    keeper = DraftAutosave(Slow(), path, lambda error: None)
    keeper.rests = True
    keeper.close(lambda: Draft("customers", "", "", "New", "", {"full_name": "Ann"}))
    assert not Drafts(path).path.exists()
