"""The change history, newest first, with old and new values; any change can be reverted."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from archive.service.history import customers_of, describe
from archive.store import Entry
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.safe_text import template
from archive.ui.screens.table_screen import Finder, TablePlace
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import TONE, Cells


def _stands(screen: TablePlace[Entry]) -> bool:
    """Return whether any chosen change is not undone yet."""
    return any(not entry.undone for entry in screen.chosen())


class HistoryScreen(TablePlace[Entry]):
    """The list of changes; below it, the old and new values of the change under the cursor."""

    COLUMNS = [
        Column("at", N_("When"), 16),
        Column("label", N_("Change"), 20, 3),
        Column("records", N_("Records"), 7, 0, 2, "right"),
        Column("state", "", 8, 0, 1, secondary=True),
    ]
    BODY = Vertical

    def heading(self) -> str:
        return _("History")

    def detail(self) -> str:
        return plural("{n} change", "{n} changes", len(self.lines))

    def empty_words(self) -> Content:
        return template(
            _("No changes yet.\n\nEvery change will be listed here. [b]u[/b] undoes the last change.")
        )

    def finder(self) -> Finder[Entry]:
        archive = self.archive
        return lambda _cancelled: {str(entry.number): entry for entry in archive.history()}

    def cells(self, line: Entry) -> Cells:
        return {
            "at": line.at.strftime("%Y-%m-%d %H:%M"),
            "label": line.label,
            "records": str(len(line.changes)),
            "state": _("undone") if line.undone else "",
            TONE: "dim" if line.undone else "",
        }

    def sort_value(self, line: Entry, key: str) -> Any:
        own = {"at": line.at, "records": len(line.changes)}
        return own[key] if key in own else super().sort_value(line, key)

    def compose_beside(self) -> ComposeResult:
        with VerticalScroll(id="detail", can_focus=False):
            yield Static(id="before-after")

    def show_line(self, line: Entry | None) -> None:
        rows = describe(line, self.archive) if line else []
        lines = [
            template(
                "[$foreground 60%]$field[/]  $old [$text-accent]->[/] $new", field=field, old=old, new=new
            )
            for field, old, new in rows
        ]
        self.query_one("#detail").display = line is not None
        self.query_one("#before-after", Static).update(Content("\n").join(lines))

    def open(self, line: Entry) -> None:
        """Open the customer of the change, if it still exists."""
        existing = [uid for uid in customers_of(line) if self.archive.has("customers", uid)]
        if existing:
            self.show_customer(existing[0], existing)
        else:
            self.owner.say(_("This change has no customer to open."))

    @command("t", N_("Revert"), footer=True, when=_stands, writes=True, destructive=True)
    async def action_take_back(self) -> None:
        """Revert the marked changes, or the change under the cursor. Later edits are kept and listed."""
        entries = [entry for entry in self.chosen() if not entry.undone]
        done = await self.owner.change(lambda: [self.archive.take_back(entry) for entry in entries])
        if not done:
            return
        count = sum(new is not None for new, _kept in done)
        if len(entries) > 1:
            words = plural("Reverted {n} change.", "Reverted {n} changes.", count)
        elif count:
            words = _("Reverted “{label}”.").format(label=entries[0].label)
        else:
            words = _("Nothing was reverted.")
        self.records.marks = set()
        self.owner.say(" ".join([words, *(sentence for _new, skipped in done for sentence in skipped)]))
