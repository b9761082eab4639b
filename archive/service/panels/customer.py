"""What is going on with a customer: the open work, most urgent first, and the latest events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from archive.model.dates import age, show_date
from archive.model.money import show_money
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.service.agreements import running_contracts
from archive.service.archive import Archive
from archive.service.panels.base import DIM, WARN, Item, Panel, event_item
from archive.service.receivables import open_items_of
from archive.service.snoozing import reminder_on
from archive.service.timeline import Event, latest
from archive.text import _, plural

TABLE = Customer.TABLE
SHOWN: frozenset[str] = frozenset()
MOST_OPEN = 8  # items of open work shown
LATEST = 5  # events shown


class Work(NamedTuple):
    """Open work with a customer; `on` is the day on which it is due, if it has one; a step is for us to do."""

    on: date | None
    item: Item
    is_step: bool = False


def panels(archive: Archive, uid: str) -> list[Panel]:
    """Return the open work and the latest events of a customer, or a line that says how to begin."""
    shown = [Panel(_("Open"), _first(open_work(archive, uid))), Panel(_("Latest"), _latest(archive, uid))]
    filled = [panel for panel in shown if panel.items]
    begin = _("Nothing yet. Press l to log an activity, b to add a purchase.")
    return filled or [Panel(_("Latest"), [Item("", begin, DIM)])]


def open_work(archive: Archive, uid: str) -> list[Work]:
    """Return the open work with a customer: what is overdue first, then by due day, without a day last."""
    work = [
        *_tasks(archive, uid),
        *_follow_ups(archive, uid),
        *_quotations(archive, uid),
        *_receivables(archive, uid),
        *_contracts(archive, uid),
    ]
    return sorted(work, key=lambda piece: (piece.item.tone != WARN, piece.on or date.max))


def _first(work: list[Work]) -> list[Item]:
    items = [piece.item for piece in work[:MOST_OPEN]]
    rest = len(work) - len(items)
    more = plural(
        "{n} more, listed in Transactions, Contracts and Contact times",
        "{n} more, listed in Transactions, Contracts and Contact times",
        rest,
    )
    return [*items, Item("", more, DIM)] if rest else items


def _latest(archive: Archive, uid: str) -> list[Item]:
    return [_event(event) for event in islice(latest(archive, uid), LATEST)]


def _event(event: Event) -> Item:
    """Return the line of an event; the dates of the customer's own record lead nowhere."""
    item = event_item(event)
    return item._replace(opens=("", "")) if event.table == TABLE else item


def _due(archive: Archive, on: date | None, what: str) -> tuple[str, str]:
    """Return the text and tone of work that is due on a day."""
    if on is None:
        return what, ""
    today = archive.ctx.today
    if on < today:
        late = _("overdue since {day}").format(day=show_date(on))
        return " · ".join(filter(None, [late, what])), WARN
    return " · ".join(filter(None, [what, f"{show_date(on)} · {age(on, today)}"])), ""


def _work(archive: Archive, on: date | None, label: str, what: str, opens: tuple[str, str]) -> Work:
    text, tone = _due(archive, on, what)
    return Work(on, Item(label, text, tone, opens), opens[0] in (Plan.TABLE, Interaction.TABLE))


def _tasks(archive: Archive, uid: str) -> Iterator[Work]:
    for task in archive.of_customer(Plan, uid):
        if not task.done_on:
            label = _("Promise") if task.promised else _("Task")
            on = _reminder(archive, task.due_on, task.not_before)
            yield _work(archive, on, label, task.step or task.goal, (Plan.TABLE, task.uid))


def _reminder(archive: Archive, due_on: date | None, snoozed_to: date | None) -> date | None:
    return reminder_on(due_on, snoozed_to, archive.ctx.today) if due_on else None


def _follow_ups(archive: Archive, uid: str) -> Iterator[Work]:
    for activity in archive.children(Interaction.TABLE, uid):
        raw = archive.raw(Interaction.TABLE, activity) or {}
        if raw.get("follow_up_on") and not raw.get("follow_up_done_on"):
            contact = archive.get(Interaction, activity)
            on = _reminder(archive, contact.follow_up_on, contact.not_before)
            what = contact.follow_up or contact.summary
            yield _work(archive, on, _("Follow-up"), what, (Interaction.TABLE, activity))


def _quotations(archive: Archive, uid: str) -> Iterator[Work]:
    ctx = archive.ctx
    for transaction in archive.children(Transaction.TABLE, uid):
        raw = archive.raw(Transaction.TABLE, transaction) or {}
        if raw.get("type") == "quotation" and raw.get("outcome", "open") == "open":
            quotation = archive.get(Transaction, transaction)
            what = [
                show_money(quotation.amount, quotation.currency, ctx.decimal),
                quotation.FIELDS["product"].type.show(quotation.product, ctx),
                quotation.number,
            ]
            opens = (Transaction.TABLE, transaction)
            on = _reminder(archive, quotation.expected_on, quotation.not_before)
            yield _work(archive, on, _("Quotation"), " · ".join(filter(None, what)), opens)


def _receivables(archive: Archive, uid: str) -> Iterator[Work]:
    ctx = archive.ctx
    for item in open_items_of(archive, uid, ctx.today):
        amount = show_money(abs(item.owed), item.currency, ctx.decimal)
        label = _("Credit") if item.owed < 0 else _("Unpaid")
        what = " · ".join(filter(None, [amount, item.number]))
        yield _work(archive, item.due_on, label, what, (Transaction.TABLE, item.uid))


def _contracts(archive: Archive, uid: str) -> Iterator[Work]:
    for line in running_contracts(archive, uid):
        yield Work(None, Item(_("Contract"), line.text, line.tone, (line.table, line.uid)))
