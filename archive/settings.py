"""Personal settings such as name, formats and folders, read from a TOML file in the user's configuration folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from archive.errors import ArchiveError, NotFound
from archive.inputs import read_bytes
from archive.text import N_, _


def config_folder() -> Path:
    """Return the folder of settings, views and mappings."""
    return _xdg("XDG_CONFIG_HOME", ".config")


def data_folder() -> Path:
    """Return the folder of the default archive."""
    return _xdg("XDG_DATA_HOME", ".local/share")


def _xdg(variable: str, default: str) -> Path:
    named = os.environ.get(variable, "")
    base = Path(named) if Path(named).is_absolute() else _home(variable) / default
    return base / "customer-archive"


def _home(variable: str) -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise ArchiveError(
            _("Your home folder could not be determined."),
            _("Set HOME or {variable} to a folder that belongs to you.").format(variable=variable),
        ) from None


class Settings(NamedTuple):
    """The user's settings; every setting has a default that works. The manual takes its explanations from here."""

    me: str = ""  # your name: account manager of new customers, noted with each activity you log
    currency: str = ""  # from older versions: the home currency, copied to an archive that has none
    rates: Mapping[str, str] = MappingProxyType({})  # from older versions: exchange rates, likewise
    region: str = ""  # the country of phone numbers without a country code, such as DE
    date_order: str = "dmy"  # the order of numeric dates: dmy, mdy or ymd
    decimal: str = "."  # your decimal sign, a point or a comma
    time_zone: str = ""  # your IANA time zone, such as Europe/Berlin; if empty, that of the system
    export_folder: str = ""  # where exports are written; if empty, the folder you started the program in
    theme: str = "textual-dark"  # the colours, such as textual-light
    language: str = ""  # the language of the program; English is the only one so far
    keys: Mapping[str, str] = MappingProxyType({})  # other keys for commands, by their name in settings


_MOST = 4 << 20  # maximum size in bytes; far more than anybody writes by hand
_LEVELS = 4  # maximum nesting of tables and lists; a list in a view of a table is the deepest
_REMEDY = N_("Fix or delete that file.")
_ALLOWED = {"date_order": ("dmy", "mdy", "ymd"), "decimal": (".", ",")}
_CODES = {"currency": "([A-Z]{3})?", "region": "([A-Z]{2})?"}  # such as EUR and DE
_RATE = re.compile(r"[A-Z]{3} (\d{4}-\d\d-\d\d)=\d{1,12}(\.\d{1,12})?", re.ASCII)
_EXAMPLES = {
    "currency": N_("Write for example EUR, DE."),
    "region": N_("Write for example EUR, DE."),
    "rates": N_('Write for example "USD 2026-01-01" = "0.92".'),
}


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings file; without a file, all settings have their defaults.

    Raises:
        ArchiveError: The file cannot be read, or has an unknown setting or an invalid value.
    """
    path = path or config_folder() / "settings.toml"
    return Settings(**{key: _checked(path, key, value) for key, value in read_toml(path).items()})


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file of settings, views or columns, or {} if there is no file.

    Raises:
        ArchiveError: The file cannot be read or is not valid TOML.
    """
    try:
        text = read_bytes(path, _MOST).decode("utf-8-sig")
        import tomllib  # only needed if the file exists

        content = tomllib.loads(text)
    except NotFound:
        return {}
    except ArchiveError as error:
        raise ArchiveError(error.message, _(_REMEDY)) from None
    except UnicodeDecodeError as error:
        reason = _("byte {n} is not UTF-8 text").format(n=error.start)
        raise bad_file(path, reason) from None
    except RecursionError:
        raise bad_file(path, _("it is nested too deeply")) from None
    except ValueError as error:
        raise bad_file(path, str(error)) from None
    if _is_deeper(content, _LEVELS):
        raise bad_file(path, _("it is nested too deeply"))
    return content


def _is_deeper(table: dict[str, Any], levels: int) -> bool:
    """Return whether tables and lists are nested more than `levels` deep."""
    level: list[Any] = [table]
    for _number in range(levels):
        nested = [
            value.values() if isinstance(value, dict) else value
            for value in level
            if isinstance(value, dict | list)
        ]
        level = [inner for values in nested for inner in values]
    return any(isinstance(value, dict | list) for value in level)


def bad_file(path: Path, reason: str) -> ArchiveError:
    """Return the error for a file of settings, views or columns that is not valid."""
    return ArchiveError(_("{path} cannot be read: {reason}.").format(path=path, reason=reason), _(_REMEDY))


def _checked(path: Path, key: str, value: Any) -> Any:
    if key not in Settings._fields:
        raise ArchiveError(
            _("{path}: there is no setting called {key}.").format(path=path, key=key),
            ", ".join(Settings._fields),
        )
    expected = dict if isinstance(Settings._field_defaults[key], Mapping) else str
    if not isinstance(value, expected) or not _may_be(key, value):
        raise ArchiveError(
            _("{path}: {key} cannot be {value}.").format(path=path, key=key, value=repr(value)),
            " ".join(_ALLOWED.get(key, ())) or _(_EXAMPLES.get(key, "")),
        )
    return value


def _may_be(key: str, value: Any) -> bool:
    texts = list(value.values()) if isinstance(value, dict) else [value]
    if not all(isinstance(text, str) and text.isprintable() for text in texts):
        return False
    if key == "rates":
        return all(_is_rate(when, rate) for when, rate in value.items())
    return value in _ALLOWED.get(key, (value,)) and (
        key not in _CODES or bool(re.fullmatch(_CODES[key], value))
    )


def _is_rate(when: str, rate: str) -> bool:
    match = _RATE.fullmatch(f"{when}={rate}")
    try:
        return bool(match and date.fromisoformat(match[1]) and Decimal(rate))
    except ValueError:
        return False
