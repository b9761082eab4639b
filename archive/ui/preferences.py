"""The personal settings of the running program: applied at once, and stored in settings.toml."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App

from archive.settings import Settings, settings_path


class Preferences:
    """The settings in force."""

    def __init__(self, app: App[None], settings: Settings) -> None:
        self._app = app
        self.settings = settings

    def use_looks(self) -> None:
        """Use the theme and the keys of the settings."""
        theme = self.settings.theme
        self._app.theme = theme if theme in self._app.available_themes else Settings().theme
        self._app.set_keymap(self.settings.keys)

    async def store(self, key: str, value: Any) -> None:
        """Change a setting in settings.toml, and then here.

        Raises:
            ArchiveError: The file cannot be read or written, or the value is not valid. The setting is unchanged.
        """
        from archive.settings_file import store_setting

        try:
            await asyncio.to_thread(store_setting, settings_path(), key, value)
            self.settings = self.settings._replace(**{key: value})
        finally:
            self.use_looks()  # also after an error, because a preview of the theme may be on
