"""The program always exits on a signal or when its terminal closes, and saves unsaved input as drafts."""

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from driving import sampled

from archive.service.archive import Archive
from archive.service.drafts import Drafts
from archive.ui.signals import Ending

if sys.platform == "win32":
    pytest.skip("needs the terminals and signals of Unix", allow_module_level=True)


from faults.window import Window
from terminals import start_in_customers

PATIENCE = 60.0  # seconds until a test gives up
MAIN = "from archive.__main__ import main\nmain()\n"
# Functions that block forever, after creating a file beside the archive to tell the test.
STUCK = """
import asyncio, sys, time
from pathlib import Path
from archive.ui.app import ArchiveApp
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen
def stuck(*args, **more):
    Path(sys.argv[1] + ".stuck").touch()
    while True:
        time.sleep(1)
def stick(owner, name):
    made = lambda *args: stuck()
    made.command = getattr(owner, name).command
    setattr(owner, name, made)
async def waiting(*args):
    Path(sys.argv[1] + ".stuck").touch()
    await asyncio.Event().wait()
"""


@pytest.fixture
def window(tmp_path):
    """Return a function that opens the program in a window; all windows are closed after the test."""
    opened = []
    start_in_customers()

    def on(path: Path, program: str = "", **more):
        environment = {**os.environ, "TERM": "xterm-256color", "COVERAGE_PROCESS_START": ""}
        opened.append(Window(program + MAIN, [str(path)], environment, (80, 24), **more))
        return opened[-1]

    yield on
    for found in opened:
        found.close()


def shown(found: Window) -> Window:
    """Wait for the first screen of a window."""
    assert found.until("Marta", PATIENCE), found.seen
    found.settle(PATIENCE)
    return found


def press_until_stuck(found: Window, path: Path, keys: str) -> None:
    found.type(keys)
    end = time.monotonic() + PATIENCE
    while not path.with_name(path.name + ".stuck").exists():
        assert time.monotonic() < end, found.seen[-3000:]
        found.read(0.05)
    assert found.has_read(PATIENCE)
    found.read(0.05)


def close(found: Window, path: Path, *, by: int = signal.SIGHUP) -> None:
    """Close the window or send a signal, and check exit code, child processes, lock and unfinished files."""
    (found.hang_up if by == signal.SIGHUP else partial(os.kill, found.pid, by))()
    assert found.has_ended(PATIENCE), found.seen[-3000:]
    assert found.status() == 128 + by
    assert not found.leaves_children(PATIENCE)
    Archive.open(path, create=True).close()
    assert not list(path.parent.glob(".*.part"))


def drafts(path: Path) -> list[dict]:
    return [dict(draft.texts) for draft in Drafts(path).all()]


# The terminal


@pytest.mark.parametrize("more", [{}, {"ignores_hangup": True}, {"stranger": True}])
@pytest.mark.parametrize("keys", sampled(["n", "", "?", "\x07a"]))
def test_closing_the_window_ends_the_program_with_or_without_a_hangup_signal(filled, window, more, keys):
    found = shown(window(filled, **more))
    found.type(keys)
    assert found.has_read(PATIENCE)
    close(found, filled)


@pytest.mark.parametrize("number", sampled([signal.SIGTERM, signal.SIGINT]))
def test_a_signal_ends_the_program_even_if_the_terminal_is_blocked(filled, window, number):
    found = shown(window(filled))
    found.type("nBlocked\x1b[6~" + "\x1b[6~\x1b[5~" * 30)
    assert found.has_read(PATIENCE, reads=False)
    close(found, filled, by=number)
    assert found.is_restored()
    assert drafts(filled) == [{"full_name": "Blocked"}]


@pytest.mark.parametrize("number", sampled([signal.SIGTERM, signal.SIGINT]))
def test_a_signal_restores_the_terminal(filled, window, number):
    found = shown(window(filled))
    close(found, filled, by=number)
    assert found.is_restored()


def test_quitting_restores_the_terminal(filled, window):
    found = shown(window(filled))
    found.type("q")
    assert found.has_ended(PATIENCE)
    assert found.status() == 0
    assert found.is_restored()


# While it is busy

DOING = {
    "the event loop": ("BrowserScreen.action_edit = stuck", "e"),
    "a change that the app waits for": ("Archive.undo = stuck", "u"),
    "a change that a form waits for": ("ArchiveApp.change_or_raise = stuck", "nAnn\x13"),
    "a thread that nobody waits for": (
        "BrowserScreen.action_edit = lambda s: s.run_worker(stuck, thread=True) and None",
        "e",
    ),
    "a dialog": ("from archive.ui.screens.dialogs import PickScreen; PickScreen.on_mount = waiting", "\x07"),
}


@pytest.mark.parametrize("by", sampled([signal.SIGHUP, signal.SIGTERM]))
@pytest.mark.parametrize("doing", DOING)
def test_a_signal_ends_the_program_whatever_is_stuck(filled, window, doing, by):
    patch, keys = DOING[doing]
    program = f"{STUCK}\nfrom archive.service.archive import Archive\n{patch}\n"
    found = shown(window(filled, program))
    press_until_stuck(found, filled, keys)
    close(found, filled, by=by)
    assert by == signal.SIGHUP or found.is_restored()


@pytest.mark.parametrize("by", sampled([signal.SIGHUP, signal.SIGTERM]))
def test_a_signal_ends_the_program_while_the_archive_is_being_opened(filled, window, by):
    found = window(
        filled, f"{STUCK}\nfrom archive.ui import archive_keeper\narchive_keeper.open_as_allowed = stuck\n"
    )
    press_until_stuck(found, filled, "")
    close(found, filled, by=by)


def test_a_signal_ends_the_program_if_the_disk_does_not_respond(filled, window):
    program = f"{STUCK}\nfrom archive.service.drafts import Drafts\nDrafts.put = stuck\n"
    found = shown(window(filled, program))
    press_until_stuck(found, filled, "nAnn")
    close(found, filled, by=signal.SIGTERM)
    assert found.is_restored()


def test_a_signal_ends_the_program_before_the_first_screen(filled, window):
    program = f"{STUCK}\nArchiveApp.on_load = lambda app, load=ArchiveApp.on_load: stuck()\n"
    found = window(filled, program)
    press_until_stuck(found, filled, "")
    close(found, filled, by=signal.SIGTERM)


# Typed ahead

AHEAD = {
    "into a form whose fields are still to come": ("FormScreen._fill = waiting", "nAnn Bell", "full_name"),
    "into a form that is stuck": ("FormScreen._fill = stuck", "nAnn Bell", "full_name"),
    "into a form that is not there yet": ("FormScreen.on_mount = stuck", "nAnn Bell", "full_name"),
    "behind the key for a new record": ("stick(BrowserScreen, 'action_new')", "jnAnn Bell", "full_name"),
    "behind the key for a line": ("stick(BrowserScreen, 'action_log')", "jlAnn Bell", "line"),
    "by a paste": ("FormScreen._fill = waiting", "n\x1b[200~Ann Bell\x1b[201~", "full_name"),
    "into a line": ("OneLineScreen.on_mount = waiting", "lAnn Bell", "line"),
    "behind the key for a group": ("stick(ProfileScreen, 'action_edit')", "\reAnn Bell", "code"),
    "into the form of a group": ("FormScreen._fill = waiting", "\reAnn Bell", "code"),
}


@pytest.mark.parametrize("by", sampled([signal.SIGHUP, signal.SIGTERM]))
@pytest.mark.parametrize("where", sampled(AHEAD, first=4))
def test_keys_typed_ahead_are_saved_in_a_draft(filled, window, where, by):
    patch, keys, key = AHEAD[where]
    imports = (
        "from archive.ui.screens.one_line import OneLineScreen\n"
        "from archive.ui.screens.profile import ProfileScreen\n"
    )
    found = shown(window(filled, f"{STUCK}{imports}{patch}\n"))
    press_until_stuck(found, filled, keys)
    close(found, filled, by=by)
    assert drafts(filled) == [{key: "Ann Bell"}]


# Handlers and descriptors


def test_signal_handlers_are_restored_and_ignored_signals_stay_ignored():
    before = signal.getsignal(signal.SIGTERM)
    hangup = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Ending(None).watched():
            assert signal.getsignal(signal.SIGTERM) != before
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is before
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.set_wakeup_fd(-1) == -1
    finally:
        signal.signal(signal.SIGHUP, hangup)


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_all_descriptors_are_closed_again():
    before = open_files()
    with Ending(None).watched():
        assert open_files() > before
    end = time.monotonic() + PATIENCE
    while open_files() > before:
        assert time.monotonic() < end
        time.sleep(0.001)
