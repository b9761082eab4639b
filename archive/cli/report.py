"""`archive report`: run a report and print it as text, CSV or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from archive.cli._console import Console
from archive.cli._verbs import Verb, opened
from archive.errors import UsageError
from archive.text import N_, _

if TYPE_CHECKING:
    from datetime import date

    from archive.analysis.report import Report
    from archive.analysis.request import ReportRequest
    from archive.model.field_types.base import Context


EXAMPLES = N_(
    """`archive report --list` lists the reports. Dates can be entered as in the program:
2026-09-30, "eom", "3 months ago".
  archive report churn --as-of 2026-09-30 --option model=bg/nbd
  archive report share --by manager --format csv --table customers"""
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the report, its options and the format."""
    parser.add_argument("name", metavar="NAME", nargs="?", help=_("the report"))
    parser.add_argument("--list", action="store_true", help=_("list the reports and their options"))
    parser.add_argument(
        "--as-of",
        metavar="D",
        help=_("the as-of date; by default today, or --to if that is earlier; later records are ignored"),
    )
    parser.add_argument(
        "--from",
        dest="start",
        metavar="D",
        help=_("the first day of the period; by default 12 months before its end"),
    )
    parser.add_argument(
        "--to", dest="end", metavar="D", help=_("the last day of the period; by default the as-of date")
    )
    parser.add_argument("--by", metavar="FIELD", default="", help=_("group customers by a field"))
    parser.add_argument(
        "--option",
        metavar="K=V",
        action="append",
        default=[],
        help=_("an option of the report; repeat it for several options"),
    )
    parser.add_argument("--table", metavar="KEY", help=_("with --format csv: a table instead of the figures"))
    parser.add_argument(
        "--format", choices=list(_PRINTERS), default="text", help=_("the output format; text by default")
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Run a report and print it, or list the reports."""
    if args.list:
        return _print_list(console)
    if not args.name:
        raise UsageError(_("No report was specified."), _("`archive report --list` lists the reports."))
    if args.table and args.format != "csv":
        raise UsageError(_("--table requires --format csv."))
    from archive.service.reporting import Reporting

    with opened(args) as archive:
        ctx = archive.ctx
        request = _ask(args, ctx)
        report = Reporting(archive).run(args.name, request)
        _PRINTERS[args.format](report, args.table, ctx, console)
    return 0


def _ask(args: argparse.Namespace, ctx: Context) -> ReportRequest:
    from archive.analysis.request import make_request

    return make_request(
        ctx.today,
        as_of=_day(args.as_of, "--as-of", ctx),
        start=_day(args.start, "--from", ctx),
        end=_day(args.end, "--to", ctx),
        by=args.by,
        options=dict(map(_option, args.option)),
    )


def _day(text: str | None, name: str, ctx: Context) -> date | None:
    from archive.errors import BadValue
    from archive.model.field_types.standard import DATE

    if text is None:
        return None
    try:
        return DATE.parse(text, ctx)
    except BadValue as error:
        raise UsageError(f"{name}: {error.message}", error.hint) from None


def _option(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise UsageError(_("--option takes key=value, not {text}.").format(text=text))
    return key.strip(), value.strip()


def _print_list(console: Console) -> int:
    from archive.analysis.request import reports

    for module in reports().values():
        declared = module.declared
        console.line(f"{declared.name}  {_(declared.title)}")
        console.line(f"    {_(declared.question)}")
        for option in declared.options:
            values = "|".join(option.choices) or _("a value")
            console.line(f"    --option {option.key}={values}  {_(option.label)} ({option.default})")
    return 0


def _print_text(report: Report, _table: str | None, ctx: Context, console: Console) -> None:
    from archive.analysis.drawing.report_text import text_lines

    for line in text_lines(report, console.width(), ctx):
        console.line(line)


def _print_csv(report: Report, table: str | None, _ctx: Context, console: Console) -> None:
    from archive.analysis.export import figures_table, table_rows

    console.csv(table_rows(report, table) if table else figures_table(report))


def _print_json(report: Report, _table: str | None, _ctx: Context, console: Console) -> None:
    from archive.analysis.export import as_json

    console.json(as_json(report))


_PRINTERS: dict[str, Callable[[Report, str | None, Context, Console], None]] = {
    "text": _print_text,
    "csv": _print_csv,
    "json": _print_json,
}

VERB = Verb("report", N_("run a report"), run, arguments, EXAMPLES)
