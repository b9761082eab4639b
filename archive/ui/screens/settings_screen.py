"""Settings: every personal setting and every setting of the archive, edited in place and applied at once."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from archive.model.archive_settings import ArchiveSettings
from archive.service.setting_lines import SettingLine, setting_lines
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.navigation import PLACES
from archive.ui.safe_text import plain
from archive.ui.screens.setting_edit import SettingScreen, ThemeScreen
from archive.ui.screens.table_screen import Finder, TablePlace, on_a_line
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import Cells, tone_key


def _can_be_reset(screen: SettingsScreen) -> bool:
    return screen.line is not None and not screen.line.in_archive and screen.line.is_set


class SettingsScreen(TablePlace[SettingLine]):
    """The list of settings; enter edits one."""

    COLUMNS = [
        Column("section", N_("Section"), 12, 0, 2, secondary=True),
        Column("label", N_("Setting"), 18, 0),
        Column("value", N_("Value"), 20, 3),
        Column("where", N_("Stored"), 13, 0, 1, secondary=True),
    ]
    BODY = Vertical

    DEFAULT_CSS = """
    SettingsScreen #about { height: 3; padding: 1 1 0 1; color: $text-muted; }
    SettingsScreen.-low #about, SettingsScreen.-flat #about { height: 2; padding: 0 1; }
    """

    def compose_beside(self) -> ComposeResult:
        yield Static(id="about")

    def on_mount(self) -> None:
        self.records.can_mark = False

    def heading(self) -> str:
        return _("Settings")

    def finder(self) -> Finder[SettingLine]:
        lines = setting_lines(self.archive, self.owner.settings)
        place = PLACES.get(self.owner.settings.start_place)
        if place:
            lines["start_place"] = lines["start_place"]._replace(value=place.title)
        return lambda _cancelled: lines

    def empty_words(self) -> Content:
        return Content("")

    def cells(self, line: SettingLine) -> Cells:
        return {
            "section": line.section,
            "label": line.label,
            "value": line.value,
            "where": _("this archive") if line.in_archive else _("this computer"),
            tone_key("section"): "" if line.is_first else "dim",
            tone_key("value"): "" if line.is_set else "dim",
            tone_key("where"): "dim",
        }

    def on_screen_resume(self) -> None:
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        """Put the cursor on the setting that was chosen in the palette, once it is listed."""
        if self.owner.wanted_setting in self.lines:
            self.records.move_to(self.owner.wanted_setting)
            self.owner.wanted_setting = ""

    def show_line(self, line: SettingLine | None) -> None:
        self.query_one("#about", Static).update(plain(line.about if line else ""))
        self._go_to_wanted()

    def open(self, line: SettingLine) -> None:
        if line.in_archive:
            self._open_form(line)
        elif line.key == "keys":
            from archive.ui.screens.keys_screen import KeysScreen

            self.app.push_screen(KeysScreen())
        elif line.key == "theme":
            self.app.push_screen(ThemeScreen(self.app.available_themes, self.app.theme), self._set_theme)
        else:
            self.app.push_screen(
                SettingScreen(line, getattr(self.owner.settings, line.key), self._options(line)), self._take
            )

    def _open_form(self, line: SettingLine) -> None:
        from archive.ui.screens.form import FormScreen

        field = ArchiveSettings.FIELDS[line.key.partition(".")[2]]
        self.app.push_screen(FormScreen(ArchiveSettings.TABLE, group=field.group))

    def _options(self, line: SettingLine) -> Mapping[str, str]:
        if line.key == "start_place":
            return {name: place.title for name, place in PLACES.items() if name != "settings"}
        return line.options

    def _set_theme(self, theme: str | None) -> None:
        if theme is not None:
            self._take(("theme", theme))

    def _take(self, answer: tuple[str, str] | None) -> None:
        if answer is not None:
            self.run_worker(self.owner.set_setting(*answer), exit_on_error=False)

    @command("e", N_("Edit"), when=on_a_line)
    def action_edit(self) -> None:
        """Edit the setting under the cursor."""
        if self.line:
            self.open(self.line)

    @command("r", N_("Reset"), footer=True, when=_can_be_reset)
    def action_reset(self) -> None:
        """Reset the personal setting under the cursor to its default."""
        if self.line and not self.line.in_archive:
            default = type(self.owner.settings)._field_defaults[self.line.key]
            self.run_worker(self.owner.set_setting(self.line.key, default), exit_on_error=False)
