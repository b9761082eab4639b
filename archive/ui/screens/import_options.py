"""Options of an import, for a file whose format was not detected correctly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archive.model.tables import TABLES
from archive.service.importing.plan import MERGES, ImportOptions
from archive.text import N_, _
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import PickScreen

FOUND_OUT = ("", N_("detect automatically"))
OPTIONS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "table": (N_("Record type"), [FOUND_OUT, *((name, cls.LABEL) for name, cls in TABLES.items())]),
    "encoding": (
        N_("Encoding"),
        [
            FOUND_OUT,
            *((name, name) for name in ("utf-8", "gb18030", "big5", "cp1252", "shift_jis", "utf-16")),
        ],
    ),
    "delimiter": (N_("Delimiter"), [FOUND_OUT, (",", ","), (";", ";"), ("\t", N_("tab")), ("|", "|")]),
    "date_order": (
        N_("Date format"),
        [
            FOUND_OUT,
            ("dmy", N_("day month year")),
            ("mdy", N_("month day year")),
            ("ymd", N_("year month day")),
        ],
    ),
    "decimal": (N_("Decimal sign"), [FOUND_OUT, (".", N_("point")), (",", N_("comma"))]),
    "merge": (N_("On conflict"), [(name, "") for name in MERGES]),
    "create_customers": (
        N_("Unknown customers"),
        [("", N_("skip the row")), ("yes", N_("create them"))],
    ),
}
MERGE_WORDS = {
    "fill": N_("fill empty fields only"),
    "overwrite": N_("overwrite with the file"),
    "keep": N_("keep our records unchanged"),
    "append": N_("add to lists and texts"),
}


def ask_option(screen: ArchiveScreen[None], options: ImportOptions, change: Callable[..., None]) -> None:
    """Ask which option to change and its new value, then call `change` with it."""

    def take(name: str | None) -> None:
        if name is not None:
            _ask_value(screen, options, name, change)

    choices = [(name, f"{_(title)}: {_shown(options, name)}") for name, (title, _values) in OPTIONS.items()]
    screen.app.push_screen(PickScreen(_("Options"), choices), take)


def _ask_value(
    screen: ArchiveScreen[None], options: ImportOptions, name: str, change: Callable[..., None]
) -> None:
    title, values = OPTIONS[name]

    def take(value: str | None) -> None:
        if value is not None:
            change(**{name: bool(value) if name == "create_customers" else value})

    labels: Mapping[str, str] = MERGE_WORDS if name == "merge" else {}
    choices = [(value, _(labels.get(value, label))) for value, label in values]
    screen.app.push_screen(PickScreen(_(title), choices, at=_now(options, name)), take)


def _now(options: ImportOptions, name: str) -> str:
    value: Any = getattr(options, name)
    return ("yes" if value else "") if name == "create_customers" else str(value)


def _shown(options: ImportOptions, name: str) -> str:
    labels = dict(OPTIONS[name][1])
    now = _now(options, name)
    return _(MERGE_WORDS[now]) if name == "merge" else _(labels.get(now, now))
