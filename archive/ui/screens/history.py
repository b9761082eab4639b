"""The change history, newest first, with old and new values; any change can be reverted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from archive.errors import ArchiveError
from archive.model.dates import show_date
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.service.history import Details, Past, Value, customers_of, details, past
from archive.service.sheets import text_column
from archive.store import Entry
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.safe_text import fit, plain, template
from archive.ui.screens.dialogs import DecideScreen
from archive.ui.screens.list_place import FileColumns, ListPlace
from archive.ui.screens.table_screen import Finder, TablePlace
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import TONE, Cells, tone_key

TITLE_CELLS = 20
_WITH_FORM = TABLES.keys() - {"customers"}
MOST_VALUES = 6  # in the question before a change is reverted


def _stands(screen: TablePlace[Past]) -> bool:
    """Return whether any chosen change is not undone yet."""
    return any(not line.undone for line in screen.chosen())


class HistoryScreen(ListPlace[Past]):
    """The list of changes; below it, the old and new values of the change under the cursor."""

    FILE = "history"
    COLUMNS = [
        Column("day", N_("Day"), 14),
        Column("at", N_("Time"), 5),
        Column("label", N_("Change"), 20, 3),
    ]
    BODY = Vertical

    @dataclass
    class Described(Message):
        """The details of a change were read."""

        number: int
        details: Details | ArchiveError | None

    def heading(self) -> str:
        return _("History")

    def detail(self) -> str:
        return plural("{n} change", "{n} changes", len(self.lines))

    def empty_words(self) -> Content:
        return template(
            _("No changes yet.\n\nEvery change will be listed here. [b]u[/b] undoes the last change.")
        )

    def finder(self) -> Finder[Past]:
        archive = self.archive
        return lambda _cancelled: {str(line.number): line for line in past(archive)}

    def cells(self, line: Past) -> Cells:
        return {
            "day": show_date(line.at.date()),
            "at": line.at.strftime("%H:%M"),
            "label": _("undone: {label}").format(label=line.label) if line.undone else line.label,
            TONE: "dim" if line.undone else "",
            tone_key("day"): "" if line.is_first and not line.undone else "dim",
        }

    def file_columns(self) -> FileColumns:
        columns = [
            text_column("at", _("When"), lambda line: line.at.isoformat(" ", "minutes")),
            text_column("label", _("Change"), lambda line: line.label),
            text_column("undone", _("Undone"), lambda line: _("undone") if line.undone else ""),
        ]
        return columns, columns

    def sort_value(self, line: Past, key: str) -> Any:
        return line.at if key in ("day", "at") else super().sort_value(line, key)

    def compose_beside(self) -> ComposeResult:
        with VerticalScroll(id="detail"):
            yield Static(id="before-after")

    def show_line(self, line: Past | None) -> None:
        self.query_one("#detail").display = line is not None
        if line:
            self._describe(line.number)

    @work(thread=True, exclusive=True, group="details", exit_on_error=False)
    def _describe(self, number: int) -> None:
        """Read the change in a thread, because an import may have changed many records."""
        worker = get_current_worker()
        try:
            entry = self.archive.entry(number)
            found = details(entry.changes, self.archive) if entry else None
        except ArchiveError as error:
            answer = self.Described(number, error)
        else:
            answer = self.Described(number, found)
        if not worker.is_cancelled:
            self.post_message(answer)

    def on_history_screen_described(self, message: Described) -> None:
        if self.line is None or self.line.number != message.number:
            return
        found = message.details
        if isinstance(found, Details):
            text = Content("\n").join(detail_lines(found))
        else:
            text = plain(f"! {found}" if found else "")
        self.query_one("#before-after", Static).update(text)
        self.query_one("#detail").scroll_home(animate=False)

    def open(self, line: Past) -> None:
        """Open the customer or the record of the change, if it still exists."""
        entry = self.archive.entry(line.number)
        changes = entry.changes if entry else ()
        existing = [uid for uid in customers_of(changes) if self.archive.has("customers", uid)]
        first = changes[0] if len(changes) == 1 and changes[0].table in _WITH_FORM else None
        if first and self.archive.has(first.table, first.uid):
            self._open_record(first.table, first.uid)
        elif existing:
            self.show_customer(existing[0], existing)
        else:
            self.owner.say(_("The records of this change no longer exist."))

    def _open_record(self, table: str, uid: str) -> None:
        from archive.ui.screens.form import FormScreen

        self.app.push_screen(FormScreen(table, uid))

    @command("t", N_("Revert"), footer=True, when=_stands, writes=True, destructive=True)
    async def action_take_back(self) -> None:
        """Revert the marked changes, or the change under the cursor. First shows what that changes."""
        numbers = [line.number for line in self.chosen() if not line.undone]
        asked = await self.owner.change(lambda: _would_revert(self.archive, numbers))
        if asked is None:
            return
        entries, found, kept = asked

        async def decided(answer: str | None) -> None:
            if answer == "t":
                await self._revert(entries)

        if found.records:
            self.app.push_screen(RevertScreen(entries, found, kept), decided)
        else:
            self.owner.say(" ".join([_("Nothing to revert."), *kept]))

    async def _revert(self, entries: Sequence[Entry]) -> None:
        done = await self.owner.change(lambda: [self.archive.take_back(entry) for entry in entries])
        if not done:
            return
        count = sum(new is not None for new, _kept in done)
        if len(entries) > 1:
            words = plural("Reverted {n} change.", "Reverted {n} changes.", count)
        elif count:
            words = _("Reverted: {label}").format(label=entries[0].label)
        else:
            words = _("Nothing was reverted.")
        self.records.marks = set()
        self.owner.say(" ".join([words, *(sentence for _new, skipped in done for sentence in skipped)]))


class RevertScreen(DecideScreen):
    """Shows what reverting changes, before it is done."""

    def __init__(self, entries: Sequence[Entry], found: Details, kept: Sequence[str]) -> None:
        title = (
            _("Revert “{label}”?").format(label=entries[0].label)
            if len(entries) == 1
            else plural("Revert {n} change?", "Revert {n} changes?", len(entries))
        )
        super().__init__(title, {"t": _("Revert"), "escape": _("Cancel")})
        self._found, self._kept = found, kept

    def compose_answer(self) -> ComposeResult:
        lines = list(detail_lines(self._found))
        more = [template("[$foreground 60%]…[/]")] if len(lines) > MOST_VALUES else []
        kept = [plain(sentence) for sentence in self._kept[:MOST_VALUES]]
        yield Static(Content("\n").join([*lines[:MOST_VALUES], *more, *kept, Content()]), id="effect")
        yield from super().compose_answer()


def _would_revert(archive: Archive, numbers: Sequence[int]) -> tuple[list[Entry], Details, list[str]]:
    """Return the changes to revert, what that would change, and what it would keep."""
    entries = [entry for number in numbers if (entry := archive.entry(number))]
    found = [archive.would_revert(entry) for entry in entries]
    changes = [change for changed, _kept in found for change in changed]
    return entries, details(changes, archive), [sentence for _changed, kept in found for sentence in kept]


def detail_lines(found: Details) -> Iterator[Content]:
    """Yield the lines about a change: each record with its values; of several records, first their number."""
    is_alone = len(found.records) == 1
    if not is_alone:
        yield template("[b]$counts[/b]", counts=found.counts)
    for record in found.records:
        if not is_alone:
            yield Content()
        yield template("[b]$name[/b]", name=record.name)
        yield from map(value_line, record.values)
    if found.more:
        more = plural("and {n} more record", "and {n} more records", found.more)
        yield Content.assemble("\n", template("[$foreground 60%]$more[/]", more=more))


def value_line(value: Value) -> Content:
    """Return a line such as "Phone  147 -> 148", "Tags  + vip" or "Tags  − vip"."""
    title = template("  [$foreground 60%]$title[/]", title=fit(value.title, TITLE_CELLS))
    if value.old and value.new:
        words = template(" $old [$text-accent]->[/] $new", old=value.old, new=value.new)
    elif value.new:
        words = template(" [$text-accent]+[/] $new", new=value.new)
    else:
        words = template(" [$text-accent]−[/] $old", old=value.old)
    return Content.assemble(title, words)
