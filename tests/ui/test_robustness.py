"""What the program does when something outside it goes wrong."""

import os
import signal
import sys

import pytest
from driving import driven, press, screen_text, settled, table, until
from strategies import NOW

from archive.errors import CannotWrite, Damaged, InUse
from archive.service.archive import Archive
from archive.service.drafts import Drafts
from archive.settings import Settings
from archive.ui.app import ArchiveApp, crash_report
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen

if sys.platform != "win32":
    from terminals import Terminal


async def opened_in_vain(path, settings):
    """The app after it could not open its archive."""
    app = ArchiveApp(path, settings, clock=lambda: NOW)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app._exit)
    return app


async def test_a_damaged_file_ends_the_program_with_its_code(path, settings):
    path.write_text('{"format": "something else"')
    app = await opened_in_vain(path, settings)
    assert isinstance(app.failure, Damaged)
    assert app.return_code == 65
    assert path.read_text() == '{"format": "something else"'


async def test_a_missing_archive_that_another_program_is_making_ends_the_program_with_its_code(
    path, settings
):
    holder = Archive.open(path, settings, create=True)
    app = await opened_in_vain(path, settings)
    holder.close()
    assert isinstance(app.failure, InUse)
    assert app.return_code == 75


async def test_a_folder_that_cannot_be_written_ends_the_program_with_its_code(tmp_path, settings):
    (tmp_path / "file").write_text("")
    app = await opened_in_vain(tmp_path / "file" / "folder" / "archive.json", settings)
    assert isinstance(app.failure, CannotWrite)
    assert app.return_code == 73


async def test_without_a_name_the_usual_archive_is_opened(tmp_path):
    app = ArchiveApp()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.is_open)
    assert app.archive.path == tmp_path / "xdg" / "data" / "customer-archive" / "archive.json"


async def test_a_theme_that_does_not_exist_is_passed_over(path):
    async with driven(path, Settings(theme="nonsense")) as pilot:
        assert pilot.app.theme == "textual-dark"


async def test_a_key_can_be_changed_in_the_settings(filled):
    async with driven(filled, Settings(keys={"browser.new": "f8"})) as pilot:
        await press(pilot, "f8")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


async def test_quitting_while_the_archive_is_searched_ends_at_once(filled, settings):
    async with driven(filled, settings) as pilot:
        await pilot.press("slash", "s", "m", "i", "escape", "escape", "q")
        await until(pilot, lambda: pilot.app._exit)
    assert pilot.app.return_code == 0


async def test_a_size_that_changes_under_a_dialogue_keeps_it(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "s")
        for size in [(120, 40), (20, 5), (50, 20), (40, 10)]:
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert "Full" in screen_text(pilot)
        await press(pilot, "escape")
        assert len(table(pilot).ids) == 4


# Crashes


def crashed(name):
    """An error with a customer's name in its words and in a variable beside it."""
    customer = f"the customer {name}"
    try:
        raise ValueError(customer)
    except ValueError as error:
        return error


def test_the_report_of_a_crash_says_where_and_not_whose():
    report = crash_report(crashed("Marta Smith"))
    assert "ValueError in test_robustness.py:" in report
    assert "Marta" not in report
    assert "NoneType" in crash_report(None)


async def test_a_crash_ends_with_a_code_and_keeps_the_name_to_itself(filled, settings, monkeypatch):
    def failing(screen):
        name = "Marta Smith"
        raise RuntimeError(name)

    shown = []
    monkeypatch.setattr(BrowserScreen, "action_edit", failing)
    monkeypatch.setattr(
        ArchiveApp, "_print_error_renderables", lambda app: shown.extend(app._exit_renderables)
    )
    with pytest.raises(RuntimeError):
        async with driven(filled, settings) as pilot:
            await press(pilot, "e")
    assert pilot.app.return_code != 0
    words = "".join(map(str, shown))
    assert "RuntimeError" in words
    assert "Marta" not in words


# Real terminals and signals

unix = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")


@pytest.fixture
def opened():
    """Programs on terminals that are gone when the test is over."""
    terminals = []

    def on(*words):
        terminals.append(Terminal(words))
        return terminals[-1]

    yield on
    for terminal in terminals:
        terminal.close()


@unix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(filled, opened, settings, number):
    program = opened("-m", "archive", str(filled))
    program.until("Marta")
    os.kill(program.pid, number)
    assert program.ended() == 128 + number
    assert "\x1b[?1049l" in program.seen  # the terminal is as it was
    Archive.open(filled, settings).close()  # nobody holds it


def half_type(program):
    """Open the first customer, the form of their group, and type into its first field."""
    program.until("Marta")
    program.type("\r")
    program.until("Next customer")
    program.type("e")
    program.until("Next field")
    program.type("C-half")


@unix
def test_a_closed_terminal_ends_it_and_keeps_the_draft(filled, opened):
    program = opened("-m", "archive", str(filled))
    half_type(program)
    program.wait(lambda: "C-half" in str([draft.texts for draft in Drafts(filled).all()]))
    program.hang_up()
    program.ended()
    assert [draft.texts for draft in Drafts(filled).all()] == [{"code": "C-half"}]


@unix
def test_what_was_half_typed_is_offered_after_a_kill(filled, opened):
    program = opened("-m", "archive", str(filled))
    half_type(program)
    program.wait(lambda: "half" in str([draft.texts for draft in Drafts(filled).all()]))
    os.kill(program.pid, signal.SIGKILL)
    assert program.ended() == -signal.SIGKILL
    program = opened("-m", "archive", str(filled))
    program.until("an unsaved draft")
    program.type("\r")
    program.until("C-half")
    program.type("\x13")
    program.until("undo: Code of Globex Foods")
    program.type("q")
    assert program.ended() == 0
    assert Drafts(filled).all() == []


@unix
def test_a_crash_on_a_terminal_tells_nothing_of_customers(filled, opened):
    script = (
        "import sys\n"
        "from archive.ui.screens import browser\n"
        "def failing(screen):\n"
        "    name = screen.archive.name('customers', 'c-smith')\n"
        "    raise RuntimeError(name)\n"
        "browser.BrowserScreen.action_edit = failing\n"
        "sys.argv[1:] = [sys.argv[1]]\n"
        "from archive.__main__ import main\n"
        "main()\n"
    )
    program = opened("-c", script, str(filled))
    program.until("Marta")
    program.type("e")
    assert program.ended() not in (0, 2)
    after = program.seen.rpartition("\x1b[?1049l")[2]
    assert "RuntimeError" in after
    assert "Marta" not in after


@unix
def test_a_second_program_on_the_archive_says_who_has_it(filled, opened):
    first = opened("-m", "archive", str(filled))
    first.until("Marta")
    second = opened("-m", "archive", str(filled))
    second.until("read-only")
    second.until(f"in use by process {first.pid}")
    second.type("q")
    assert second.ended() == 0
    first.type("q")
    assert first.ended() == 0
