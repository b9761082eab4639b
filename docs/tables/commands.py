"""Generate the manual's sections about the command line and the reports."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from itertools import groupby

from archive.analysis.report import Report
from archive.analysis.request import ReportSpec, make_request, reports
from archive.cli import _parser
from archive.cli._verbs import Verb
from archive.service.archive import Archive
from archive.service.demo import SAMPLE_DAY, sample_path
from archive.service.reporting import Reporting
from docs.tables.examples import MORNING
from docs.tables.markdown import code, table


def commands() -> Iterator[str]:
    """Yield a section for each command."""
    for module in _parser.verbs().values():
        yield from command(_parser.load(module))


def command(verb: Verb) -> Iterator[str]:
    """Yield the section of a command: summary, arguments, and the details of its help."""
    parser = argparse.ArgumentParser(add_help=False)
    verb.arguments(parser)
    yield from (f"### archive {verb.name}", "", f"{verb.summary[:1].upper()}{verb.summary[1:]}.", "")
    if parser._actions:
        rows = ((_argument(action), (action.help or "").partition(":\n")[0]) for action in parser._actions)
        yield from (*table(("argument", "meaning"), rows), "")
    for is_example, lines in groupby(verb.details.splitlines(), key=lambda line: line.startswith("  ")):
        text = [line.strip() for line in lines]
        yield from (["```", *text, "```", ""] if is_example else [*text, ""])


def _argument(action: argparse.Action) -> str:
    names = ", ".join(map(code, action.option_strings))
    values = " / ".join(map(code, action.choices or ()))
    metavar = code(str(action.metavar)) if action.metavar else ""
    return " ".join(filter(None, (names, values or metavar)))


def all_reports() -> Iterator[str]:
    """Yield a section for each report, with its figures for the sample archive."""
    archive = Archive.open(sample_path(), write=False, clock=lambda: MORNING)
    try:
        reporting = Reporting(archive)
        for name, module in reports().items():
            by = "account_manager" if module.declared.groups else ""
            yield from report(module.declared, reporting.run(name, make_request(SAMPLE_DAY, by=by)))
    finally:
        archive.close()


def report(spec: ReportSpec, answer: Report) -> Iterator[str]:
    """Yield the section of a report: its question, options, figures and tables."""
    grouped = (
        " It can group customers: `b` on the screen, `--by FIELD` on the command line." if spec.groups else ""
    )
    yield from (
        f"### {spec.title}: `{spec.name}`",
        "",
        f"{spec.question} Key `{spec.letter}` in Analysis.{grouped}",
        "",
    )
    if spec.options:
        rows = ((code(o.key), o.label, _values(o.choices), code(o.default)) for o in spec.options)
        yield from (*table(("option", "meaning", "values", "default"), rows), "")
    head = ("figure", "key", "unit", "calculation in the sample archive")
    yield from (*table(head, _figure_rows(answer)), "")
    yield from (*table(("table", "key"), ((found.label, code(found.key)) for found in answer.tables)), "")


def _values(choices: Mapping[str, str]) -> str:
    return ", ".join(f"{code(value)} {label}" for value, label in choices.items()) or "a number"


def _figure_rows(answer: Report) -> Iterator[tuple[str, ...]]:
    before = ""
    for figure in answer.figures:
        yield (
            figure.label,
            code(figure.key),
            figure.unit,
            "as above" if figure.why == before else figure.why,
        )
        before = figure.why
