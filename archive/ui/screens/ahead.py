"""Build a draft from input that has not reached the draft file yet, because the program must exit now.

Keys may be queued for a form that is still opening; a letter that has arrived is saved one message later; and the part
of a list is saved only when its form is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input

from archive.service.drafts import Draft
from archive.ui.commands import actions_of
from archive.ui.screens.browser import BrowserScreen, new_form
from archive.ui.screens.field_edit import FieldScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.part_form import PartScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.typed_ahead import Waiting, text_in
from archive.ui.widgets.list_row import PartsRow


def draft_ahead(screens: Sequence[Screen[Any]], waiting: Waiting) -> Draft | None:
    """Return a draft for the last of these screens, including pending keys, or None if nothing is typed there."""
    screen = screens[-1]
    if isinstance(screen, PartScreen):
        below = screens[-2] if len(screens) > 1 else None
        return _of_part(below, screen) if isinstance(below, FormScreen | FieldScreen) else None
    if isinstance(screen, FormScreen | FieldScreen):
        return _of_form(screen, waiting)
    if isinstance(screen, OneLineScreen):
        return screen.draft_with(waiting.text(screen.line))
    if isinstance(screen, BrowserScreen | ProfileScreen) and not isinstance(screen.focused, Input):
        return _behind_opener(screen, waiting)
    return None


def _of_part(form: FormScreen | FieldScreen, screen: PartScreen) -> Draft | None:
    row = next((row for row in form.rows if isinstance(row, PartsRow) and row.kind == screen.kind), None)
    part = screen.part()
    if row is None or part == screen.begun:
        return None
    others = [other.dump() for other in row.parts if other is not screen.begun]
    return form.draft(**{row.field.key: [*others, part.dump()]})


def _of_form(form: FormScreen | FieldScreen, waiting: Waiting) -> Draft:
    row = next((row for row in form.rows if row.has_focus_within), None)
    if row is None:  # the form is still opening
        by_opener = waiting.editor is not None and form not in waiting.editor.ancestors
        first = waiting.behind(1 if waiting.under_way and by_opener else 0).text()
        return form.draft(**{form.first_key(): first} if first else {})
    editor = form.focused
    text, before = waiting.text(editor), text_in(editor)
    if text == before:
        return form.draft()
    others = [line for line in row.typed if line != before] if isinstance(row.typed, list) else None
    return form.draft(**{row.field.key: text if others is None else [*others, text]})


def _behind_opener(screen: BrowserScreen | ProfileScreen, waiting: Waiting) -> Draft | None:
    """Return the draft for a form that one of the pending keys would open, filled from the keys after it."""
    if waiting.under_way and waiting.editor and screen not in waiting.editor.ancestors:
        waiting = waiting.behind(1)  # the first key opened this screen
    openers = _openers(screen)
    changed = screen.archive.settings.keys
    actions = {**actions_of(type(screen.app), changed), **actions_of(type(screen), changed)}
    for number, key in enumerate(waiting.all(), 1):
        action = actions.get(key.key, "") if isinstance(key, Key) else ""
        if action in openers:
            text = waiting.behind(number).text()
            return openers[action](text) if text.strip() else None
        if action:  # it leads elsewhere, and so do the keys after it
            return None
    return None


def _openers(screen: BrowserScreen | ProfileScreen) -> Mapping[str, Callable[[str], Draft]]:
    """Return the actions that open a form or an entry line, with a function from text to draft."""
    if isinstance(screen, BrowserScreen):
        action, form, customer = "new", new_form(screen), screen.customer or ""
    else:
        action, form, customer = "edit", screen.edit_form(), screen.uid
    openers = {action: lambda text: form.draft(**{form.first_key(): text})}
    if customer:
        openers["log"] = lambda text: OneLineScreen("contact", customer).draft_with(text)
        openers["bought"] = lambda text: OneLineScreen("purchase", customer).draft_with(text)
    return openers
