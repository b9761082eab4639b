"""The program handles failures around it: damaged files, crashes, signals, and a second instance."""

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
from archive.ui.app import ArchiveApp
from archive.ui.crash import crash_report
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen

if sys.platform != "win32":
    from terminals import Terminal


async def opened_in_vain(path, settings):
    """Return the app after it failed to open its archive."""
    app = ArchiveApp(path, settings, clock=lambda: NOW)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app._exit)
    return app


async def test_a_damaged_file_ends_the_program_with_code_65(path, settings):
    path.write_text('{"format": "something else"')
    app = await opened_in_vain(path, settings)
    assert isinstance(app.failure, Damaged)
    assert app.return_code == 65
    assert path.read_text() == '{"format": "something else"'


async def test_an_archive_being_created_by_another_program_ends_the_program_with_code_75(path, settings):
    holder = Archive.open(path, settings, create=True)
    app = await opened_in_vain(path, settings)
    holder.close()
    assert isinstance(app.failure, InUse)
    assert app.return_code == 75


async def test_an_unwritable_folder_ends_the_program_with_code_73(tmp_path, settings):
    (tmp_path / "file").write_text("")
    app = await opened_in_vain(tmp_path / "file" / "folder" / "archive.json", settings)
    assert isinstance(app.failure, CannotWrite)
    assert app.return_code == 73


async def test_without_a_name_the_default_archive_is_opened(tmp_path):
    app = ArchiveApp()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.is_open)
    assert app.archive.path == tmp_path / "xdg" / "data" / "customer-archive" / "archive.json"


async def test_an_unknown_theme_is_ignored(path):
    async with driven(path, Settings(theme="nonsense", start_place="customers")) as pilot:
        assert pilot.app.theme == "textual-dark"


async def test_a_key_can_be_changed_in_the_settings(filled):
    async with driven(filled, Settings(keys={"browser.new": "f8"}, start_place="customers")) as pilot:
        await press(pilot, "f8")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


async def test_quitting_during_a_search_exits_at_once(filled, settings):
    async with driven(filled, settings) as pilot:
        await pilot.press("slash", "s", "m", "i", "escape", "escape", "q")
        await until(pilot, lambda: pilot.app._exit)
    assert pilot.app.return_code == 0


async def test_a_dialog_stays_open_when_the_terminal_is_resized(filled, settings):
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
    """Return an error with a customer's name in its message and in a local variable."""
    customer = f"the customer {name}"
    try:
        raise ValueError(customer)
    except ValueError as error:
        return error


def test_a_crash_report_has_the_position_but_no_data():
    report = crash_report(crashed("Marta Smith"))
    assert "ValueError in test_robustness.py:" in report
    assert "Marta" not in report
    assert "NoneType" in crash_report(None)


async def test_a_crash_exits_with_an_error_and_prints_no_data(filled, settings, monkeypatch):
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
    """Return a function that starts the program in a terminal; all terminals are closed after the test."""
    terminals = []

    def on(*words):
        terminals.append(Terminal(words))
        return terminals[-1]

    yield on
    for terminal in terminals:
        terminal.close()


@unix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_restores_the_terminal_and_unlocks_the_archive(filled, opened, settings, number):
    program = opened("-m", "archive", str(filled))
    program.until("Marta")
    os.kill(program.pid, number)
    assert program.ended() == 128 + number
    assert "\x1b[?1049l" in program.seen  # the alternate screen was left
    Archive.open(filled, settings).close()  # not locked


def half_type(program):
    """Open the first customer and the form of a section, and type into its first field."""
    program.until("Marta")
    program.type("\r")
    program.until("Summary")
    program.type("e")
    program.until("Next field")
    program.type("C-half")


@unix
def test_closing_the_terminal_ends_the_program_and_keeps_the_draft(filled, opened):
    program = opened("-m", "archive", str(filled))
    half_type(program)
    program.wait(lambda: "C-half" in str([draft.texts for draft in Drafts(filled).all()]))
    program.hang_up()
    program.ended()
    assert [draft.texts for draft in Drafts(filled).all()] == [{"code": "C-half"}]


@unix
def test_half_typed_input_is_offered_after_a_kill(filled, opened):
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
    program.until("Changed code of Globex Foods")
    program.type("q")
    assert program.ended() == 0
    assert Drafts(filled).all() == []


@unix
def test_a_crash_in_a_terminal_prints_no_data_of_customers(filled, opened):
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
def test_a_second_program_opens_read_only_and_names_the_first(filled, opened):
    first = opened("-m", "archive", str(filled))
    first.until("Marta")
    second = opened("-m", "archive", str(filled))
    second.until("read-only")
    second.until(f"in use by process {first.pid}")
    second.type("q")
    assert second.ended() == 0
    first.type("q")
    assert first.ended() == 0
