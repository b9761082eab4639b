"""Add the customers of a saved view, or of a search, to a list of customers in a form."""

from __future__ import annotations

from collections.abc import Sequence

from archive.errors import ArchiveError, BadValue
from archive.model.field_types.base import Ref
from archive.model.field_types.links import Links
from archive.service.bulk_change import Applied, Edit
from archive.service.campaign_members import ChooseMembers
from archive.service.views import View, Views
from archive.text import _
from archive.ui.screens.bulk_preview import BulkPreviewScreen
from archive.ui.screens.dialogs import LineScreen
from archive.ui.screens.find import FindScreen

_SEARCH, _ALL = "\0search", "\0all"


class MembersScreen(FindScreen):
    """Lists the saved views of the customers. Returns the text of the field with the customers added."""

    def __init__(self, kind: Links, text: str) -> None:
        self._views: dict[str, View] = {}
        super().__init__(_("Add the customers of which view?"), ())
        self._kind, self._text = kind, text

    def on_mount(self) -> None:
        self._views = (self.owner.tried(Views) or Views()).of(self._kind.table)
        named = [
            (name, f"{name}  ·  {view.query}" if view.query else name) for name, view in self._views.items()
        ]
        self._choices = [*named, (_SEARCH, _("+ type a search")), (_ALL, _("+ all customers"))]
        super().on_mount()

    def choose(self, key: str) -> None:
        """Show who would be added from a view, or ask for a search."""
        if key == _SEARCH:
            example = _("status:active tag:vip last:>90d")
            self.app.push_screen(LineScreen(_("Which customers?"), placeholder=example), self._searched)
        else:
            self._add(View() if key == _ALL else self._views[key], key if key in self._views else "")

    def _searched(self, query: str | None) -> None:
        if query and query.strip():
            self._add(View(query), query)

    def _add(self, view: View, name: str) -> None:
        try:
            present = self._kind.parse(self._text, self.archive.ctx)
            uids = self.archive.select(self._kind.table, view.query, view.sort)
        except (BadValue, ArchiveError) as error:
            self.owner.show_error(error)
            return
        title = _("Add customers: {view}").format(view=name or _("all customers"))
        preview = BulkPreviewScreen(title, ChooseMembers(present, uids))

        def take(result: Applied | None) -> None:
            if result is not None and preview.plan:
                self._finish(present, preview.plan.edits)

        self.app.push_screen(preview, take)

    def _finish(self, present: Sequence[Ref], edits: Sequence[Edit]) -> None:
        members = (*present, *(Ref(uid=edit.uid) for edit in edits))
        self.dismiss(self._kind.edit(members, self.archive.ctx))
