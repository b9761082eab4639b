"""`archive settings`: show and change the archive's own settings, such as home currency and exchange rates."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened
from archive.errors import UsageError
from archive.text import N_, _

if TYPE_CHECKING:
    from archive.model.archive_settings import ArchiveSettings
    from archive.model.field_types.base import Context
    from archive.service.archive import Archive

DETAILS = N_(
    """Without arguments, the settings are shown. key=value changes a setting, key= clears it. A rate or holiday is
added to the existing ones and replaces one for the same day.
  archive settings currency=EUR rates='USD 2026-01-01 0.92' observed_since=2019-01-01
  archive settings working_hours='Mon-Fri 9-17' holidays='2026-12-25 Christmas Day'
  archive settings rates=
  archive settings --csv > settings.csv
  archive import settings.csv --table settings --merge overwrite

Personal settings (name, date format, time zone, theme) are in settings.toml."""
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the values and the output format."""
    parser.add_argument("values", metavar="key=value", nargs="*", help=_("a setting and its new value"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_("print as JSON"))
    form.add_argument("--csv", action="store_true", help=_("print as CSV, for archive import"))


def run(args: argparse.Namespace, console: Console) -> int:
    """Change the given settings in one undo step, and print all settings."""
    from archive.service.own_settings import changed, unused_personal

    with opened(args, write=bool(args.values), create=bool(args.values)) as archive:
        if args.values:
            archive.save(changed(archive.own, _values(args.values, archive.ctx)))
        if args.csv:
            _print_csv(archive, console)
        else:
            _print(archive.own, archive.ctx, console, as_json=args.json)
        if unused := unused_personal(archive.own, archive.settings):
            console.note(unused)
    return 0


def _print_csv(archive: Archive, console: Console) -> None:
    from archive.service.exporting import export_table
    from archive.service.own_settings import TABLE

    exported = export_table(archive, TABLE)
    console.csv([exported.header, *exported.rows])


def _values(words: Sequence[str], ctx: Context) -> dict[str, Any]:
    """Return the values by key; None for `key=`, which clears a setting."""
    from archive.cli._values import read_record
    from archive.model.archive_settings import ArchiveSettings

    cleared = [word.rstrip()[:-1].strip() for word in words if word.rstrip().endswith("=")]
    record = read_record(ArchiveSettings, words, ctx)
    named = [*(word.partition("=")[0].strip().partition(".")[0] for word in words)]
    if record.extra:
        raise UsageError(_("Settings have no extra fields."), ", ".join(ArchiveSettings.FIELDS))
    values = {key: getattr(record, key) for key in named}
    return {key: None if key in cleared and not value else value for key, value in values.items()}


def _print(own: ArchiveSettings, ctx: Context, console: Console, *, as_json: bool) -> None:
    from archive.model.field_types.lists import ListOf

    if as_json:
        from json import dumps

        console.line(dumps({key: own.dump().get(key) for key in own.FIELDS}, ensure_ascii=False))
        return
    for key, field in own.FIELDS.items():
        value, kind = getattr(own, key), field.type
        texts = [kind.line(part, ctx) for part in value] if isinstance(kind, ListOf) else [kind.cell(value)]
        for text in texts or [""]:
            console.line(f"{key}={text}")


VERB = Verb("settings", N_("show or change the archive's settings"), run, arguments, DETAILS)
