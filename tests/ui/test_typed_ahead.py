"""Keys that have not reached their form when the program has to exit are saved in a draft."""

import asyncio
import gc

import pytest
from driving import SMITH, app_of, driven, open_field, press, settled, table, until
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
    """Return the draft that would be saved if the program exited now with pending keys."""
    from archive.ui.screens.ahead import draft_ahead

    return draft_ahead(pilot.app.screen_stack, waiting or Waiting())


def texts(pilot, waiting: Waiting | None = None) -> dict:
    found = draft(pilot, waiting)
    assert found
    return dict(found.texts)


# Pending keys


def test_a_key_is_pending_until_the_next_is_delivered_or_the_program_is_idle():
    ahead, (first, second, third) = TypedAhead(), keys("abc")
    assert ahead.waiting(is_idle=True).all() == []
    for key in (first, second, third):
        ahead.read(key)
    assert ahead.waiting(is_idle=True).keys == [first, second, third]  # the event loop has not seen them
    ahead.delivering(first, None)
    assert ahead.waiting(is_idle=False) == Waiting(first, None, "", [second, third])
    ahead.delivering(second, None)
    assert ahead.waiting(is_idle=False).all() == [second, third]
    assert ahead.waiting(is_idle=True).all() == [third]


def test_a_key_that_was_never_read_from_the_terminal_is_delivered_too():
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
def test_keys_are_turned_into_text(before, then, text):
    assert typed(before, keys(then)) == text


def test_a_paste_becomes_part_of_the_text():
    assert typed("An", [*keys("n "), Paste("Bell\nBonn"), *keys("!")]) == "Ann Bell Bonn!"


# The draft made from them


async def test_a_form_has_a_draft_even_without_pending_keys(filled, settings):
    """The message about an inserted letter may still be pending."""
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


async def test_a_field_edited_in_a_profile_has_a_draft_too(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        await open_field(pilot, "full_name")
        assert isinstance(pilot.app.screen, FieldScreen)
        assert texts(pilot) == {}
        key = pilot.app.screen.first_key()
        assert texts(pilot, Waiting(keys=keys("x")))[key].endswith("x")
        await press(pilot, "y")
        assert "y" in texts(pilot)[key]


async def test_pending_letters_are_appended_to_the_field(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "A", "n")
        assert isinstance(pilot.app.screen, FormScreen)
        assert texts(pilot, Waiting(keys=keys("n"))) == {"full_name": "Ann"}
        assert texts(pilot, Waiting(keys=keys("\x13"))) == {"full_name": "An"}


@pytest.mark.parametrize("before", ["A", "An"])
async def test_a_letter_being_delivered_is_in_the_draft_exactly_once(filled, settings, before):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *before)
        waiting = Waiting(*keys("n"), pilot.app.focused, "A", keys("n"))
        assert texts(pilot, waiting) == {"full_name": "Ann"}


async def test_pending_letters_are_added_to_list_fields(filled, settings):
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
    """Delay the fields of forms until the returned event is set; set it before closing a form."""
    may_go_on = asyncio.Event()

    async def fill(form):
        await may_go_on.wait()

    monkeypatch.setattr(FormScreen, "_fill", fill)
    return may_go_on


async def test_a_form_that_is_still_opening_gets_pending_keys_in_its_first_field(
    filled, settings, slow_forms
):
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


async def test_a_quick_entry_gets_its_pending_letters(filled, settings):
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
async def test_pending_keys_that_would_open_a_form_make_a_draft(filled, settings, pressed, table_name, found):
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


async def test_a_paste_after_the_key_for_a_new_record_makes_a_draft(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j")
        assert texts(pilot, Waiting(keys=[*keys("n"), Paste("Ann Bell")])) == {"full_name": "Ann Bell"}
        assert draft(pilot, Waiting(keys=[Paste("n")])) is None


async def test_keys_changed_in_the_settings_open_forms_too(filled, settings):
    async with driven(filled, settings._replace(keys={"browser.new": "f8"})) as pilot:
        await press(pilot, "j")
        assert texts(pilot, Waiting(keys=[Key("f8", None), *keys("Ann")])) == {"full_name": "Ann"}
        assert draft(pilot, Waiting(keys=keys("nAnn"))) is None


async def test_the_key_that_opened_a_screen_is_not_applied_again(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "enter")
        behind = Waiting(*keys("l"), table_below(pilot), "", keys("lx"))
        assert texts(pilot, behind) == {"line": "x"}


async def test_letters_of_a_search_make_no_draft(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", "m")
        assert draft(pilot, Waiting(keys=keys("nn"))) is None


async def test_pending_keys_that_would_open_the_form_of_a_section_make_a_draft(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "enter")
        assert isinstance(pilot.app.screen, ProfileScreen)
        assert texts(pilot, Waiting(keys=keys("eC-7"))) == {"code": "C-7"}
        assert draft(pilot, Waiting(keys=keys("wx"))) is None


async def test_a_list_entry_being_edited_is_in_the_draft_of_its_form(filled, settings):
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


async def test_a_draft_with_a_list_entry_can_be_resumed(filled, settings):
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


async def test_exiting_waits_for_pending_keys(filled, settings):
    async with driven(filled, settings) as pilot:
        for key in keys("nAnn"):
            app_of(pilot).typed_ahead.read(key)
            pilot.app.post_message(key)
        await app_of(pilot).leave(143)
        await until(pilot, lambda: pilot.app._exit)
    assert pilot.app.return_code == 143
    assert [dict(kept.texts) for kept in Drafts(filled).all()] == [{"full_name": "Ann"}]


async def test_exiting_does_not_wait_too_long(filled, settings, monkeypatch, slow_forms):
    monkeypatch.setattr(signals, "TYPED", 0.1)
    async with driven(filled, settings) as pilot:
        for key in keys("nAnn"):
            app_of(pilot).typed_ahead.read(key)
            pilot.app.post_message(key)
        await app_of(pilot).leave(143)
        slow_forms.set()
        await until(pilot, lambda: pilot.app._exit)
    assert [dict(kept.texts) for kept in Drafts(filled).all()] == [{"full_name": "Ann"}]


async def test_an_archive_opened_after_the_program_has_exited_is_closed(filled, settings, monkeypatch):
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


async def test_the_widget_that_received_the_last_key_can_be_freed(filled, settings):
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
    """A fake app without a free thread."""

    def run_worker(self, work, **more):
        work.close()


def test_a_draft_is_written_on_exit_if_no_thread_was_free(path):
    keeper = DraftAutosave(Slow(), path, lambda error: None)
    keeper.keep(Draft("customers", "", "", "New", "", {"full_name": "Ann"}))
    assert Drafts(path).all() == []
    keeper.finish()
    assert [dict(kept.texts) for kept in Drafts(path).all()] == [{"full_name": "Ann"}]


def test_nothing_is_written_after_the_final_draft(path):
    keeper = DraftAutosave(Slow(), path, lambda error: None)
    last = Draft("customers", "", "", "New", "", {"full_name": "Ann Bell"})
    keeper.close(lambda: last)
    keeper.keep(Draft("customers", "", "", "New", "", {"full_name": "Ann"}))
    keeper.finish()
    assert Drafts(path).all() == [last]
    keeper.drop(last.key)  # the form has been saved
    keeper.finish()
    assert Drafts(path).all() == []


def test_a_draft_can_be_saved_before_the_final_one(path):
    keeper = DraftAutosave(Slow(), path, lambda error: None)
    keeper.keep_now(lambda: Draft("customers", "", "", "New", "", {"full_name": "Ann"}))
    assert [dict(kept.texts) for kept in Drafts(path).all()] == [{"full_name": "Ann"}]
    keeper.keep(Draft("customers", "", "", "New", "", {"full_name": "Ann Bell"}))
    keeper.close(lambda: None)
    assert [dict(kept.texts) for kept in Drafts(path).all()] == [{"full_name": "Ann Bell"}]


@pytest.mark.parametrize("last", [None, Draft("customers", "", "", "New", "", {})])
def test_the_final_draft_may_be_missing(path, last):
    DraftAutosave(Slow(), path, lambda error: None).close(lambda: last)
    assert not Drafts(path).path.exists()


def test_drafts_of_another_program_are_left_alone(path):
    keeper = DraftAutosave(Slow(), path, lambda error: None)
    keeper.rests = True
    keeper.close(lambda: Draft("customers", "", "", "New", "", {"full_name": "Ann"}))
    assert not Drafts(path).path.exists()
