"""The Textual app: startup and shutdown, changes of the archive, and the commands available on every screen."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.text import Text
from textual import work
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.driver import Driver
from textual.events import Event, Key, Paste
from textual.filter import LineFilter
from textual.screen import Screen

from archive.errors import ArchiveError
from archive.files import remove_unfinished
from archive.service.archive import Archive
from archive.service.drafts import Draft
from archive.service.reader import Clock
from archive.settings import Settings, data_folder
from archive.text import N_, _
from archive.ui import wall_clock
from archive.ui.archive_keeper import ArchiveKeeper
from archive.ui.boxes import Boxes
from archive.ui.clipboard import PlainClipboard
from archive.ui.commands import HasCommands, command
from archive.ui.crash import EndsWithErrors, crash_report
from archive.ui.draft_autosave import DraftAutosave
from archive.ui.host import AppServices
from archive.ui.housekeeping import EVERY, Housekeeping
from archive.ui.insights_cache import InsightsCache
from archive.ui.key_queue import KeyQueue
from archive.ui.messages import Changed, CustomerWanted, Failed, MinutePassed, Opened, ReportWanted
from archive.ui.navigation import HOME, PLACES, SETTINGS, destinations
from archive.ui.output_filter import PLAIN
from archive.ui.repeats import RepeatGuard
from archive.ui.signals import Ending, until_typed
from archive.ui.threads import Threads
from archive.ui.today_count import TodayCount
from archive.ui.typed_ahead import TypedAhead
from archive.ui.wall_clock import WallClock
from archive.ui.widgets.frame import StatusLine
from archive.ui.widgets.search import LineInput

if TYPE_CHECKING:
    from archive.service.reporting import Reporting

T = TypeVar("T")
BACKUP_AFTER = 60.0  # seconds from start or midnight: a backup must not slow down the first search


def _is_explained(app: ArchiveApp) -> bool:
    return getattr(app.screen, "IS_EXPLAINED", True)


class ArchiveApp(HasCommands, PlainClipboard, EndsWithErrors, App[None]):
    """The app: a single archive in a terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "Customer Archive"
    ENABLE_COMMAND_PALETTE = False  # Textual's matches any subsequence of letters; ours is PaletteScreen
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-narrow"), (70, "-medium"), (120, "-wide"), (160, "-broad")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (9, "-low"), (22, "-tall")]
    DEFAULT_MODE = HOME
    MODES = {name: place.make for name, place in PLACES.items() if name != HOME}

    def __init__(
        self,
        path: str | Path = "",
        settings: Settings | None = None,
        *,
        demo: bool = False,
        clock: Clock | None = None,
    ) -> None:
        super().__init__()
        self.path = Path(path) if str(path) else data_folder() / "archive.json"
        self.settings = settings or Settings()
        self.demo = demo
        self.keeper = ArchiveKeeper(self.path, self.settings, clock)
        self.is_open = False
        self.boxes = Boxes(self)
        self.drafts = DraftAutosave(self, self.path, self.show_error)
        self.insights = InsightsCache(self, lambda: self.archive, lambda: self.reporting)
        self.today_count = TodayCount(self, lambda: self.keeper.archive)
        self.typed = KeyQueue(self, self._deliver)
        self.repeats = RepeatGuard(self.typed)
        self.typed_ahead = TypedAhead()
        self.housekeeping = Housekeeping(self, self.typed)
        self.ending = Ending(self)
        self.wall_clock = WallClock(self.keeper.now, self._tell_minute, self._plan_backup)

    @property
    def archive(self) -> Archive:
        """The archive, once it is open."""
        assert self.keeper.archive is not None
        return self.keeper.archive

    @property
    def failure(self) -> ArchiveError | None:
        """The error that ended the program, for the caller to print."""
        return self.keeper.failure

    def get_default_screen(self) -> Screen[None]:
        """Return the home screen. Starting it as a mode would make Textual parse all styles twice more."""
        return PLACES[HOME].make()

    async def on_event(self, event: Event) -> None:
        """Queue keys and pastes, which keep their order; handle everything else at once."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self.typed.put(event)
        else:
            await super().on_event(event)

    async def _deliver(self, typed: Key | Paste) -> None:
        self.typed_ahead.delivering(typed, self.focused)
        await super().on_event(typed)

    # Startup and shutdown

    def get_driver_class(self) -> type[Driver]:
        """Return our driver, which survives a hang-up; Textual's own on Windows or if TEXTUAL_DRIVER is set."""
        if sys.platform == "win32" or os.environ.get("TEXTUAL_DRIVER"):
            return super().get_driver_class()
        from archive.ui.terminal import Terminal  # needs termios, which Windows lacks

        return Terminal

    def on_load(self) -> None:
        self.ending.attach()
        self._app_context = copy_context()  # Textual finds the app in it; for calls from other threads

    def on_mount(self) -> None:
        self.add_mode(HOME, PLACES[HOME].make)  # so that the user can switch back to it
        self.theme = self.settings.theme if self.settings.theme in self.available_themes else "textual-dark"
        self.set_keymap(self.settings.keys)
        asyncio.get_running_loop().set_default_executor(Threads())
        self.set_interval(EVERY, self.housekeeping.tidy_up)
        self.set_interval(wall_clock.EVERY, self.wall_clock.look)
        self._open_archive()

    def pop_screen(self) -> AwaitComplete:
        """Close the screen in front and free the cached styles of its widgets."""
        closed = super().pop_screen()
        self.housekeeping.screen_closed()
        return closed

    @work(thread=True, group="open", exit_on_error=False)
    def _open_archive(self) -> None:
        self.keeper.open()
        self.post_message(Opened())

    def on_opened(self, message: Opened) -> None:
        if self.failure:
            self.exit(return_code=self.failure.code)
            return
        self.archive.on_change.append(self._tell_change)
        self.is_open = True
        self.drafts.rests = bool(self.archive.why_reading)
        self.screen.refresh_bindings()
        self.screen.post_message(Opened())
        for warning in self.keeper.warnings:  # in a box, because the status line truncates long text
            self.boxes.warning(warning)
        self.say(
            " ".join(self.keeper.warnings) or self.keeper.news
        )  # in the status line, because a box may cover an input
        self._plan_backup()

    def _plan_backup(self) -> None:
        """Schedule the daily backup: some time after startup, and after each midnight while the program runs."""
        if not (self.demo or self.archive.why_reading):
            self.set_timer(BACKUP_AFTER, self._back_up)

    @work(thread=True, group="backup", exit_on_error=False)
    def _back_up(self) -> None:
        """Make today's backup unless it exists. Errors appear in the status line only."""
        failed = self.keeper.back_up(lambda: not self.is_running)
        if failed:
            self.call_from_thread(self.say, failed)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the last filter, which strips control characters from every rendered line."""
        return [*super().get_line_filters(), PLAIN]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable undo and redo until the archive is open."""
        if not self.is_open and action in ("undo", "redo"):
            return False
        return super().check_action(action, parameters)

    async def leave(self, code: int) -> None:
        """Exit with a code, after queued keys have reached their field and therefore the draft."""
        await until_typed(self, self.typed)
        self.keep_typed(last=True)  # not on unmount: closing many widgets takes long on a busy machine
        self.exit(return_code=code)

    def on_unmount(self) -> None:
        self.drafts.finish()
        self.keeper.close()

    def keep_typed(self, *, last: bool) -> None:
        """Write the drafts, including queued keys; with `last`, accept no drafts afterwards. Thread-safe."""
        self._app_context.copy().run(self.drafts.close if last else self.drafts.keep_now, self._draft_ahead)

    def let_go(self) -> None:
        """Stop child processes and delete temporary files, for an exit without `on_unmount`. Thread-safe."""
        self.keeper.abandon()
        remove_unfinished()

    def _draft_ahead(self) -> Draft | None:
        """Return a draft with the keys that are still queued, or None if there is nothing to save."""
        waiting = self.typed_ahead.waiting(is_idle=self.typed.is_idle)
        if not self.is_open or not (waiting.all() or len(self.screen_stack) > 1):
            return None
        from archive.ui.screens.ahead import draft_ahead  # imports the forms

        return draft_ahead(self.screen_stack, waiting)

    def _fatal_error(self) -> None:
        """Print the location of the error, without the customer data in local variables."""
        error = sys.exception()
        # Report only the first error, and none if the terminal may be gone.
        if not (self._exit_renderables or self.ending.has_begun):
            self._exit_renderables.append(Text(crash_report(error)))
        self._close_messages_no_wait()

    @cached_property
    def reporting(self) -> Reporting:
        """The report service. It reads the archive once and then follows its changes."""
        from archive.service.reporting import Reporting  # slow to import, so only for the first report

        return Reporting(self.archive)

    # Changes

    def _tell_change(self, revision: int) -> None:
        self.post_message(Changed(revision))

    def _tell_minute(self) -> None:
        if self.screen_stack:
            self.screen.post_message(MinutePassed())

    def on_changed(self, message: Changed) -> None:
        if self.screen_stack:  # empty during shutdown
            self.screen.post_message(Changed(message.revision))

    async def change(self, work: Callable[[], T]) -> T | None:
        """Run a change of the archive in a thread. Show an error and return None if it fails."""
        try:
            return await self.change_or_raise(work)
        except ArchiveError as error:
            self.show_error(error)
            return None

    async def change_or_raise(self, work: Callable[[], T]) -> T:
        """Like `change`, for a form that shows the error beside its field."""
        done = await asyncio.to_thread(work)
        self.say("")  # clear hints such as "u to undo", which now refer to an older change
        return done

    def tried(self, work: Callable[[], T]) -> T | None:
        """Run a quick call at once. Show an error and return None if it fails."""
        try:
            return work()
        except ArchiveError as error:
            self.show_error(error)
            return None

    def show_error(self, error: ArchiveError) -> None:
        """Show an error as a notification."""
        self.boxes.error(error)

    def on_customer_wanted(self, message: CustomerWanted) -> None:
        from archive.ui.screens.profile import ProfileScreen

        self.push_screen(ProfileScreen(message.uid, message.ids))

    def on_report_wanted(self, message: ReportWanted) -> None:
        from archive.ui.screens.report import ReportScreen

        self.push_screen(ReportScreen(message.name))

    def on_failed(self, message: Failed) -> None:
        self.boxes.error_once(message.error)

    def on_line_input_paste_refused(self, message: LineInput.PasteRefused) -> None:
        self.show_error(message.error)

    def say(self, text: str) -> None:
        """Show a message in the status lines of all open screens, so that it outlives the screen in front."""
        for screen in self.screen_stack:
            for line in screen.query(StatusLine):
                line.say(text)

    # Commands available everywhere

    @command("u", N_("Undo"), destructive=True)
    async def action_undo(self) -> None:
        """Undo the last change, even after a restart."""
        entry = await self.change_or_raise(self.archive.undo)
        message = _("Undone: {label} (U to redo)") if entry else _("Nothing to undo.")
        self.say(message.format(label=entry.label if entry else ""))

    @command("U", N_("Redo"), destructive=True)
    async def action_redo(self) -> None:
        """Redo the last undone change."""
        entry = await self.change_or_raise(self.archive.redo)
        message = _("Redone: {label}") if entry else _("Nothing to redo.")
        self.say(message.format(label=entry.label if entry else ""))

    @command("ctrl+g", N_("Go to"))
    def action_go(self) -> None:
        """Go to another screen: press ctrl+g, then its letter."""
        from archive.ui.screens.dialogs import PickScreen

        choices = [(name, f"{letter}  {title}") for letter, name, title in destinations()]
        keys = {letter: name for letter, name, _title in destinations()}
        self.push_screen(PickScreen(_("Go to"), choices, keys=keys), self.go_to)

    def go_to(self, place: str | None) -> None:
        """Switch to a mode, in the state it was left in, or open the archive settings."""
        if place == SETTINGS:
            self.action_settings()
        elif place:
            self.switch_mode(place)

    @command("f9", N_("Archive settings"))
    def action_settings(self) -> None:
        """Edit the settings of this archive: home currency, exchange rates, working hours, holidays."""
        from archive.ui.screens.form import FormScreen

        if self.is_open and not isinstance(self.screen, FormScreen):
            self.push_screen(FormScreen(SETTINGS))

    @command("colon,ctrl+p", N_("Commands"))
    def action_commands(self) -> None:
        """Find a command by name."""
        from archive.ui.screens.palette import PaletteScreen, run

        self.push_screen(PaletteScreen([self.screen, self]), run)

    @command("question_mark,f1", N_("Help"), footer=True, when=_is_explained)
    def action_help(self) -> None:
        """Show the keys of this screen and the search syntax."""
        from archive.ui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    async def action_quit(self) -> None:
        """Quit. Unsaved input is kept as a draft and offered at the next start."""
        unkept = await self.drafts.unkept()
        if unkept is None:
            self.exit()
        else:
            from archive.ui.screens.drafts import ask_to_leave

            ask_to_leave(self, unkept)


_SCREENS_SEE: type[AppServices] = ArchiveApp  # static check: the app implements the protocol that screens use
