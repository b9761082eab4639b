"""Options of an import, for a file whose format was not detected correctly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archive.exchange.format import ReadOptions
from archive.exchange.formats import readable
from archive.model.tables import TABLES
from archive.service.importing.plan import MERGES, ImportOptions, Plan
from archive.text import N_, _
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import PickScreen

Values = list[tuple[str, str]]  # values with their labels, which are English source text
DETECTED = ("", N_("detect automatically"))
_ENCODINGS = ("utf-8", "gb18030", "big5", "cp1252", "shift_jis", "utf-16")
MERGE_WORDS = {
    "fill": N_("fill empty fields only"),
    "overwrite": N_("overwrite with the file"),
    "keep": N_("keep our records unchanged"),
    "append": N_("add to lists and texts"),
}


def _tables(_plan: Plan | None) -> Values:
    return [DETECTED, *((name, cls.LABEL) for name, cls in TABLES.items())]


def _formats(_plan: Plan | None) -> Values:
    return [DETECTED, *((key, form.label) for key, form in readable().items())]


def _sheets(plan: Plan | None) -> Values:
    return [("", N_("first sheet")), *((name, name) for name in plan.sheets)] if plan and plan.sheets else []


def _always(values: Values) -> Callable[[Plan | None], Values]:
    return lambda _plan: values


# The title and the possible values of each option. An option without values is not offered.
OPTIONS: dict[str, tuple[str, Callable[[Plan | None], Values]]] = {
    "table": (N_("Record type"), _tables),
    "format": (N_("File format"), _formats),
    "sheet": (N_("Sheet"), _sheets),
    "encoding": (N_("Encoding"), _always([DETECTED, *((name, name) for name in _ENCODINGS)])),
    "delimiter": (
        N_("Delimiter"),
        _always([DETECTED, (",", ","), (";", ";"), ("\t", N_("tab")), ("|", "|")]),
    ),
    "date_order": (
        N_("Date format"),
        _always(
            [
                DETECTED,
                ("dmy", N_("day month year")),
                ("mdy", N_("month day year")),
                ("ymd", N_("year month day")),
            ]
        ),
    ),
    "decimal": (N_("Decimal sign"), _always([DETECTED, (".", N_("point")), (",", N_("comma"))])),
    "merge": (N_("On conflict"), _always([(name, MERGE_WORDS[name]) for name in MERGES])),
    "create_customers": (
        N_("Unknown customers"),
        _always([("", N_("skip the row")), ("yes", N_("create them"))]),
    ),
}
_OF_THE_FORMAT = frozenset(ReadOptions.__dataclass_fields__)


def offered(plan: Plan | None) -> dict[str, Values]:
    """Return the options that apply to a file, with their values; without a plan, the options of all formats."""
    options = {name: values(plan) for name, (_title, values) in OPTIONS.items()}
    return {name: values for name, values in options.items() if values and _applies(plan, name)}


def _applies(plan: Plan | None, name: str) -> bool:
    return plan is None or name not in _OF_THE_FORMAT or name == "sheet" or name in plan.format.options


def ask_option(
    screen: ArchiveScreen[None], plan: Plan | None, options: ImportOptions, change: Callable[..., None]
) -> None:
    """Ask which option to change and its new value, then call `change` with it."""
    choices_by_option = offered(plan)

    def take(name: str | None) -> None:
        if name is not None:
            _ask_value(screen, name, choices_by_option[name], _now(options, name), change)

    choices = [
        (name, f"{_(OPTIONS[name][0])}: {_choice_label(options, name, choices_by_option[name])}")
        for name in choices_by_option
    ]
    screen.app.push_screen(PickScreen(_("Options"), choices), take)


def _ask_value(
    screen: ArchiveScreen[None], name: str, values: Values, now: str, change: Callable[..., None]
) -> None:
    def take(value: str | None) -> None:
        if value is not None:
            change(**{name: bool(value) if name == "create_customers" else value})

    choices = [(value, _(label)) for value, label in values]
    screen.app.push_screen(PickScreen(_(OPTIONS[name][0]), choices, at=now), take)


def _now(options: ImportOptions, name: str) -> str:
    value: Any = getattr(options, name)
    return ("yes" if value else "") if name == "create_customers" else str(value)


def _choice_label(options: ImportOptions, name: str, values: Values) -> str:
    now = _now(options, name)
    return _(dict(values).get(now, now))
