"""The profile of a customer: key facts, and tabs with sections, related records and a timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import OptionDoesNotExist

from archive.model.records.customer import Customer
from archive.model.tables import by_rank
from archive.service.extra import field_of
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.host import refused_while_reading, turn_pin
from archive.ui.neighbours import Neighbours
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.marking import chosen_rows, clear_marks
from archive.ui.screens.profile_rows import ProfileRows, headline
from archive.ui.screens.profile_tabs import TABS, field_options, shown_lines
from archive.ui.screens.week import week_picture
from archive.ui.widgets.field_list import FieldList
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.profile_head import ProfileHead
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.tabs import TabLine

if TYPE_CHECKING:
    from archive.analysis.about import Insight
    from archive.ui.screens.form import FormScreen

ADDED = tuple((*cls.ADD, cls.TABLE) for cls in by_rank() if cls.ADD[0])  # choices of Add: letter, name, table


def _has_neighbours(profile: ProfileScreen) -> bool:
    return len(profile.neighbours.ids) > 1


def _has_rows(profile: ProfileScreen) -> bool:
    return bool(profile._rows and profile._rows.ids)


class ProfileScreen(ArchiveScreen[str | None]):
    """The profile. Returns the uid of the customer shown last, so that the list can move its cursor there."""

    BINDINGS = [
        *(Binding(str(number + 1), f"tab({number})", show=False) for number in range(len(TABS))),
        Binding("right,tab", "next_tab(1)", N_("Next tab"), show=False),
        Binding("left,shift+tab", "next_tab(-1)", show=False),
    ]

    def __init__(self, uid: str, ids: Sequence[str], at: str = "") -> None:
        """Show a customer of a list; the cursor starts on the field `at`."""
        super().__init__()
        self._at = at
        self.neighbours = Neighbours(uid, ids)
        self._tab = 0
        self._rows: ProfileRows | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield ProfileHead(id="key-facts")
        yield TabLine()
        with Vertical(classes="place-body"):
            yield FieldList(id="fields")
            yield Static(id="week")
            yield RecordTable(self._cells, id="rows")
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(TabLine).names = [tab.titles for tab in TABS]
        self._follow()
        if self._at and not self.has_left:
            self.show_field(self._at)

    # Showing

    @property
    def uid(self) -> str:
        """The uid of the customer."""
        return self.neighbours.uid

    @property
    def customer(self) -> Customer:
        """The current record of the customer."""
        return self.archive.get(Customer, self.uid)

    def show_archive(self) -> None:
        if not self.archive.has("customers", self.uid):
            self.dismiss(None)
            return
        self._show_head()
        self._show_tab()

    def show_times(self) -> None:
        if self.archive.has("customers", self.uid):
            self._show_key_facts()

    def _show_head(self) -> None:
        among = self.neighbours
        position = _("{place} of {count}").format(place=among.index + 1, count=len(among.ids))
        self.owner.recent.opened(self.uid)
        star = "★ " if self.uid in self.owner.recent.now.pinned else ""
        self.query_one(TitleBar).show(
            star + headline(self.customer, self.archive), position if among.ids else ""
        )
        self._show_key_facts()

    def _show_key_facts(self) -> None:
        self.query_one(ProfileHead).show(self.archive, self.uid, self.insights)

    @property
    def insights(self) -> list[Insight]:
        """The insights about the customer."""
        return self.owner.insights.of(self.uid, at_any_size=True)

    def show_insights(self) -> None:
        if self.archive.has("customers", self.uid):
            self._show_key_facts()

    def on_resize(self) -> None:
        if self.owner.is_open and self.archive.has("customers", self.uid):
            self._show_key_facts()
            self._show_fields()

    def _show_tab(self) -> None:
        tab = TABS[self._tab]
        self.query_one(TabLine).chosen = self._tab
        self._show_fields()
        picture = week_picture(self.customer) if tab.rows == "interactions" else Content()
        week = self.query_one("#week", Static)
        week.display = bool(picture.plain)
        week.update(picture)
        self._show_rows()
        if not (self.query_one("#fields").has_focus or (self.query_one("#rows").has_focus and tab.rows)):
            self.query_one("#fields" if tab.groups else "#rows").focus()

    def _show_fields(self) -> None:
        tab, fields = TABS[self._tab], self.query_one("#fields", FieldList)
        at = fields.highlighted_id
        fields.clear_options()
        fields.add_options(list(field_options(tab, self.customer, self.archive.ctx, self.app.size.width)))
        fields.display = bool(tab.groups)
        fields.set_class(bool(tab.rows), "-with-rows")
        try:
            fields.highlighted = fields.get_option_index(at) if at else 0
        except OptionDoesNotExist:
            fields.highlighted = 0 if fields.option_count else None

    def _show_rows(self) -> None:
        tab, table = TABS[self._tab], self.query_one("#rows", RecordTable)
        self._rows = ProfileRows(self.archive, self.uid, tab.rows) if tab.rows else None
        table.display = bool(self._rows and (self._rows.ids or not tab.groups))
        table.set_class(bool(tab.groups), "-below")
        if self._rows:
            table.set_columns(self._rows.columns)
            table.empty = self._rows.empty
            table.set_ids(self._rows.ids)
            table.marks &= set(self._rows.ids)

    def _cells(self, ids: Sequence[str]) -> Sequence[Mapping[str, str]]:
        return self._rows.cells(ids) if self._rows else [{} for _id in ids]

    # Navigation

    def action_tab(self, number: int) -> None:
        """Show a tab by its digit."""
        self._tab = number
        self._show_tab()
        self.query_one("#fields" if TABS[number].groups else "#rows").focus()

    def show_field(self, key: str) -> None:
        """Show the tab with a field, and put the cursor on it."""
        for number, tab in enumerate(TABS):
            options = field_options(tab, self.customer, self.archive.ctx, self.app.size.width)
            if key in (option.id for option in options):
                self.action_tab(number)
                fields = self.query_one("#fields", FieldList)
                fields.highlighted = fields.get_option_index(key)
                return

    def action_next_tab(self, step: int) -> None:
        """Show the next or previous tab."""
        self.action_tab((self._tab + step) % len(TABS))

    @on(FieldList.LeftBelow)
    def _enter_rows(self) -> None:
        rows = self.query_one("#rows", RecordTable)
        if rows.display:
            rows.focus()

    @on(RecordTable.LeftAbove)
    def _enter_fields(self) -> None:
        if TABS[self._tab].groups:
            self.query_one("#fields", FieldList).focus()

    def _go(self, step: int) -> None:
        if self.neighbours.step(step, partial(self.archive.has, "customers")):
            self.query_one("#fields", FieldList).highlighted = None
            self.show_archive()

    @on(OptionList.OptionSelected, "#fields")
    def _edit_field(self, event: OptionList.OptionSelected) -> None:
        from archive.ui.screens.field_edit import FieldScreen

        if self.has_left:
            return
        field = field_of(self.customer, event.option_id or "")
        if field and not refused_while_reading(self):
            line = self.query_one("#fields", FieldList).line_of(event.option_index)
            self.app.push_screen(FieldScreen(self.uid, field, line))

    @on(RecordTable.Highlighted, "#rows")
    def _row_highlighted(self, event: RecordTable.Highlighted) -> None:
        """Disable enter on rows that are dates of the customer's own record."""
        record = self._rows.record(event.id) if self._rows and event.id else None
        event.table.opens = record != ("customers", self.uid)

    @on(RecordTable.Opened, "#rows")
    def _open_row(self, event: RecordTable.Opened) -> None:
        from archive.ui.screens.record import open_record

        table, uid = self._rows.record(event.id) if self._rows else ("", "")
        if table:
            open_record(self, table, uid)

    # Commands

    @command("e", N_("Edit section"), footer=True, writes=True)
    def action_edit(self) -> None:
        """Edit this section in a form."""
        self.app.push_screen(self.group_form())

    def group_form(self) -> FormScreen:
        """Return the form of the section on the screen."""
        from archive.ui.screens.form import FormScreen

        groups = TABS[self._tab].groups
        return FormScreen("customers", self.uid, group=groups[0] if groups else TABS[0].groups[0])

    @command("l", N_("Log"), footer=True, writes=True)
    def action_log(self) -> None:
        """Log an activity in one line: call 10m price talk, send quote +2w."""
        self.enter_line("contact", self.uid)

    @command("b", N_("Add purchase"), footer=True, writes=True)
    def action_bought(self) -> None:
        """Add a purchase in one line: 20 bags rice @35.50 net30 yesterday."""
        self.enter_line("purchase", self.uid)

    @command("a", N_("Add"), writes=True)
    def action_add(self) -> None:
        """Add a transaction, activity, contract, wallet or task for this customer in a form."""
        from archive.ui.screens.dialogs import PickScreen
        from archive.ui.screens.form import FormScreen

        def take(table: str | None) -> None:
            if table:
                self.app.push_screen(FormScreen(table, values={"customer": self.uid}))

        choices = [(table, f"{letter}  {_(label)}") for letter, label, table in ADDED]
        keys = {letter: table for letter, _label, table in ADDED}
        self.app.push_screen(PickScreen(_("Add"), choices, keys=keys), take)

    @command(
        "right_square_bracket,full_stop,ctrl+pagedown",
        N_("Next customer"),
        footer=True,
        shown="[ ]",
        when=_has_neighbours,
    )
    def action_next(self) -> None:
        """Go to the next customer in the list you came from."""
        self._go(1)

    @command("left_square_bracket,comma,ctrl+pageup", N_("Previous customer"), when=_has_neighbours)
    def action_previous(self) -> None:
        """Go to the previous customer in the list you came from."""
        self._go(-1)

    @command("w", N_("Contact hours"), writes=True)
    def action_week(self) -> None:
        """Mark the best contact hours on a weekly grid."""
        from archive.ui.screens.week import week_of

        def take(windows: object) -> None:
            if windows is not None:
                self.run_worker(
                    self.owner.change(lambda: self.archive.edit("customers", self.uid, windows=windows)),
                    exit_on_error=False,
                )

        self.app.push_screen(week_of(self.customer), take)

    @command("W", N_("Insights"), when=lambda profile: bool(profile.insights))
    def action_known(self) -> None:
        """Show insights about this customer and the reason for each. Enter opens the report."""
        from archive.ui.screens.insights_dialog import InsightsScreen

        self.app.push_screen(InsightsScreen(self.insights))

    @command("d", N_("Delete"), writes=True, destructive=True)
    async def action_delete(self) -> None:
        """Delete the marked rows or the row under the cursor; on a field, the customer and all records. u undoes it."""
        rows = self.query_one("#rows", RecordTable)
        of_file = not rows.has_focus
        chosen = {"customers": [self.uid]} if of_file else records_of(self, rows.chosen)
        if not chosen:
            self.owner.say(_("There is no record to delete here."))
        for table, uids in chosen.items():
            if not await self.delete(table, uids, "file" if of_file else ""):
                return
        rows.marks = set()

    @command("m", N_("Change marked"), when=_has_rows, writes=True)
    def action_change(self) -> None:
        """Change the marked rows, or the row under the cursor, together."""
        from archive.ui.screens.bulk import Rows, change_rows

        table = self.query_one("#rows", RecordTable)
        uids = records_of(self, chosen_rows(table))
        records = [(name, uid) for name, of_table in uids.items() for uid in of_table]
        change_rows(self, Rows(records, [], partial(clear_marks, [table])))

    @command("x", N_("Export"), when=_has_rows)
    def action_export(self) -> None:
        """Export the rows of this tab, or the marked ones, to a file in the export folder."""
        _export_rows(self, ask=False)

    @command("X", N_("Export to …"), when=_has_rows)
    def action_export_to(self) -> None:
        """Export the rows after choosing file name, format, columns and headings."""
        _export_rows(self, ask=True)

    @command("y", N_("Copy"))
    def action_copy(self) -> None:
        """Copy the value under the cursor to the clipboard."""
        field = field_of(self.customer, self.query_one("#fields", FieldList).highlighted_id or "")
        if field:
            self.app.copy_to_clipboard("\n".join(shown_lines(field, self.customer, self.archive.ctx)))
            self.owner.say(_("Copied: {field}").format(field=field.title))

    @command("P", N_("Pin"), writes=True)
    def action_pin(self) -> None:
        """Pin or unpin this customer: pinned customers have a ★ and are at the top of the palette."""
        turn_pin(self, self.uid, self.customer.full_name)
        self._show_head()

    @command("escape", N_("Back"))
    async def action_back(self) -> None:
        """Clear the marks, then go back to the list."""
        if not self.step_back():
            self.dismiss(self.uid)

    @command("q", N_("Back"))
    async def action_leave(self) -> None:
        """Go back to the list."""
        self.dismiss(self.uid)


def _export_rows(profile: ProfileScreen, *, ask: bool) -> None:
    from archive.ui.screens.exporting import export_sheet

    if profile._rows:
        marked = profile.query_one("#rows", RecordTable).marked
        export_sheet(profile, profile._rows.sheet(TABS[profile._tab].rows, marked), ask=ask)


def records_of(profile: ProfileScreen, ids: Sequence[str]) -> dict[str, list[str]]:
    """Group the uids of rows by table, without the customer's own record, whose dates are in the timeline."""
    uids: dict[str, list[str]] = {}
    for id in ids:
        table, uid = profile._rows.record(id) if profile._rows else ("", "")
        if table and (table, uid) != ("customers", profile.uid) and uid not in uids.get(table, ()):
            uids.setdefault(table, []).append(uid)
    return uids
