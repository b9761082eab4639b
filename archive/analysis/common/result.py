"""Sections, from which reports are assembled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archive.analysis.common.groups import field_title, grouped
from archive.analysis.common.notes import money_notes, sales_left_out
from archive.analysis.dataset import SalesData
from archive.analysis.maths.proportions import wilson
from archive.analysis.pictures import Picture
from archive.analysis.report import SHARE, Figure, Opens, Report, Table, Value
from archive.analysis.request import ReportRequest, ReportSpec
from archive.model.periods import previous
from archive.text import _


@dataclass(frozen=True, kw_only=True)
class Section:
    """The figures, tables, charts and notes of a part of a report."""

    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()


def report_of(
    spec: ReportSpec, data: SalesData, request: ReportRequest, n: int, sections: Iterable[Section]
) -> Report:
    """Assemble a report from its sections, with figures and tables in the declared order.

    Raises:
        UsageError: The request groups by a field that does not exist, even if this report does not group.
    """
    parts = list(sections)
    figure_order = {key: position for position, key in enumerate(spec.figures)}
    table_order = {key: position for position, key in enumerate(spec.tables)}
    return Report(
        name=spec.name,
        title=_(spec.title),
        as_of=request.as_of,
        start=request.start,
        end=request.end,
        currency=data.currency,
        n=n,
        figures=tuple(
            sorted(_with_omissions(spec, data, request, parts), key=lambda figure: figure_order[figure.key])
        ),
        tables=tuple(sorted((t for part in parts for t in part.tables), key=lambda t: table_order[t.key])),
        pictures=tuple(picture for part in parts for picture in part.pictures),
        notes=(
            *(note for part in parts for note in part.notes),
            *_not_over(request),
            *_not_grouped(spec, data, request),
            *money_notes(data, request),
        ),
    )


def _not_over(request: ReportRequest) -> list[str]:
    """Return a note if an unfinished period is compared with a complete period."""
    if not request.preceding or request.preceding == previous(request.start, request.end):
        return []
    first, last = request.preceding
    text = _(
        "The period is not over: its {n} days so far are compared with the {m} days from {start} to {end}."
    )
    n, m = (request.end - request.start).days + 1, (last - first).days + 1
    return [text.format(n=n, m=m, start=first, end=last)]


def _with_omissions(
    spec: ReportSpec, data: SalesData, request: ReportRequest, parts: list[Section]
) -> Iterator[Figure]:
    """Yield the figures; figures based on sums of sales also list which sales are excluded."""
    left_out = sales_left_out(data, request) if spec.sums else ""
    for figure in (figure for part in parts for figure in part.figures):
        if left_out and figure.key in spec.sums:
            figure = replace(figure, omitted="; ".join(filter(None, (figure.omitted, left_out))))
        yield figure


def _not_grouped(spec: ReportSpec, data: SalesData, request: ReportRequest) -> list[str]:
    """Return a note if a grouping was requested but this report does not group."""
    if spec.groups or not request.by:
        return []
    grouped(data, request.by)
    text = _("This report does not group customers, so {field} is ignored.")
    return [text.format(field=field_title(request.by))]


def proportion(
    key: str,
    label: str,
    k: int,
    n: int,
    *,
    note: str,
    why: str,
    opens: Opens | None = None,
    before: Value = None,
    omitted: str = "",
    top: bool = False,
) -> Figure:
    """Return a proportion with its Wilson interval.

    Args:
        key: The figure's key.
        label: The figure's label.
        k: The positive cases.
        n: All cases.
        note: The reason for no value, used if n is 0.
        why: The explanation, formatted with k and n.
        opens: The records behind the figure.
        before: The value in the preceding period.
        omitted: Which records are left out, and why.
        top: Whether it is one of the main figures.
    """
    band = wilson(k, n) if n else None
    return Figure(
        key=key,
        label=label,
        value=k / n if n else None,
        unit=SHARE,
        k=k,
        n=n,
        low=band.low if band else None,
        high=band.high if band else None,
        before=before,
        note="" if n else note,
        omitted=omitted,
        why=why.format(k=k, n=n),
        opens=opens,
        top=top,
    )


def customer(uid: str) -> Opens:
    """Return `Opens` for a customer."""
    return Opens("customers", (uid,))


def customers(uids: Iterable[str]) -> Opens:
    """Return `Opens` for several customers."""
    return Opens("customers", tuple(uids))
