"""The dialog for the columns of a list: which are shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.screens.dialogs import PickManyScreen
from archive.ui.widgets.option_list import OptionList

Preview = Callable[[Sequence[str]], None]


def _is_below_another(screen: ColumnsScreen) -> bool:
    return screen.at > 0


def _is_above_another(screen: ColumnsScreen) -> bool:
    return screen.at < screen.query_one(OptionList).option_count - 1


class ColumnsScreen(PickManyScreen):
    """Choose and reorder columns; the list behind the dialog shows each step at once."""

    def __init__(self, choices: Sequence[tuple[str, str]], chosen: Sequence[str], preview: Preview) -> None:
        super().__init__(_("Columns"), choices, chosen)
        self._preview = preview

    @property
    def at(self) -> int:
        """The index of the column under the cursor."""
        return self.query_one(OptionList).highlighted or 0

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self.refresh_bindings()

    def changed(self) -> None:
        self._preview(self.keys)

    @command("shift+up,less_than_sign", N_("Earlier"), footer=True, when=_is_below_another)
    def action_earlier(self) -> None:
        """Move the column one place to the left in the list."""
        self._move(-1)

    @command("shift+down,greater_than_sign", N_("Later"), footer=True, when=_is_above_another)
    def action_later(self) -> None:
        """Move the column one place to the right in the list."""
        self._move(1)

    def _move(self, step: int) -> None:
        options, at = self.query_one(OptionList), self.at
        choices = list(self._choices)
        choices[at], choices[at + step] = choices[at + step], choices[at]
        self._choices = choices
        for index in (at, at + step):
            options.replace_option_prompt_at_index(index, self._line(index))
        options.highlighted = at + step
        self.changed()
