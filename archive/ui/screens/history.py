"""The changes of the archive, newest first, with before and after; any of them can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from archive.service.history import customers_of, describe
from archive.store import Entry
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.plain import template
from archive.ui.screens.base import ArchiveScreen
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import TONE

COLUMNS = [
    Column("at", N_("When"), 16),
    Column("label", N_("Change"), 20, 3),
    Column("records", N_("Records"), 7, 0, 2, "right"),
    Column("state", "", 8, 0, 1, secondary=True),
]


class HistoryScreen(ArchiveScreen[None]):
    """What was changed, when, from what to what."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[str, Entry] = {}

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Vertical(classes="place-body -spaced"):
            yield RecordTable(self._cells, id="records")
            with VerticalScroll(id="detail", can_focus=False):
                yield Static(id="before-after")
        yield StatusLine()
        yield KeyBar()

    @property
    def records(self) -> RecordTable:
        """The table."""
        return self.query_one("#records", RecordTable)

    def on_mount(self) -> None:
        self.records.set_columns(COLUMNS)
        self.records.empty = template(
            _("No changes yet. Every change stands here, and u takes the newest back.")
        )
        self.records.focus()

    def show_archive(self) -> None:
        self._entries = {str(entry.number): entry for entry in self.archive.history()}
        self.show_title(_("History"), plural("{n} change", "{n} changes", len(self._entries)))
        self.records.refresh_rows()
        self.records.set_ids(list(self._entries))
        self._show_detail()

    def _cells(self, ids: Sequence[str]) -> list[dict[str, str]]:
        return [self._row(self._entries[id]) for id in ids]

    def _row(self, entry: Entry) -> dict[str, str]:
        return {
            "at": entry.at.strftime("%Y-%m-%d %H:%M"),
            "label": entry.label,
            "records": str(len(entry.changes)),
            "state": _("undone") if entry.undone else "",
            TONE: "dim" if entry.undone else "",
        }

    @on(RecordTable.Highlighted)
    def _show_detail(self) -> None:
        entry = self._entries.get(self.records.cursor_id or "")
        rows = describe(entry, self.archive) if entry else []
        lines = [
            template(
                "[$foreground 60%]$field[/]  $old [$text-accent]->[/] $new", field=field, old=old, new=new
            )
            for field, old, new in rows
        ]
        self.query_one("#before-after", Static).update(Content("\n").join(lines))

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        """Open the customer that the change was about, where there still is one."""
        from archive.ui.screens.profile import ProfileScreen

        entry = self._entries.get(self.records.cursor_id or "")
        customers = customers_of(entry) if entry else []
        there = [uid for uid in customers if self.archive.has("customers", uid)]
        if there:
            self.app.push_screen(ProfileScreen(there[0], there))
        else:
            self.owner.say(_("No customer of this change is in the archive now."))

    @command("t", N_("Take back"), footer=True)
    async def action_take_back(self) -> None:
        """Take back this change alone; what was edited since is kept, and named."""
        entry = self._entries.get(self.records.cursor_id or "")
        if entry is None or entry.undone:
            return
        done = await self.owner.change(lambda: self.archive.take_back(entry))
        if done is not None:
            made, kept = done
            words = (
                _("Took back: {label}").format(label=entry.label)
                if made
                else _("There was nothing left to take back.")
            )
            self.owner.say(" ".join([words, *kept]))
