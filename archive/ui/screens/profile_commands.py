"""The commands of a profile on the lines and rows of its tab."""

from __future__ import annotations

from functools import partial

from archive.text import N_
from archive.ui.commands import command
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.marking import clear_marks
from archive.ui.screens.profile_body import ProfileBody


def _has_rows(screen: TabScreen) -> bool:
    rows = screen.body.rows
    return bool(rows and rows.ids)


def _lists_rows(screen: TabScreen) -> bool:
    return bool(screen.body.tab.rows)


def _has_fields(screen: TabScreen) -> bool:
    return bool(screen.body.tab.groups)


class TabScreen(ArchiveScreen[str | None]):
    """A screen with a `ProfileBody`, whose rows can be searched, sorted, changed and exported."""

    def __init__(self) -> None:
        super().__init__()
        self.body = ProfileBody()
        """The lines and rows of the chosen tab. It exists before it is mounted, because commands ask it at any time."""

    @property
    def uid(self) -> str:
        """The uid of the customer."""
        raise NotImplementedError

    @command("n", N_("New"), footer=True, when=_lists_rows, writes=True)
    def action_new(self) -> None:
        """Add a record of the kind that this tab lists; if it lists several kinds, choose one."""
        from archive.ui.screens.form import FormScreen

        tab = self.body.tab
        if tab.has_own_kind:
            table, values = tab.new_record(self.uid)
            self.app.push_screen(FormScreen(table, values=values))
        else:
            self.action_add()

    def action_add(self) -> None:
        """Choose what to add."""
        raise NotImplementedError

    @command("f", N_("Empty fields"), when=_has_fields)
    def action_empty(self) -> None:
        """Show or hide the empty fields."""
        self.body.with_empty = not self.body.with_empty
        self.body.show_lines()

    @command("slash", N_("Search"), footer=True, when=_has_rows)
    def action_search(self) -> None:
        """Show only the rows of this tab that contain the words you type."""
        self.body.search()

    @command("s", N_("Sort"), when=_has_rows)
    def action_sort(self) -> None:
        """Sort the rows by a column; again reverses the order. Space collects several columns."""
        from archive.ui.screens.sort_dialog import pick_sort

        columns = self.body.rows.sorted_by if self.body.rows else []
        pick_sort(self, columns, self.body.sort, self.body.sort_by)

    @command("m", N_("Change marked"), when=_has_rows, writes=True)
    def action_change(self) -> None:
        """Change the marked rows, or the row under the cursor, together."""
        from archive.ui.screens.bulk import Rows, change_rows

        records = [(name, uid) for name, of_table in self.body.chosen().items() for uid in of_table]
        change_rows(self, Rows(records, [], partial(clear_marks, [self.body.table])))

    @command("x", N_("Export"), when=_has_rows)
    def action_export(self) -> None:
        """Export the rows of this tab, or the marked ones, to a file in the export folder."""
        self._export(ask=False)

    @command("X", N_("Export to …"), when=_has_rows)
    def action_export_to(self) -> None:
        """Export the rows after choosing file name, format, columns and headings."""
        self._export(ask=True)

    def _export(self, *, ask: bool) -> None:
        from archive.ui.screens.exporting import export_sheet

        body = self.body
        if body.rows:
            export_sheet(self, body.rows.sheet(body.tab.rows, body.table.ids, body.table.marked), ask=ask)
