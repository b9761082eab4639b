"""Personal settings such as name, formats and folders, read from a TOML file in the user's configuration folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, get_type_hints

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


class Setting(NamedTuple):
    """The declaration of a personal setting, from which its checks, its line in Settings and the manual are derived."""

    section: str  # heading under which it is listed; "" for settings of older versions
    label: str
    about: str  # one line for the user
    choices: Mapping[str, str] = MappingProxyType(
        {}
    )  # labels of the permitted values; empty if any text is permitted
    pattern: str = ".*"  # regular expression of the permitted texts
    example: str = ""
    empty: str = "-"  # shown instead of an empty value


YOU, FORMATS, SCREEN, FILES = N_("You"), N_("Formats"), N_("Screen"), N_("Files")
_ORDERS = {
    "dmy": N_("31/12/2026 (day, month, year)"),
    "mdy": N_("12/31/2026 (month, day, year)"),
    "ymd": N_("2026/12/31 (year, month, day)"),
}
_DECIMALS = {".": N_("1,234.50 (point)"), ",": N_("1.234,50 (comma)")}


class Settings(NamedTuple):
    """The user's settings. Each is declared once; every default works."""

    me: Annotated[
        str,
        Setting(
            YOU, N_("Your name"), N_("Account manager of new customers, noted with each activity you log.")
        ),
    ] = ""
    region: Annotated[
        str,
        Setting(
            YOU,
            N_("Country"),
            N_("Two letters, such as DE: the country of phone numbers without a country code."),
            pattern="([A-Z]{2})?",
            example=N_("Write two capital letters, such as DE."),
        ),
    ] = ""
    time_zone: Annotated[
        str,
        Setting(
            YOU,
            N_("Time zone"),
            N_("Your time zone, such as Europe/Berlin. Empty: that of this computer."),
            empty=N_("as this computer"),
        ),
    ] = ""
    date_order: Annotated[
        str, Setting(FORMATS, N_("Date format"), N_("How to read dates such as 4/3/2026."), choices=_ORDERS)
    ] = "dmy"
    decimal: Annotated[
        str,
        Setting(FORMATS, N_("Decimal sign"), N_("How numbers are written and shown."), choices=_DECIMALS),
    ] = "."
    language: Annotated[
        str,
        Setting(
            FORMATS,
            N_("Language"),
            N_("The language of the program; English is the only one so far."),
            empty=N_("English"),
        ),
    ] = ""
    theme: Annotated[str, Setting(SCREEN, N_("Theme"), N_("The colours, such as textual-light."))] = (
        "textual-dark"
    )
    start_place: Annotated[
        str,
        Setting(
            SCREEN,
            N_("Start place"),
            N_("The place that opens when the program starts, such as customers."),
            pattern="[a-z_]*",
        ),
    ] = "today"
    keys: Annotated[
        Mapping[str, str],
        Setting(
            SCREEN, N_("Keys"), N_("Other keys for commands, by the command's name."), empty=N_("standard")
        ),
    ] = MappingProxyType({})
    export_folder: Annotated[
        str,
        Setting(
            FILES,
            N_("Export folder"),
            N_("Where exports are written. Empty: the folder in which you started the program."),
            empty=N_("where the program starts"),
        ),
    ] = ""
    opener: Annotated[
        str,
        Setting(
            FILES,
            N_("Opener"),
            N_("The program that opens files, web pages, e-mail addresses and phone numbers."),
            empty=N_("that of this computer"),
        ),
    ] = ""
    currency: Annotated[
        str,
        Setting(
            "",
            N_("Home currency"),
            N_("From older versions: the home currency, copied to an archive that has none."),
            pattern="([A-Z]{3})?",
            example=N_("Write three capital letters, such as EUR."),
        ),
    ] = ""
    rates: Annotated[
        Mapping[str, str],
        Setting(
            "",
            N_("Exchange rates"),
            N_("From older versions: exchange rates, likewise."),
            example=N_('Write for example "USD 2026-01-01" = "0.92".'),
        ),
    ] = MappingProxyType({})


@cache
def declarations() -> Mapping[str, Setting]:
    """Return the declarations of the personal settings by key, in order."""
    hints = get_type_hints(Settings, include_extras=True)
    return {key: hints[key].__metadata__[0] for key in Settings._fields}


_MOST = 4 << 20  # maximum size in bytes; far more than anybody writes by hand
_LEVELS = 4  # maximum nesting of tables and lists; a list in a view of a table is the deepest
_REMEDY = N_("Fix or delete that file.")
_RATE = re.compile(r"[A-Z]{3} (\d{4}-\d\d-\d\d)=\d{1,12}(\.\d{1,12})?", re.ASCII)


def settings_path() -> Path:
    """Return the path of the settings file."""
    return config_folder() / "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings file; without a file, all settings have their defaults.

    Raises:
        ArchiveError: The file cannot be read, or has an unknown setting or an invalid value.
    """
    settings, problems = read_settings(path)
    if problems:
        raise problems[0]
    return settings


def read_settings(path: Path | None = None) -> tuple[Settings, list[ArchiveError]]:
    """Read the settings that are valid. Return them with the problems of the others, which have their defaults."""
    path = path or settings_path()
    try:
        text = read_text(path)
        content = parse_toml(path, text)
    except ArchiveError as error:
        return Settings(), [error]
    values, problems = {}, []
    for key, value in content.items():
        try:
            values[key] = checked(key, value, where=_where(path, text, key))
        except ArchiveError as error:
            problems.append(error)
    return Settings(**values), problems


def _where(path: Path, text: str, key: str) -> str:
    """Return "path" or "path, line 3" for error messages."""
    match = re.search(rf"^[\s\[]*[\"']?{re.escape(key)}[\"']?\s*[\].=]", text, re.MULTILINE)
    if not match:
        return str(path)
    line = text.count("\n", 0, match.end()) + 1
    return _("{path}, line {line}").format(path=path, line=line)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file of settings, views or columns, or {} if there is no file.

    Raises:
        ArchiveError: The file cannot be read or is not valid TOML.
    """
    return parse_toml(path, read_text(path))


def read_text(path: Path) -> str:
    """Return the text of a file of settings, views or columns, or "" if there is no file.

    Raises:
        ArchiveError: The file cannot be read.
    """
    try:
        return read_bytes(path, _MOST).decode("utf-8-sig")
    except NotFound:
        return ""
    except ArchiveError as error:
        raise ArchiveError(error.message, _(_REMEDY)) from None
    except UnicodeDecodeError as error:
        raise bad_file(path, _("byte {n} is not UTF-8 text").format(n=error.start)) from None


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """Return the content of a TOML text from the file at `path`.

    Raises:
        ArchiveError: It is not valid TOML.
    """
    if not text:
        return {}
    import tomllib  # only needed if the file exists

    try:
        content = tomllib.loads(text)
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


def checked(key: str, value: Any, where: str = "settings.toml") -> Any:
    """Return the value of a setting if it is valid; `where` names its place in error messages.

    Raises:
        ArchiveError: The setting is unknown, or cannot have this value.
    """
    if key not in Settings._fields:
        raise ArchiveError(
            _("{where}: there is no setting called {key}.").format(where=where, key=key),
            ", ".join(Settings._fields),
        )
    setting = declarations()[key]
    expected = dict if isinstance(Settings._field_defaults[key], Mapping) else str
    if not isinstance(value, expected) or not _may_be(key, setting, value):
        raise ArchiveError(
            _("{where}: {key} cannot be {value}.").format(where=where, key=key, value=repr(value)),
            " ".join(setting.choices) or _(setting.example),
        )
    return value


def typed(key: str, text: str) -> str:
    """Return the value of a setting as typed by the user; a country may be typed in lower case.

    Raises:
        ArchiveError: The setting cannot have this value.
    """
    setting, value = declarations()[key], text.strip()
    value = value.upper() if key == "region" else value
    if not _may_be(key, setting, value):
        sentence = _("{setting} cannot be “{text}”.").format(setting=_(setting.label), text=text.strip())
        raise ArchiveError(sentence, _(setting.example))
    return value


def _may_be(key: str, setting: Setting, value: Any) -> bool:
    texts = list(value.values()) if isinstance(value, dict) else [value]
    if not all(isinstance(text, str) and text.isprintable() for text in texts):
        return False
    if key == "rates":
        return all(_is_rate(when, rate) for when, rate in value.items())
    if isinstance(value, dict):
        return True
    return value in (setting.choices or (value,)) and re.fullmatch(setting.pattern, value) is not None


def _is_rate(when: str, rate: str) -> bool:
    match = _RATE.fullmatch(f"{when}={rate}")
    try:
        return bool(match and date.fromisoformat(match[1]) and Decimal(rate))
    except ValueError:
        return False
