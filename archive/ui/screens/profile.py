"""The profile of a customer: a head, and tabs with what is going on, the fields, related records and a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Key, Paste
from textual.widgets import OptionList

from archive.model.records.customer import Customer
from archive.model.tables import by_rank
from archive.service.extra import field_of
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.host import refused_while_reading, turn_pin
from archive.ui.neighbours import Neighbours
from archive.ui.screens.opening import open_targets
from archive.ui.screens.profile_commands import TabScreen
from archive.ui.screens.profile_tabs import FOLDED, TABS, counted, shown_lines, tab_of
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.profile_head import ProfileHead
from archive.ui.widgets.search import is_search_text
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.tabs import TabLine

if TYPE_CHECKING:
    from archive.analysis.about import Insight
    from archive.service.panels.base import Item
    from archive.ui.screens.form import FormScreen

ADDED = tuple((*cls.ADD, cls.TABLE) for cls in by_rank() if cls.ADD[0])  # choices of Add: letter, name, table


def _has_neighbours(profile: ProfileScreen) -> bool:
    return len(profile.neighbours.ids) > 1


class ProfileScreen(TabScreen):
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

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield ProfileHead(id="key-facts")
        yield TabLine()
        yield self.body
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
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

    @property
    def is_working(self) -> bool:
        """Whether keys must wait, for example while the rows are sorted."""
        return super().is_working or self.body.is_working

    def is_urgent(self, typed: Key | Paste) -> bool:
        """Letters typed into the search line do not wait for the rows; enter does, because it opens one."""
        return (is_search_text(self, typed) and not super().is_working) or super().is_urgent(typed)

    def show_archive(self) -> None:
        if not self.archive.has("customers", self.uid):
            self.dismiss(None)
            return
        self._show_title()
        self._show_head()
        self._show_tabs()
        self.body.show(self.uid)
        self.refresh_bindings()

    def show_times(self) -> None:
        if self.archive.has("customers", self.uid):
            self._show_head()

    def _show_title(self) -> None:
        among, customer = self.neighbours, self.customer
        position = _("{place} of {count}").format(place=among.index + 1, count=len(among.ids))
        self.owner.recent.opened(self.uid)
        star = "★ " if self.uid in self.owner.recent.now.pinned else ""
        title = f"{star}{customer.full_name}  {customer.code}".rstrip()
        self.query_one(TitleBar).show(title, position if among.ids else "")

    def _show_head(self) -> None:
        self.query_one(ProfileHead).show(self.archive, self.uid, self.insights)

    def _show_tabs(self) -> None:
        self.query_one(TabLine).names = [tab.titles(counted(tab, self.archive, self.uid)) for tab in TABS]

    @property
    def insights(self) -> list[Insight]:
        """The insights about the customer."""
        return self.owner.insights.of(self.uid, at_any_size=True)

    def show_insights(self) -> None:
        if self.archive.has("customers", self.uid):
            self._show_head()

    def on_resize(self) -> None:
        if self.is_resized() and self.owner.is_open and self.archive.has("customers", self.uid):
            self._show_head()
            self.body.show_lines()

    # Navigation

    def action_tab(self, number: int) -> None:
        """Show a tab by its digit."""
        self.query_one(TabLine).chosen = number
        self.body.choose(number)
        self.refresh_bindings()

    def action_next_tab(self, step: int) -> None:
        """Show the next or previous tab."""
        self.action_tab((self.body.number + step) % len(TABS))

    def show_field(self, key: str) -> None:
        """Show the tab with a field, and put the cursor on it."""
        number = tab_of(self.customer, key)
        if number is not None:
            self.action_tab(number)
            self.body.fields.highlighted = self.body.fields.get_option_index(key)

    def _go(self, step: int) -> None:
        if self.neighbours.step(step, partial(self.archive.has, "customers")):
            self.body.fields.highlighted = None
            self.show_archive()

    @on(OptionList.OptionSelected, "#fields")
    def _line_selected(self, event: OptionList.OptionSelected) -> None:
        from archive.ui.screens.field_edit import FieldScreen

        item, field = self.body.item, field_of(self.customer, event.option_id or "")
        if self.has_left:
            return
        if event.option_id == FOLDED:
            self.action_empty()
        elif item and item.opens[1]:
            self.show_record(*item.opens)
        elif field and not open_targets(self, self.customer, field) and not refused_while_reading(self):
            line = self.body.fields.line_of(event.option_index)
            self.app.push_screen(FieldScreen(self.uid, field, line))

    @on(RecordTable.Opened, "#rows")
    def _open_row(self, event: RecordTable.Opened) -> None:
        if self.body.rows:
            table, uid = self.body.rows.record(event.id)
            same = [other for kind, other in self.body.shown_records() if kind == table]
            self.show_record(table, uid, list(dict.fromkeys(same)))

    # Commands

    @command("e", N_("Edit"), footer=True, writes=True)
    def action_edit(self) -> None:
        """Edit the row under the cursor, or else the section in a form that begins at the field under the cursor."""
        self.app.push_screen(self.edit_form())

    def edit_form(self) -> FormScreen:
        """Return the form of the row under the cursor, or of the section on the screen."""
        from archive.ui.screens.form import FormScreen

        if record := self.body.record_under_cursor:
            return FormScreen(*record)
        key = self.body.fields.highlighted_id or ""
        field, groups = field_of(self.customer, key), self.body.tab.groups or TABS[0].groups
        if field is None or field.group not in groups:
            return FormScreen("customers", self.uid, group=groups[0])
        return FormScreen("customers", self.uid, group=field.group, at=key)

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
        """Delete the marked rows or the record under the cursor; on a field, the customer with all records."""
        item = self.body.item
        if item and item.opens[1]:
            self._delete_which(item)
        elif self.body.fields.has_focus:
            await self.delete("customers", [self.uid], "file")
        else:
            chosen = self.body.chosen()
            if not chosen:
                self.owner.say(_("There is no record to delete here."))
            for table, uids in chosen.items():
                if not await self.delete(table, uids):
                    return
            self.body.table.marks = set()

    def _delete_which(self, item: Item) -> None:
        """Ask whether to delete the record of the summary under the cursor, or the customer."""
        from archive.ui.screens.dialogs import PickScreen

        def take(table: str | None) -> None:
            if table:
                uid = self.uid if table == "customers" else item.opens[1]
                self.run_worker(self.delete(table, [uid]), exit_on_error=False)

        whole = _("{name}, with all records").format(name=self.customer.full_name)
        choices = [(item.opens[0], f"{item.label}: {item.text}"), ("customers", whole)]
        self.app.push_screen(PickScreen(_("Delete"), choices), take)

    @command("y", N_("Copy"))
    def action_copy(self) -> None:
        """Copy the value under the cursor to the clipboard."""
        item, field = self.body.item, field_of(self.customer, self.body.fields.highlighted_id or "")
        text = item.text if item else ""
        if field:
            text = "\n".join(shown_lines(field, self.customer, self.archive.ctx))
        if text:
            self.app.copy_to_clipboard(text)
            name = field.title if field else item.label if item else ""
            self.owner.say(_("Copied: {field}").format(field=name))

    @command("P", N_("Pin"), writes=True)
    def action_pin(self) -> None:
        """Pin or unpin this customer: pinned customers have a ★ and are at the top of the palette."""
        turn_pin(self, self.uid, self.customer.full_name)
        self._show_title()

    @command("escape", N_("Back"))
    async def action_back(self) -> None:
        """Clear the marks, then the search, then go back to the list."""
        if not self.step_back() and not self.body.clear_search():
            self.dismiss(self.uid)

    @command("q", N_("Back"))
    async def action_leave(self) -> None:
        """Go back to the list."""
        self.dismiss(self.uid)
