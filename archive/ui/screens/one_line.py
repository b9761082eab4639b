"""Quick entry of an activity or a purchase in one line, with its interpretation below; enter saves it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input, Static

from archive.errors import ArchiveError
from archive.model.fields import Record
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.service.completion import completions
from archive.service.delivery_entry import delivery_words, with_delivery
from archive.service.drafts import Draft
from archive.service.entry import contact, purchase, understood
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.dialogs import Question
from archive.ui.widgets.inputs import KnownPhrases
from archive.ui.widgets.search import LineInput

_WORDS = {
    "contact": (N_("Activity with {name}"), N_("call 10m price talk, send quote +2w"), "interactions"),
    "purchase": (N_("Purchase by {name}"), N_("20 bags rice @35.50 net30 yesterday"), "transactions"),
    "delivery": (N_("Delivery on {name}"), N_("20 bags yesterday"), "contracts"),
}


class EntryLine(LineInput):
    """The input of the quick entry."""

    BINDINGS = [Binding("enter", "submit", N_("Save"))]


class OneLineScreen(Question[str]):
    """Returns the uid of the saved record. Unsaved input is stored as a draft."""

    DEFAULT_CSS = """
    OneLineScreen { align: center bottom; }
    OneLineScreen > #box { width: 100%; padding: 1 2; }
    OneLineScreen #understood { margin: 1 0 0 0; height: auto; color: $text-muted; }
    OneLineScreen #understood.-error { color: $text-error; }
    """

    def __init__(self, kind: str, customer: str, text: str = "", term: str = "") -> None:
        """Ask for a line about a customer, or for a delivery on the term of a contract."""
        super().__init__("")
        self._kind, self._customer, self._text, self._term = kind, customer, text, term

    def compose_answer(self) -> ComposeResult:
        suggester = KnownPhrases(self._products) if self._kind == "purchase" else None
        example = _(_WORDS[self._kind][1])
        yield EntryLine(self._text, placeholder=example, max_length=1000, id="line", suggester=suggester)
        yield Static(id="understood")

    def on_mount(self) -> None:
        self.query_one("#title", Static).update(plain(self.headline))
        self.query_one("#line", Input).focus()

    @property
    def headline(self) -> str:
        """The title of the dialog and of its draft."""
        name = self.archive.name(*self._about)
        return _(_WORDS[self._kind][0]).format(name=name)

    @property
    def _about(self) -> tuple[str, str]:
        return ("contracts" if self._term else "customers"), self._customer

    def _words(self, text: str) -> str:
        if self._term:
            return delivery_words(self.archive, self._customer, self._term, text)
        return understood(self.archive, self._read(text))

    def _record(self, text: str) -> Record:
        if self._term:
            return with_delivery(self.archive, self._customer, self._term, text)
        return self._read(text)

    def _read(self, text: str) -> Interaction | Transaction:
        return (contact if self._kind == "contact" else purchase)(self.archive, self._customer, text)

    def _products(self, begin: str) -> list[str]:
        return completions(self.archive, "transactions", "product", begin)

    @on(Input.Changed, "#line")
    def _typed(self, event: Input.Changed) -> None:
        line = self.query_one("#understood", Static)
        line.remove_class("-error")
        try:
            words = self._words(event.value) if event.value.strip() else ""
        except ArchiveError as error:
            words = error.message
        line.update(plain(words))
        self._keep_draft(event.value)

    @property
    def line(self) -> Input | None:
        """The input, or None before it is mounted."""
        return next(iter(self.query("#line").results(Input)), None)

    def draft_with(self, text: str) -> Draft:
        """Return a draft containing `text`."""
        since = self.archive.clock().isoformat(timespec="minutes")
        texts = {"line": text} if text.strip() else {}
        return Draft(f"line:{self._kind}", self._customer, self._term, self.headline, since, texts)

    def _keep_draft(self, text: str) -> None:
        self.owner.drafts.keep(self.draft_with(text))

    @on(Input.Submitted, "#line")
    async def _submitted(self, event: Input.Submitted) -> None:
        if self.has_left:  # enter was pressed twice, and the line is already saved
            return
        try:
            record = self.archive.completed([self._record(event.value)])[0]
            await self.owner.change_or_raise(lambda: self.archive.save(record))
        except ArchiveError as error:
            line = self.query_one("#understood", Static)
            line.add_class("-error")
            line.update(plain(f"! {error}"))
            return
        self.owner.drafts.drop(self.draft_with("").key)
        self.dismiss(record.uid)

    @command("escape", N_("Cancel"), footer=True)
    def action_cancel(self) -> None:
        """Close and discard the line."""
        self.owner.drafts.drop(self.draft_with("").key)
        self.dismiss(None)
