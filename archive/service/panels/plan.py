"""The read view of a task: what to do and by when, and whom to call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from archive.model.dates import age, show_date
from archive.model.records.plan import Plan
from archive.service.archive import Archive
from archive.service.customer_lines import customer_items, last_contact_item
from archive.service.panels.base import DIM, Item, Panel, due_item
from archive.text import _

TABLE = Plan.TABLE
SHOWN = frozenset({"customer", "step", "promised", "due_on", "done_on", "not_before"})


def panels(archive: Archive, uid: str) -> list[Panel]:
    """Return the task with its due date, then its customer."""
    task = archive.get(Plan, uid)
    customer = [*customer_items(archive, task.customer.uid), *last_contact_item(archive, task.customer.uid)]
    return [
        Panel(_("Promise") if task.promised else _("Task"), list(_task(task, archive.ctx.today))),
        Panel(_("Customer"), customer),
    ]


def _task(task: Plan, today: date) -> Iterator[Item]:
    yield Item(_("Task"), task.step, field="step")
    if task.done_on:
        yield Item(
            _("Completed"), f"{show_date(task.done_on)} · {age(task.done_on, today)}", DIM, field="done_on"
        )
    if task.due_on and task.done_on:
        yield Item(_("Due"), show_date(task.due_on), DIM, field="due_on")
    elif task.due_on:
        yield due_item(_("Due"), "", task.due_on, task.not_before, today, "due_on")
