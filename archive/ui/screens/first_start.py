"""The first start: three questions with guesses, before the first customer is entered."""

from __future__ import annotations

import os

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input, Static

from archive.errors import ArchiveError
from archive.service.first_start import Answers, guesses, read, set_currency
from archive.settings import settings_path
from archive.settings_file import create_settings_file
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.dialogs import Question
from archive.ui.widgets.search import LineInput

QUESTIONS = {
    "name": (N_("Your name"), N_("New customers and activities are noted under it.")),
    "country": (N_("Country"), N_("Two letters, such as DE, for phone numbers without a country code.")),
    "currency": (N_("Home currency"), N_("The currency of totals, such as EUR.")),
}


class AnswerLine(LineInput):
    """The answer to a question; enter goes to the next one."""

    BINDINGS = [
        Binding("enter", "submit", N_("Next")),
        Binding("down", "screen.focus_next", show=False),
        Binding("up", "screen.focus_previous", show=False),
    ]


class FirstStartScreen(Question[None]):
    """Asks for name, country and home currency. Escape skips the questions; they do not appear again."""

    DEFAULT_CSS = """
    FirstStartScreen > #box { width: 72; }
    FirstStartScreen .question { height: 1; margin: 0; }
    FirstStartScreen .question > Static { width: 16; color: $text-muted; }
    FirstStartScreen .question > Input { width: 1fr; }
    FirstStartScreen #note { height: 2; padding: 0; margin: 1 0 0 0; color: $text-muted; }
    FirstStartScreen #note.-error { color: $text-error; }
    """

    def __init__(self) -> None:
        super().__init__(_("Welcome to Customer Archive. Three questions, then you can start."))

    def compose_answer(self) -> ComposeResult:
        guess = guesses(os.environ)
        for key, (label, _about) in QUESTIONS.items():
            with Horizontal(classes="question"):
                yield Static(plain(_(label)))
                yield AnswerLine(getattr(guess, key), max_length=100, id=key)
        yield Static(id="note")

    def on_mount(self) -> None:
        self.query_one("#name", Input).focus()

    def on_descendant_focus(self) -> None:
        self._show_note()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show_note()

    def _show_note(self) -> None:
        """Show what the question is for, or why its answer is not valid."""
        line = self.focused
        if not isinstance(line, AnswerLine):
            return
        note = self.query_one("#note", Static)
        error = self._error(line)
        note.set_class(bool(error), "-error")
        note.update(plain(f"! {error}" if error else _(QUESTIONS[str(line.id)][1])))

    def _error(self, line: Input) -> str:
        try:
            read(str(line.id), line.value, self.archive.ctx)
        except ArchiveError as error:
            return str(error)
        return ""

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        if event.input.id == list(QUESTIONS)[-1]:
            await self.action_save()
        else:
            self.focus_next()

    @command("ctrl+s,f2", N_("Start"), footer=True, priority=True)
    async def action_save(self) -> None:
        """Save the answers and start."""
        lines = {key: self.query_one(f"#{key}", Input) for key in QUESTIONS}
        for line in lines.values():
            if self._error(line):
                line.focus()
                return
        answers = Answers(**{key: read(key, line.value, self.archive.ctx) for key, line in lines.items()})
        archive = self.archive
        await self.owner.set_setting("me", answers.name)
        await self.owner.set_setting("region", answers.country)
        await self.owner.change(lambda: set_currency(archive, answers.currency))
        await self._leave_for_good(_("You can change all of this in Settings: ctrl+g and a comma."))

    @command("escape", N_("Skip"), footer=True)
    def action_cancel(self) -> None:
        """Start without answers. Settings has the same questions."""
        self.run_worker(self._skip(), exit_on_error=False)

    async def _skip(self) -> None:
        await self._leave_for_good(
            _("You can set your name, country and currency in Settings: ctrl+g and a comma.")
        )

    async def _leave_for_good(self, news: str) -> None:
        """Close the screen and make sure that it does not appear again."""
        await self.owner.change(lambda: create_settings_file(settings_path()))
        self.owner.say(news)
        self.dismiss(None)
