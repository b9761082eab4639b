"""The base of screens whose rows can be exported, and changed together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from archive.errors import NotFound
from archive.service.sheets import Sheet, SheetColumn, text_column
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.screens.marking import chosen_rows
from archive.ui.screens.table_screen import Line, TablePlace, on_a_line

FileColumns = tuple[Sequence[SheetColumn], Sequence[SheetColumn]]


def _has_records(screen: ListPlace[Any]) -> bool:
    return screen.line is not None and bool(
        screen.customer_of(screen.line) or screen.records_of([screen.line])
    )


def _cell(screen: ListPlace[Any], key: str, line: Any) -> str:
    try:
        return screen.cells(line).get(key, "")
    except NotFound:
        return ""


class ListPlace(TablePlace[Line]):
    """A table of lines that x exports and m changes.

    A subclass defines `FILE`, and overrides `file_columns`, `records_of` and `customer_of` as far as they apply.
    """

    FILE: ClassVar[str] = "rows"
    """The beginning of the name of an exported file."""

    def file_columns(self) -> FileColumns:
        """Return the columns of an export: those on the screen, and all. A file has ISO dates and plain numbers."""
        own = [
            text_column(column.key, _(column.label), partial(_cell, self, column.key))
            for column in self.COLUMNS
            if column.label
        ]
        return own, own

    def sheet(self) -> Sheet:
        """Return the list for an export."""
        columns, every = self.file_columns()
        table = self.records
        return Sheet(
            self.FILE, _("rows"), columns, every, self.lines.get, table.ids, table.marked, len(self.lines)
        )

    @command("x", N_("Export"), when=on_a_line)
    def action_export(self) -> None:
        """Export the marked rows, or all rows shown, to a file in the export folder."""
        from archive.ui.screens.exporting import export_sheet

        export_sheet(self, self.sheet())

    @command("X", N_("Export to …"), when=on_a_line)
    def action_export_to(self) -> None:
        """Export after choosing file name, format, rows, columns and headings."""
        from archive.ui.screens.exporting import export_sheet

        export_sheet(self, self.sheet(), ask=True)

    def records_of(self, lines: Sequence[Line]) -> list[tuple[str, str]]:
        """Return table and uid of the records of some lines, as far as `m` can change them."""
        return []

    @command("m", N_("Change marked"), when=_has_records, writes=True)
    def action_change(self) -> None:
        """Change the marked rows, or the row under the cursor, together: done, snooze, a field, or their customers."""
        from archive.ui.screens.bulk import Rows, change_rows

        if chosen_rows(self.records):
            lines = self.chosen()
            customers = [uid for line in lines if (uid := self.customer_of(line))]
            records = self.records_of(lines)
            change_rows(self, Rows(records, customers, self._unmark, len(lines) - len(records)))

    def _unmark(self) -> None:
        self.records.marks = set()

    def customer_of(self, line: Line) -> str:
        """Return the uid of the customer of a line, or ""."""
        return ""
