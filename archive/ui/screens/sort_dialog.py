"""The dialog for the sort order of a list: by one column, or by several in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.widgets.option_list import Option

from archive.store import UNSORTED, Sort
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import Choices, Question, widest_of
from archive.ui.widgets.option_list import OptionList

_SIGNS = 4  # cells for the sign of a column, such as "▲2"


class SortScreen(Question[Sort]):
    """Enter sorts by the column under the cursor; space collects several columns, by which enter then sorts."""

    KEY_LABELS = {"select": N_("Sort")}

    def __init__(self, columns: Sequence[tuple[str, str]], now: Sort) -> None:
        """Choose from columns of (key, title)."""
        super().__init__(_("Sort by"))
        self._columns = [*columns, ("", _("default order"))]
        self._now = now
        self._chosen = now
        self._has_collected = False

    def compose_answer(self) -> ComposeResult:
        yield Choices(*(Option(plain(self._line(index))) for index in range(len(self._columns))))

    def on_mount(self) -> None:
        keys = [key for key, _title in self._columns]
        self._list.highlighted = keys.index(self._now.key) if self._now.key else 0

    def widest(self) -> int:
        return _SIGNS + widest_of([self._title, *(title for _key, title in self._columns)])

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def key(self) -> str:
        """The key of the column under the cursor."""
        return self._columns[self._list.highlighted or 0][0]

    def _line(self, index: int) -> str:
        key, title = self._columns[index]
        return f"{sign_of(self._chosen, key):<{_SIGNS}}{title}"

    @command("space", N_("Then by"), footer=True, priority=True)
    def action_collect(self) -> None:
        """Add the column to the order; again reverses it, and once more takes it out."""
        keys, key = list(self._chosen.keys), self.key
        if not key:
            return
        at = next((index for index, by in enumerate(keys) if by.key == key), None)
        if at is None:
            keys.append(Sort(key))
        elif keys[at].reverse:
            del keys[at]
        else:
            keys[at] = Sort(key, True)
        self._chosen, self._has_collected = Sort.of(keys), True
        for index in range(len(self._columns)):
            self._list.replace_option_prompt_at_index(index, plain(self._line(index)))

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        key, now = self.key, self._now
        if self._has_collected:
            self.dismiss(self._chosen)
        elif not key:
            self.dismiss(UNSORTED)
        else:
            self.dismiss(Sort(key, key == now.key and not now.reverse))


def sign_of(sort: Sort, key: str) -> str:
    """Return the sign of a column in a sort order: an arrow, with its rank if there are several columns."""
    for rank, by in enumerate(sort.keys, 1):
        if by.key == key:
            return ("▼" if by.reverse else "▲") + (str(rank) if sort.then else "")
    return ""


def pick_sort(
    screen: ArchiveScreen[Any], columns: Sequence[tuple[str, str]], now: Sort, sort_by: Callable[[Sort], None]
) -> None:
    """Ask for the sort order of a list with columns of (key, title)."""

    def take(sort: Sort | None) -> None:
        if sort is not None:
            sort_by(sort)

    screen.app.push_screen(SortScreen(columns, now), take)
