"""On time and in full: how the duties that fell due were kept, ours and theirs apart."""

from __future__ import annotations

from archive.analysis.book import Book
from archive.analysis.fulfilling.duties import OURS, THEIRS, Agreement, Duty, due_in, shortfall
from archive.analysis.maths.proportions import wilson
from archive.analysis.maths.quantiles import median, p90
from archive.analysis.parts.result import Section
from archive.analysis.pictures import Bar, Bars
from archive.analysis.question import Ask
from archive.analysis.report import COUNT, DATE, DAYS, MONEY, SHARE, Column, Figure, Opens, Row, Table
from archive.model.contract_status import TERM_STATUS
from archive.text import _

KEYS = (
    *("terms.due", "otif", "on_time", "in_full", "fill_rate", "days_late.median", "days_late.p90"),
    *("overdue", "shortfall", "otif.theirs", "overdue.theirs"),
)
_LATE = ((1, 7), (8, 30), (31, 90), (91, 100_000))  # days


def kept(book: Book, ask: Ask, found: list[Agreement], before: list[Agreement]) -> Section:
    """The figures, a line for each duty that fell due, and how late they were."""
    ours, theirs = due_in(found, ask, OURS), due_in(found, ask, THEIRS)
    earlier = due_in(before, ask.before(), OURS)
    return Section(
        figures=(
            *_rates(ours, earlier),
            _fill(ours),
            *_lateness(ours, ask),
            *_overdue(book, found),
            _otif("otif.theirs", _("Theirs on time in full"), theirs, None),
            _overdue_theirs(found),
        ),
        tables=(_table(book, ask, found, [*ours, *theirs]),),
        pictures=(_strip(ours, ask),),
    )


def _opens(duties: list[Duty]) -> Opens:
    return Opens("contracts", tuple(dict.fromkeys(duty.contract.uid for duty in duties)))


def _none_due() -> str:
    return _("No term fell due in the period.")


def _is_otif(duty: Duty) -> bool:
    return duty.found.status == "on_time"


def _rates(due: list[Duty], earlier: list[Duty]) -> tuple[Figure, ...]:
    return (
        Figure(
            key="terms.due",
            label=_("Terms due"),
            value=len(due),
            unit=COUNT,
            why=_("our terms of signed contracts that fell due in the period; those that lapsed are not due"),
            opens=_opens(due),
        ),
        _otif("otif", _("On time in full"), due, earlier),
        _rate(
            "on_time",
            _("On time"),
            due,
            [duty for duty in due if duty.is_on_time],
            _("something delivered, and nothing after the day"),
        ),
        _rate(
            "in_full",
            _("In full"),
            due,
            [duty for duty in due if duty.is_in_full],
            _("all delivered, on time or late"),
        ),
    )


def _otif(key: str, label: str, due: list[Duty], earlier: list[Duty] | None) -> Figure:
    done = [duty for duty in due if _is_otif(duty)]
    before = len([duty for duty in earlier if _is_otif(duty)]) / len(earlier) if earlier else None
    return _rate(key, label, due, done, _("delivered in full by the day"), before=before)


def _rate(
    key: str, label: str, due: list[Duty], done: list[Duty], meaning: str, *, before: float | None = None
) -> Figure:
    band = wilson(len(done), len(due))
    return Figure(
        key=key,
        label=label,
        value=len(done) / len(due) if due else None,
        unit=SHARE,
        n=len(due),
        low=band.low if band else None,
        high=band.high if band else None,
        before=before,
        note="" if due else _none_due(),
        why=_("{meaning} / all that fell due, overdue ones included = {part} / {all}").format(
            meaning=meaning, part=len(done), all=len(due)
        ),
        opens=_opens([duty for duty in due if duty not in done]),
        top=key in ("otif", "on_time", "in_full"),
    )


def _fill(due: list[Duty]) -> Figure:
    """Committed and delivered are added up where they are counted in one unit, else each term counts by its weight."""
    measured = [duty for duty in due if duty.found.committed]
    units = {(duty.found.measure, duty.term.unit, duty.contract.currency) for duty in measured}
    if len(units) == 1:
        committed = sum(duty.found.committed or 0 for duty in measured)
        delivered = sum(min(duty.found.delivered or 0, duty.found.committed or 0) for duty in measured)
        value = float(delivered / committed)
        why = _("sum of min(delivered, committed) / sum of committed = {part} / {all}").format(
            part=f"{delivered:,}", all=f"{committed:,}"
        )
    else:
        weights = sum(duty.weight for duty in measured)
        value = sum(duty.weight * duty.fill for duty in measured) / weights if weights else 0.0
        why = _(
            "mean of min(delivered, committed) / committed by weight, since the terms have {n} units"
        ).format(n=len(units))
    return Figure(
        key="fill_rate",
        label=_("Fill rate"),
        value=value if measured else None,
        unit=SHARE,
        n=len(measured),
        note="" if measured else _("No term that fell due in the period has a quantity or an amount."),
        why=why,
        opens=_opens(measured),
    )


def _lateness(due: list[Duty], ask: Ask) -> tuple[Figure, Figure]:
    late = [duty for duty in due if duty.late_by(ask.as_of)]
    days = [duty.late_by(ask.as_of) for duty in late]
    note = "" if late else _("Nothing that fell due in the period was late.")
    why = _("of {n} terms that were late or are overdue, these with their days so far").format(n=len(late))
    common = {"unit": DAYS, "n": len(late), "note": note, "why": why, "opens": _opens(late)}
    return (
        Figure(key="days_late.median", label=_("Days late (median)"), value=median(days), top=True, **common),  # type: ignore[arg-type]
        Figure(key="days_late.p90", label=_("Days late (nine of ten)"), value=p90(days), **common),  # type: ignore[arg-type]
    )


def overdue(found: list[Agreement], whose: str) -> list[Duty]:
    """The duties of one side that are overdue on the day, the longest first, whenever they fell due."""
    duties = (duty for agreement in found if agreement.status != "unsigned" for duty in agreement.duties)
    late = [duty for duty in duties if duty.whose == whose and duty.found.status == "overdue"]
    return sorted(late, key=lambda duty: (str(duty.term.due_on), duty.contract.number))


def _overdue(book: Book, found: list[Agreement]) -> tuple[Figure, Figure]:
    late = overdue(found, OURS)
    missing = [part for part in (shortfall(book, duty) for duty in late) if part is not None]
    return (
        Figure(
            key="overdue",
            label=_("Overdue now"),
            value=len(late),
            unit=COUNT,
            why=_("our terms that were due before this day and are not fulfilled, whenever they fell due"),
            opens=_opens(late),
            top=True,
        ),
        Figure(
            key="shortfall",
            label=_("Worth of what is overdue"),
            value=book.money(sum(missing)) if missing else None,
            unit=MONEY,
            n=len(missing),
            note="" if missing else _("No overdue term has an amount."),
            why=_("the part of each overdue term's amount that is not fulfilled"),
            opens=_opens(late),
        ),
    )


def _overdue_theirs(found: list[Agreement]) -> Figure:
    late = overdue(found, THEIRS)
    return Figure(
        key="overdue.theirs",
        label=_("Theirs overdue now"),
        value=len(late),
        unit=COUNT,
        why=_("the customers' terms that were due before this day and are not fulfilled"),
        opens=_opens(late),
    )


def _table(book: Book, ask: Ask, found: list[Agreement], due: list[Duty]) -> Table:
    late = [*overdue(found, OURS), *overdue(found, THEIRS)]
    shown = [*late, *(duty for duty in due if duty.found.status != "overdue")]
    return Table(
        key="terms",
        label=_("Terms that fell due, the overdue ones first"),
        columns=(
            Column("customer", _("Customer")),
            Column("contract", _("Contract")),
            Column("term", _("Term")),
            Column("duty", _("Duty")),
            Column("due_on", _("Due"), DATE),
            Column("status", _("Status")),
            Column("filled", _("Filled"), SHARE),
            Column("late", _("Days late"), DAYS),
            Column("missing", _("Missing"), MONEY),
        ),
        rows=tuple(_row(book, ask, duty) for duty in shown),
        empty=_none_due() if found else _("There is no contract."),
    )


def _row(book: Book, ask: Ask, duty: Duty) -> Row:
    missing = None if duty.is_in_full else shortfall(book, duty)
    cells = (
        customer_name(book, duty),
        duty.contract.number,
        duty.term.requirement,
        _("ours") if duty.whose == OURS else _("theirs"),
        duty.term.due_on,
        _(TERM_STATUS.options[duty.found.status]),
        duty.fill,
        duty.late_by(ask.as_of) or None,
        None if missing is None else book.money(missing),
    )
    why = _("due {due}; delivered {delivered} of {committed}; fulfilled on {done}").format(
        due=duty.term.due_on or "-",
        delivered="-" if duty.found.delivered is None else duty.found.delivered,
        committed="-" if duty.found.committed is None else duty.found.committed,
        done=duty.found.done_on or "-",
    )
    return Row(cells, Opens("contracts", (duty.contract.uid,)), why)


def customer_name(book: Book, duty: Duty) -> str:
    """Whose contract it is."""
    return book.names.get(duty.contract.customer.uid, duty.contract.customer.name)


def _strip(due: list[Duty], ask: Ask) -> Bars:
    """How many were on time, and how late the others were."""
    days = [duty.late_by(ask.as_of) for duty in due]
    bars = [Bar(_("on time"), float(sum(_is_otif(duty) for duty in due)), float(len(due)))]
    for first, last in _LATE:
        label = (
            _("{n} days and more").format(n=first)
            if last > 10_000
            else _("{a} to {b} days").format(a=first, b=last)
        )
        bars.append(Bar(label, float(sum(first <= late <= last for late in days)), float(len(due))))
    label = _("How late our terms were")
    return Bars(key="late", label=label, unit=COUNT, bars=tuple(bars) if due else (), empty=_none_due())
