"""The dialog for the columns of a list: which are shown, in which order and how wide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from textual.content import Content

from archive.service.views import LEAST_WIDTH, MOST_WIDTH, View
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import template
from archive.ui.screens.dialogs import PickManyScreen
from archive.ui.widgets.option_list import OptionList

Preview = Callable[[View], None]
_STEP = 2  # cells by which a key changes a width
_SHOWN = 6  # cells for the width of a column


def _is_below_another(screen: ColumnsScreen) -> bool:
    return screen.at > 0


def _is_above_another(screen: ColumnsScreen) -> bool:
    return screen.at < screen.query_one(OptionList).option_count - 1


def _is_shown(screen: ColumnsScreen) -> bool:
    return screen.key in screen.keys


def _has_width(screen: ColumnsScreen) -> bool:
    return screen.key in screen.widths


class ColumnsScreen(PickManyScreen[View]):
    """Choose, reorder and resize columns; the list behind the dialog shows each step at once."""

    def __init__(
        self, choices: Sequence[tuple[str, str]], now: View, fitted: Mapping[str, int], preview: Preview
    ) -> None:
        """Choose from columns of (key, title); `fitted` are the widths of those on the screen."""
        self._now, self._fitted, self._preview = now, fitted, preview
        self.widths = dict(now.widths)
        """The widths that were set, by key."""
        super().__init__(_("Columns"), choices, now.columns)

    @property
    def at(self) -> int:
        """The index of the column under the cursor."""
        return self.query_one(OptionList).highlighted or 0

    @property
    def key(self) -> str:
        """The key of the column under the cursor."""
        return self._choices[self.at][0]

    def answer(self) -> View:
        """Return the view with the columns and widths chosen."""
        kept = tuple((key, width) for key, width in self.widths.items() if key in self.keys)
        return replace(self._now, columns=tuple(self.keys), widths=kept)

    def widest(self) -> int:
        return super().widest() + _SHOWN

    def line(self, index: int) -> Content:
        width = self.widths.get(self._choices[index][0])
        shown = template("[$foreground 60%]$width[/]", width=f"  ↔ {width}" if width else "")
        return Content.assemble(super().line(index), shown)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self.refresh_bindings()

    def changed(self) -> None:
        self._preview(self.answer())

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
            options.replace_option_prompt_at_index(index, self.line(index))
        options.highlighted = at + step
        self.changed()

    @command("plus,right,equals_sign", N_("Wider"), footer=True, when=_is_shown)
    def action_wider(self) -> None:
        """Make the column wider."""
        self._resize(_STEP)

    @command("minus,left", N_("Narrower"), footer=True, when=_is_shown)
    def action_narrower(self) -> None:
        """Make the column narrower."""
        self._resize(-_STEP)

    @command("0", N_("Fit to content"), when=_has_width)
    def action_fit(self) -> None:
        """Make the column as wide as its texts again."""
        del self.widths[self.key]
        self._show_width()

    def _resize(self, by: int) -> None:
        width = self.widths.get(self.key) or self._fitted.get(self.key, LEAST_WIDTH)
        self.widths[self.key] = max(LEAST_WIDTH, min(width + by, MOST_WIDTH))
        self._show_width()

    def _show_width(self) -> None:
        self.query_one(OptionList).replace_option_prompt_at_index(self.at, self.line(self.at))
        self.refresh_bindings()
        self.changed()
