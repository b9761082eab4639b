"""The dialogues by which a table is looked at in another way: order, columns, saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.service.listing import all_columns, default_keys
from archive.service.views import View, Views
from archive.store import Sort
from archive.text import _
from archive.ui.screens.questions import LineScreen, PickManyScreen, PickScreen

if TYPE_CHECKING:
    from archive.ui.screens.browser import BrowserScreen

_SAVE, _FORGET = "\0save", "\0forget"


def pick_sort(browser: BrowserScreen) -> None:
    """Ask for the column to sort by; the present one turns round."""
    columns = browser.listing.columns if browser.listing else []
    now = browser.view.sort

    def take(key: str | None) -> None:
        if key is not None:
            browser.sort_by(Sort(key, key == now.key and not now.reverse))

    choices = [(column.key, column.title + _sign(column.key, now)) for column in columns]
    browser.app.push_screen(
        PickScreen(_("Sort by"), [*choices, ("", _("the usual order"))], at=now.key), take
    )


def _sign(key: str, sort: Sort) -> str:
    return "" if key != sort.key else "  ▼" if sort.reverse else "  ▲"


def pick_columns(browser: BrowserScreen) -> None:
    """Ask which columns to show."""
    known = all_columns(browser.table_name)
    shown = [column.key for column in browser.listing.columns] if browser.listing else []
    order = [*shown, *(key for key in known if key not in shown)]

    def take(keys: list[str] | None) -> None:
        if keys is not None:
            browser.choose_columns(keys or default_keys(browser.table_name))

    rows = [(key, known[key].title) for key in order]
    browser.app.push_screen(PickManyScreen(_("Columns, in this order"), rows, shown), take)


def pick_view(browser: BrowserScreen) -> None:
    """Ask for a saved view, or save or forget one."""
    views = browser.owner.tried(Views)
    if views is None:
        return
    saved = views.of(browser.table_name)
    choices = [(name, f"{name}  ·  {view.query}" if view.query else name) for name, view in saved.items()]
    more = [(_SAVE, _("+ save what is shown as a view"))] + (
        [(_FORGET, _("- forget a view"))] if saved else []
    )

    def take(name: str | None) -> None:
        if name == _SAVE:
            _save_view(browser, views)
        elif name == _FORGET:
            _forget_view(browser, views)
        elif name is not None:
            browser.show_view(saved[name])

    browser.app.push_screen(PickScreen(_("Views"), [*choices, *more]), take)


def _save_view(browser: BrowserScreen, views: Views) -> None:
    columns = tuple(column.key for column in browser.listing.columns) if browser.listing else ()

    def take(name: str | None) -> None:
        called = name.strip()[:60] if name else ""
        if called:
            view = View(browser.view.query, browser.view.sort, columns)
            browser.owner.tried(lambda: views.keep(browser.table_name, called, view))
            if called in Views().of(browser.table_name):
                browser.owner.say(_("Saved the view {name}.").format(name=called))

    browser.app.push_screen(LineScreen(_("Name of the view"), browser.view.query), take)


def _forget_view(browser: BrowserScreen, views: Views) -> None:
    def take(name: str | None) -> None:
        if name is not None:
            browser.owner.tried(lambda: views.remove(browser.table_name, name))

    names = list(views.of(browser.table_name))
    browser.app.push_screen(PickScreen(_("Forget which view?"), [(name, name) for name in names]), take)
