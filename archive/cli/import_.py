"""`archive import`: import a file as a single change, which a single undo reverts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened
from archive.errors import NotFound, UsageError
from archive.text import N_, _, plural

if TYPE_CHECKING:
    from archive.service.importing import ImportOptions, Plan

ROWS_REJECTED = 1
PIPE = "-"
_TOLD = 5  # possible duplicates and skipped records that are listed by name
_PATIENCE = 2.0  # seconds without data before a note says that the program waits for the pipe
DETAILS = N_(
    """The format is detected from content and suffix, the fields from the column names. Columns without a field go to
`extra`:
  archive import contacts.csv --dry-run
  archive import sales.csv --map 'Shop=customer' --map 'Remark=-' --set currency=EUR --create-customers
  archive import old.csv --encoding gb18030 --date-order dmy --decimal , --merge overwrite
Rejected rows are written to NAME.rejected.csv, each with the reason, to be corrected and imported again."""
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file and the options for reading it."""
    add = parser.add_argument
    add("file", metavar="FILE", help=_("the file, or - for standard input"))
    add("--table", metavar="T", default="", help=_("the table; detected from the columns by default"))
    add(
        "--from",
        metavar="NAME",
        dest="origin",
        default="",
        help=_("the file format, or the program that wrote the file; detected by default"),
    )
    add(
        "--sheet",
        metavar="NAME",
        default="",
        help=_("the sheet, if the file has several; the first by default"),
    )
    add(
        "--map",
        metavar="COLUMN=FIELD",
        action="append",
        default=[],
        help=_("the field for a column; - ignores the column"),
    )
    add("--set", metavar="FIELD=VALUE", action="append", default=[], help=_("a value for every row"))
    add(
        "--encoding",
        metavar="E",
        default="",
        help=_("the encoding: utf-8, gb18030, cp1252, ...; detected by default"),
    )
    _declare_details(parser)


def _declare_details(parser: argparse.ArgumentParser) -> None:
    """Declare how cells are read, how records are matched, and what is reported."""
    add = parser.add_argument
    add("--delimiter", metavar="C", default="", help=_("the character between cells, or tab"))
    add("--header-row", metavar="N", type=int, default=0, help=_("the line with the column names"))
    add("--date-order", choices=["dmy", "mdy", "ymd"], default="", help=_("the order of day, month and year"))
    add("--decimal", choices=[".", ","], default="", help=_("the decimal sign"))
    add("--region", metavar="CN", default="", help=_("the country of phone numbers without a country code"))
    add(
        "--match",
        metavar="a,b",
        help=_("which values identify an existing record: id, code, email, phone, name or none"),
    )
    add(
        "--merge",
        choices=["fill", "overwrite", "keep", "append"],
        default="fill",
        help=_(
            "what to do if values differ: fill (empty fields only, the default), overwrite, keep or append"
        ),
    )
    add("--create-customers", action="store_true", help=_("create unknown customers"))
    add("--raw", action="store_true", help=_("do not remove the apostrophes that protect formulas"))
    add("--dry-run", action="store_true", help=_("show what would happen; write nothing"))
    add("--rejects", metavar="FILE", help=_("the file for rejected rows"))
    add("--max-errors", metavar="N", type=int, help=_("stop if more than N rows are rejected"))
    add("--json", action="store_true", help=_("print the result as JSON"))


def run(args: argparse.Namespace, console: Console) -> int:
    """Read the file, apply its changes unless this is a dry run, and print a summary."""
    from archive.model.tables import stored_name
    from archive.service.importing import apply, read_plan
    from archive.service.rejects import free_rejects_path, write_rejects

    args.table = stored_name(args.table)
    options = _options(args)
    if args.rejects == PIPE:
        raise UsageError(
            _("Rejected rows cannot be written to standard output."),
            _("Name a file for them: --rejects FILE."),
        )
    data, name = _input(args, options, console)
    with opened(args, write=not args.dry_run, create=True) as archive:
        plan = read_plan(archive, data, options, name=name)
        rejects = None
        if plan.rejects and not args.dry_run:
            rejects = Path(args.rejects) if args.rejects else free_rejects_path(args.file)
            if rejects:
                write_rejects(plan, rejects)
        if not args.dry_run:
            apply(archive, plan)
    if args.json:
        console.json(_as_json(plan, args, rejects))
    else:
        _say(plan, args, rejects, console)
    return ROWS_REJECTED if plan.rejects or plan.skipped else 0


def _input(args: argparse.Namespace, options: ImportOptions, console: Console) -> tuple[bytes, str]:
    """Return the bytes of the file or of stdin, and the name of the import in the history."""
    from archive.exchange.source import read_file, read_input

    read_options = options.format, options.encoding, _Patience(console)
    if args.file != PIPE:
        return read_file(Path(args.file), *read_options), Path(args.file).name
    if sys.stdin is None:
        raise NotFound(_("There is no input."), _("Name a file, or pipe data into the program."))
    return read_input(sys.stdin.fileno(), *read_options), _("standard input")


class _Patience:
    """Print a note, once, if a pipe delivers no data."""

    def __init__(self, console: Console) -> None:
        self._console: Console | None = console

    def __call__(self, silent: float) -> None:
        if silent >= _PATIENCE and self._console:
            self._console.note(_("Waiting for data from the pipe. ctrl+c stops."))
            self._console = None


def _options(args: argparse.Namespace) -> ImportOptions:
    from archive.exchange.formats import readable
    from archive.service.importing import ImportOptions
    from archive.service.importing.plan import MATCHES

    is_format = args.origin in readable()
    match = args.match.replace("，", ",").split(",") if args.match else MATCHES
    return ImportOptions(
        table=args.table,
        format=args.origin if is_format else "",
        sheet=args.sheet,
        layout="auto" if is_format else args.origin or "auto",
        maps=dict(_pair(word, "--map", last=True) for word in args.map),
        sets=dict(_pair(word, "--set", last=False) for word in args.set),
        encoding=args.encoding,
        delimiter=args.delimiter,
        header_row=args.header_row,
        raw=args.raw,
        date_order=args.date_order,
        decimal=args.decimal,
        region=args.region.upper(),
        match=[] if args.match == "none" else [rule.strip() for rule in match],
        merge=args.merge,
        create_customers=args.create_customers,
        max_errors=args.max_errors,
    )


def _pair(word: str, option: str, *, last: bool) -> tuple[str, str]:
    """Split `COLUMN=FIELD` at the last `=`, because a column's name may contain one; `FIELD=VALUE` at the first."""
    left, equals, right = word.rpartition("=") if last else word.partition("=")
    if not equals or not left.strip() or (last and not right.strip()):
        sentence = (
            _("{option} {word} is not of the form COLUMN=FIELD.")
            if last
            else _("{option} {word} is not of the form FIELD=VALUE.")
        )
        raise UsageError(
            sentence.format(option=option, word=word),
            _("Write it like --map 'Shop=customer' or --set currency=EUR."),
        )
    return (left, right.strip()) if last else (left.strip(), right)


def _as_json(plan: Plan, args: argparse.Namespace, rejects: Path | None) -> dict[str, Any]:
    return {
        "table": plan.table,
        "created": plan.created,
        "updated": plan.updated,
        "same": plan.same,
        "rejected": plan.rejected,
        "duplicates": plan.duplicates,
        "customers_created": plan.customers_created,
        "settled": plan.settled,
        "warnings": len(plan.warnings),
        "ignored_lines": len(plan.ignored),
        "kept_values": len(plan.kept),
        "rejects": str(rejects) if rejects else None,
        "dry_run": args.dry_run,
        "archive": str(args.archive),
        "encoding": plan.encoding,
        "delimiter": plan.delimiter,
        "columns": {column.header: column.path or None for column in plan.columns},
        "notes": plan.notes,
        "skipped": plan.skipped,
        "rejected_rows": [_issue(reject.error) for reject in plan.rejects],
        "warned_cells": [_issue(warning) for warning in plan.warnings],
        "ignored": [
            {"line": ignored.line, "code": ignored.reason, "text": ignored.text} for ignored in plan.ignored
        ],
        "suggestions": [
            {
                "line": suggestion.line,
                "name": suggestion.name,
                "other": suggestion.other,
                "why": suggestion.why,
            }
            for suggestion in plan.suggestions
        ],
    }


def _issue(issue: Any) -> dict[str, Any]:
    return {"line": issue.line, "column": issue.column, "code": issue.code, "message": issue.sentence}


def _say(plan: Plan, args: argparse.Namespace, rejects: Path | None, console: Console) -> None:
    from archive.model.tables import STORED

    counts = _("{created} new, {updated} updated, {same} unchanged, {rejected} rejected.").format(
        created=f"{plan.created:,}",
        updated=f"{plan.updated:,}",
        same=f"{plan.same:,}",
        rejected=f"{plan.rejected:,}",
    )
    console.line(f"{_(STORED[plan.table].LABEL)}: {counts}")
    if plan.customers_created:
        n = plan.customers_created
        console.line(plural("{n} customer created.", "{n} customers created.", n))
    for note in plan.notes:
        console.note(note)
    _print_review(plan, console)
    for lines in _grouped([reject.error for reject in plan.rejects]):
        console.note(lines)
    if rejects:
        sentence = plural(
            "The rejected row is in {{path}}. Correct it there and import that file.",
            "The {n} rejected rows are in {{path}}. Correct them there and import that file.",
            plan.rejected,
        )
        console.line(sentence.format(path=rejects))
    if args.dry_run:
        console.line(_("Dry run: nothing was written."))


def _print_review(plan: Plan, console: Console) -> None:
    """Print what the user may want to review: possible duplicates, differing values, ignored lines, warnings."""
    if plan.duplicates:
        n = plan.duplicates
        console.note(plural("{n} possible duplicate:", "{n} possible duplicates:", n))
        for suggestion in plan.suggestions[:_TOLD]:
            console.note(
                _("  line {line}: {name} - {other} ({why})").format(
                    line=suggestion.line, name=suggestion.name, other=suggestion.other, why=suggestion.why
                )
            )
    if plan.kept:
        n = len(plan.kept)
        differ = plural("{n} value differs; yours was kept.", "{n} values differ; yours were kept.", n)
        console.note(f"{differ} {_('--merge overwrite uses the values of the file.')}")
    if plan.ignored:
        n = len(plan.ignored)
        console.note(
            plural("{n} line outside the table was ignored.", "{n} lines outside the table were ignored.", n)
        )
    for name in plan.skipped[:_TOLD]:
        console.note(_("{name} was edited in the meantime and was not changed.").format(name=name))
    for line in _grouped(plan.warnings):
        console.note(line)


def _grouped(issues: Sequence[Any]) -> list[str]:
    """Return a line for each column and code of issues: the first issue, and the number of others like it."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for issue in issues:
        groups.setdefault((issue.column, issue.code), []).append(issue)
    lines = []
    for (column, _code), alike in groups.items():
        position = _("line {line}").format(line=alike[0].line) + (f", {column}" if column else "")
        more = plural(" (and {n} more)", " (and {n} more)", len(alike) - 1) if len(alike) > 1 else ""
        lines.append(f"{position}: {alike[0].sentence}{more}")
    return lines


VERB = Verb("import", N_("import customers, products or other records from a file"), run, arguments, DETAILS)
