"""Dialogs that edit a personal setting: a text that is checked as you type, a choice, a theme with live preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from archive.errors import ArchiveError
from archive.model.zones import ZONE
from archive.service.setting_lines import SettingLine
from archive.settings import typed
from archive.text import _
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.dialogs import Answer, Choices, PickScreen, Question
from archive.ui.widgets.option_list import OptionList


class SettingScreen(Question[tuple[str, str]]):
    """Edit a setting; returns its key and new value."""

    DEFAULT_CSS = """
    SettingScreen #note { height: 2; padding: 0; margin: 1 0 0 0; color: $text-muted; }
    SettingScreen #note.-error { color: $text-error; }
    """

    def __init__(self, line: SettingLine, value: str, options: Mapping[str, str]) -> None:
        super().__init__(line.label)
        self._line, self._value, self._options = line, value, options

    def compose_answer(self) -> ComposeResult:
        if self._options:
            yield Choices(*(Option(plain(label)) for label in self._options.values()))
        else:
            yield Answer(self._value, max_length=200)
        yield Static(plain(self._line.about), id="note")

    def on_mount(self) -> None:
        for choices in self.query(Choices):
            keys = list(self._options)
            choices.highlighted = keys.index(self._value) if self._value in keys else 0

    def _read(self, text: str) -> str:
        """Return the value that `text` stands for; raise ArchiveError if it is not valid."""
        if self._line.key == "time_zone" and text.strip():
            return ZONE.parse(text, self.archive.ctx)
        return typed(self._line.key, text)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        note = self.query_one("#note", Static)
        try:
            self._read(event.value)
        except ArchiveError as error:
            note.add_class("-error")
            note.update(plain(f"! {error}"))
        else:
            note.remove_class("-error")
            note.update(plain(self._line.about))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        try:
            value = self._read(event.value)
        except ArchiveError:  # shown below the input since it was typed
            return
        self.dismiss((self._line.key, value))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss((self._line.key, list(self._options)[event.option_index]))


class ThemeScreen(PickScreen):
    """Choose a theme: the highlighted one colours the program at once, escape restores the former."""

    def __init__(self, themes: Iterable[str], now: str) -> None:
        self._former = now
        names = sorted(themes)
        super().__init__(_("Theme"), [(name, name) for name in names], at=now)

    @on(OptionList.OptionHighlighted)
    def _preview(self, event: OptionList.OptionHighlighted) -> None:
        if not self.has_left:
            self.app.theme = self._choices[event.option_index][0]

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        if result is None and not self.has_left:
            self.app.theme = self._former
        return super().dismiss(result)
