"""Change settings in settings.toml and leave its comments, order and layout as the user wrote them."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from archive.files import make_folder, write_whole
from archive.settings import Settings, checked, parse_toml, read_text

_HEADER = "# Settings of Customer Archive. Every line is optional; the manual lists them all.\n"


def store_setting(path: Path, key: str, value: Any) -> None:
    """Write a setting to the file at `path`, which is created if it does not exist. A symbolic link stays a link.

    Args:
        path: The settings file.
        key: The name of the setting.
        value: Its new value. A mapping replaces the entries of its table. The default is written only if the file
            already has the setting.

    Raises:
        ArchiveError: The value is not valid, or the file cannot be read or written. It is never overwritten if it is
            not valid TOML.
    """
    checked(key, value)
    text = read_text(path)
    parse_toml(path, text)  # tomlkit accepts more than tomllib, and its errors name no file
    import tomlkit  # 20 ms, and needed only when a setting changes

    document = tomlkit.parse(text or _HEADER)
    _put(document, key, value)
    _write(path, tomlkit.dumps(document))


def create_settings_file(path: Path) -> None:
    """Create a settings file without settings, so that the first start is over."""
    if not read_text(path):
        _write(path, _HEADER)


def _write(path: Path, text: str) -> None:
    make_folder(path.parent)
    write_whole(path, text.encode(), force=True)


def _put(document: MutableMapping[str, Any], key: str, value: Any) -> None:
    if not isinstance(value, Mapping):
        if key in document or value != Settings._field_defaults[key]:
            document[key] = value
        return
    entries = document.setdefault(key, {})
    for gone in [name for name in entries if name not in value]:
        del entries[gone]
    for name, text in value.items():
        if entries.get(name) != text:  # an unchanged entry keeps its layout
            entries[name] = text
