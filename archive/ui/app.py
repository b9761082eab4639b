"""The Textual app: startup and shutdown, changes of the archive, and the commands available on every screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual import work
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
from archive.ui.busy import Work
from archive.ui.clipboard import PlainClipboard
from archive.ui.commands import HasCommands, command
from archive.ui.daily_backup import DailyBackup
from archive.ui.draft_autosave import DraftAutosave
from archive.ui.error_guard import on
from archive.ui.host import AppServices
from archive.ui.housekeeping import EVERY
from archive.ui.insights_cache import InsightsCache
from archive.ui.messages import (
    Changed,
    CustomerWanted,
    EverythingWanted,
    Failed,
    MinutePassed,
    Opened,
    RecordWanted,
    ReportWanted,
)
from archive.ui.navigation import PLACES, SETTINGS, choices_of_places, start_place
from archive.ui.preferences import Preferences
from archive.ui.recent_customers import RecentCustomers
from archive.ui.screens.wanted import Wanted, screen_for
from archive.ui.signals import Ending, until_typed
from archive.ui.terminal_app import TerminalApp
from archive.ui.threads import Threads
from archive.ui.today_count import TodayCount
from archive.ui.wall_clock import WallClock
from archive.ui.widgets.search import LineInput
from archive.ui.widgets.status_lines import StatusLines

if TYPE_CHECKING:
    from archive.service.reporting import Reporting
    from archive.ui.screens.base import ArchiveScreen

T = TypeVar("T")


def _ignore(_words: str) -> None:
    """Show no words, because the caller shows its progress."""


def _is_explained(app: ArchiveApp) -> bool:
    return getattr(app.screen, "IS_EXPLAINED", True)


class ArchiveApp(HasCommands, PlainClipboard, TerminalApp):
    """The app: a single archive in a terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "Customer Archive"
    ENABLE_COMMAND_PALETTE = False  # Textual's matches any subsequence of letters; ours is PaletteScreen
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-narrow"), (70, "-medium"), (120, "-wide"), (160, "-broad")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (9, "-low"), (22, "-tall")]

    def __init__(
        self,
        path: str | Path = "",
        settings: Settings | None = None,
        *,
        demo: bool = False,
        clock: Clock | None = None,
        problems: Sequence[ArchiveError] = (),
        first_start: bool = False,
    ) -> None:
        settings = settings or Settings()
        self.home = start_place(settings.start_place)
        self.DEFAULT_MODE = self.home  # type: ignore[misc]  # per run; Textual reads it from the instance
        self.MODES = {name: place.make for name, place in PLACES.items() if name != self.home}  # type: ignore[misc]
        super().__init__()
        self.preferences = Preferences(self, settings)
        self.status_lines = StatusLines(self)
        self.show_work = self.status_lines.show_work
        self.first_start = first_start
        self.wanted_setting = ""
        self.path = Path(path) if str(path) else data_folder() / "archive.json"
        self.demo = demo
        self.keeper = ArchiveKeeper(self.path, settings, clock, problems)
        self.is_open = False
        self.boxes = Boxes(self)
        self.drafts = DraftAutosave(self, self.path, self.show_error)
        self.recent = RecentCustomers(self, self.path, self.show_error)
        self.insights = InsightsCache(self, lambda: self.archive, lambda: self.reporting)
        self.today_count = TodayCount(self, lambda: self.keeper.archive)
        self.ending = Ending(self)
        self.daily_backup = DailyBackup(self, self.keeper, self.say)
        self.wall_clock = WallClock(self.keeper.now, self._tell_minute, self._plan_backup)

    @property
    def settings(self) -> Settings:
        """The personal settings."""
        return self.preferences.settings

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
        return PLACES[self.home].make()

    # Startup and shutdown

    def on_load(self) -> None:
        self.ending.attach()
        self._app_context = copy_context()  # Textual finds the app in it; for calls from other threads

    def on_mount(self) -> None:
        self.add_mode(self.home, PLACES[self.home].make)  # so that the user can switch back to it
        self.preferences.use_looks()
        asyncio.get_running_loop().set_default_executor(Threads())
        self.set_interval(EVERY, self.housekeeping.tidy_up)
        self.set_interval(wall_clock.EVERY, self.wall_clock.look)
        self._open_archive()

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
        self.recent.rests = self.drafts.rests or self.demo
        self.screen.refresh_bindings()
        self.screen.post_message(Opened())
        for warning in self.keeper.warnings:
            self.boxes.warning(warning)  # because the status line truncates long text
        self.say(" ".join(self.keeper.warnings) or self.keeper.news)
        self._plan_backup()
        if self.first_start and not self.archive.why_reading:
            from archive.ui.screens.first_start import FirstStartScreen

            self.push_screen(FirstStartScreen())

    def offer_drafts(self, screen: Screen[Any]) -> None:
        """Offer the drafts of the previous run on a screen, if that has not been done yet."""
        drafts = self.drafts.left_behind()
        if drafts:
            from archive.ui.screens.drafts import offer_drafts

            offer_drafts(cast("ArchiveScreen[Any]", screen), drafts)

    async def set_setting(self, key: str, value: Any) -> bool:
        """Change a personal setting, now and in settings.toml. Show an error and return False if that fails."""
        try:
            await self.preferences.store(key, value)
        except ArchiveError as error:
            self.show_error(error)
            return False
        self.keeper.use_settings(self.settings)
        self.say(_("Saved in settings.toml."))
        self.screen.post_message(Changed(self.archive.revision))
        return True

    def _plan_backup(self) -> None:
        if not (self.demo or self.archive.why_reading):
            self.daily_backup.plan()

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
        self.recent.finish()
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
        self.status_lines.follow()
        if self.screen_stack:  # empty during shutdown
            self.screen.post_message(Changed(message.revision))

    async def change(self, work: Callable[[], T], *, shows_work: bool = True) -> T | None:
        """Run a change of the archive in a thread. Show an error and return None if it fails."""
        try:
            return await self.change_or_raise(work, shows_work=shows_work)
        except ArchiveError as error:
            self.show_error(error)
            return None

    async def change_or_raise(self, work: Callable[[], T], *, shows_work: bool = True) -> T:
        """Like `change`, for a form that shows the error beside its field."""
        before = self.archive.revision
        shown = Work(_("Working …"), self.show_work if shows_work else _ignore)
        try:
            done = await asyncio.to_thread(work)
        finally:
            shown.end()
        if self.archive.revision != before:
            self.say(self.archive.undo_label())
        return done

    def tried(self, work: Callable[[], T]) -> T | None:
        """Run a quick call at once. Show an error and return None if it fails."""
        try:
            return work()
        except ArchiveError as error:
            self.show_error(error)
            return None

    def show_error(self, error: ArchiveError) -> None:
        """Show an error as a notification, and in the status line, where it stays."""
        self.boxes.error(error)
        self.say(error.message, error=True)

    @on(CustomerWanted)
    @on(RecordWanted)
    @on(ReportWanted)
    @on(EverythingWanted)
    def _open_wanted(self, message: Wanted) -> None:
        self.push_screen(screen_for(message))

    def on_failed(self, message: Failed) -> None:
        self.boxes.error_once(message.error)

    def on_line_input_paste_refused(self, message: LineInput.PasteRefused) -> None:
        self.show_error(message.error)

    def say(self, text: str, *, error: bool = False) -> None:
        """Show a message in the status lines of all open screens, so that it outlives the screen in front."""
        self.status_lines.say(text, error=error)

    # Commands available everywhere

    @command("u", N_("Undo"), destructive=True)
    async def action_undo(self) -> None:
        """Undo the last change, even after a restart."""
        entry = await self.change_or_raise(self.archive.undo)
        self.say(
            _("Undone: {label} (U to redo)").format(label=entry.label) if entry else _("Nothing to undo.")
        )

    @command("U", N_("Redo"), destructive=True)
    async def action_redo(self) -> None:
        """Redo the last undone change."""
        entry = await self.change_or_raise(self.archive.redo)
        self.say(_("Redone: {label}").format(label=entry.label) if entry else _("Nothing to redo."))

    @command("ctrl+g", N_("Go to"), footer=True)
    def action_go(self) -> None:
        """Go to another screen: press ctrl+g, then its letter."""
        from archive.ui.screens.dialogs import PickScreen

        choices, keys = choices_of_places()
        self.push_screen(PickScreen(_("Go to"), choices, keys=keys), self.go_to)

    def go_to(self, place: str | None) -> None:
        """Switch to a place, in the state it was left in."""
        if place:
            self.switch_mode(place)

    def go_to_setting(self, key: str) -> None:
        """Go to a setting by its key, as in `service.setting_lines`."""
        self.wanted_setting = key
        self.go_to(SETTINGS)

    @command("f9", N_("Settings"))
    def action_settings(self) -> None:
        """Change any setting: your name, formats, theme, keys, and those of the archive such as its currency."""
        self.go_to(SETTINGS)

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

    async def leave_place(self, *, quits: bool) -> None:
        """Go from a place to the start place, or quit from there if `quits`."""
        if self.current_mode != self.home:
            self.switch_mode(self.home)
        elif quits:
            await self.action_quit()

    async def action_quit(self) -> None:
        """Quit. Unsaved input is kept as a draft and offered at the next start."""
        unkept = await self.drafts.unkept()
        if unkept is None:
            self.exit()
        else:
            from archive.ui.screens.drafts import ask_to_leave

            ask_to_leave(self, unkept)


_SCREENS_SEE: type[AppServices] = ArchiveApp  # static check: the app implements the protocol that screens use
