"""Dialogs for the display of a table: columns, saved views.

Each takes the current state and a callback for the result. Cancelling a dialog changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from archive.service.listing import all_columns, default_keys
from archive.service.views import View, Views
from archive.text import _
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import LineScreen, PickScreen

_SAVE, _FORGET = "\0save", "\0forget"


def pick_columns(
    screen: ArchiveScreen[None],
    table: str,
    now: View,
    fitted: Mapping[str, int],
    preview: Callable[[View], None],
    choose: Callable[[View], None],
) -> None:
    """Ask which columns of a table to show, in which order and how wide.

    Args:
        screen: The screen with the table.
        table: Its name.
        now: The columns and widths now.
        fitted: The widths of the columns on the screen.
        preview: Shows a choice that is not applied yet.
        choose: Applies the choice.
    """
    from archive.ui.screens.columns_dialog import ColumnsScreen

    columns, shown = all_columns(table), now.columns or tuple(default_keys(table))
    order = [*shown, *(key for key in columns if key not in shown)]

    def take(view: View | None) -> None:
        if view is None:
            preview(now)
        else:
            choose(view if view.columns else replace(view, columns=tuple(default_keys(table))))

    rows = [(key, columns[key].title) for key in order]
    screen.app.push_screen(ColumnsScreen(rows, replace(now, columns=shown), fitted, preview), take)


def pick_view(screen: ArchiveScreen[None], table: str, now: View, show: Callable[[View], None]) -> None:
    """Ask for a saved view of a table, or save the current view (`now`), or delete a view."""
    views = screen.owner.tried(Views)
    if views is None:
        return
    saved = views.of(table)
    choices = [(name, f"{name}  ·  {view.query}" if view.query else name) for name, view in saved.items()]
    more = [(_SAVE, _("+ save the current view"))] + ([(_FORGET, _("- delete a view"))] if saved else [])

    def take(name: str | None) -> None:
        if name == _SAVE:
            _save_view(screen, table, views, now)
        elif name == _FORGET:
            _forget_view(screen, table, views)
        elif name is not None:
            show(saved[name])

    screen.app.push_screen(PickScreen(_("Views"), [*choices, *more]), take)


def _save_view(screen: ArchiveScreen[None], table: str, views: Views, now: View) -> None:
    def take(name: str | None) -> None:
        view_name = name.strip()[:60] if name else ""
        if view_name:
            screen.owner.tried(lambda: views.keep(table, view_name, now))
            if view_name in Views().of(table):
                screen.owner.say(_("Saved the view {name}.").format(name=view_name))

    screen.app.push_screen(LineScreen(_("View name"), now.query), take)


def _forget_view(screen: ArchiveScreen[None], table: str, views: Views) -> None:
    def take(name: str | None) -> None:
        if name is not None:
            screen.owner.tried(lambda: views.remove(table, name))

    names = list(views.of(table))
    screen.app.push_screen(PickScreen(_("Delete which view?"), [(name, name) for name in names]), take)
