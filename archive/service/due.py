"""Our due obligations: contract terms, notice deadlines, tasks and promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from archive.model.contract_status import contract_status, notice_deadline
from archive.model.money import converter
from archive.model.records.contract import Contract
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.model.tied_deliveries import say_uncounted
from archive.service.agreements import terms_of
from archive.service.archive import Archive
from archive.service.snoozing import reminder_day, with_due_date
from archive.text import _


class Obligation(NamedTuple):
    """An obligation: `kind` is term, notice or plan; `table` and `uid` identify its record."""

    kind: str
    on: date
    customer: str
    table: str
    uid: str
    what: str


def open_obligations(archive: Archive, today: date, to: date) -> Iterator[Obligation]:
    """Yield the open obligations due by `to`.

    Only terms for which we are responsible count, and only contracts that are active or signed. Snoozed tasks are due
    on the later day.
    """
    yield from _of_contracts(archive, today, to)
    columns = archive.columns("plans", ("uid", "customer", "due_on", "done_on", "not_before"))
    for uid, customer, due_on, done_on, not_before in zip(*columns.values(), strict=True):
        if not isinstance(customer, str) or not due_on or done_on:
            continue
        on = reminder_day(due_on, not_before, today)
        if on <= to:
            plan = archive.get(Plan, uid)
            text = _("promised: {task}").format(task=plan.step) if plan.promised else plan.step
            yield Obligation("plan", on, customer, "plans", uid, with_due_date(text, due_on, on))


def _of_contracts(archive: Archive, today: date, to: date) -> Iterator[Obligation]:
    tied, ctx = _tied(archive), archive.ctx
    convert = converter(ctx.currency, ctx.rates)
    for uid in archive.uids("contracts"):
        contract = archive.get(Contract, uid)
        if contract_status(contract, today) not in ("active", "signed"):
            continue
        terms = terms_of(contract, tied[uid], today, convert)
        for term, state in zip(contract.terms, terms.found, strict=True):
            is_open = not state.is_done and state.status != "lapsed"
            if term.due_on and term.due_on <= to and term.duty != "theirs" and is_open:
                left_out = say_uncounted(terms.uncounted_on(contract, term.key))
                text = " · ".join(filter(None, (f"{contract.number}: {term.requirement}", left_out)))
                yield Obligation("term", term.due_on, contract.customer.uid, "contracts", uid, text)
        notice = notice_deadline(contract, today)
        if notice and today <= notice <= to:
            text = _("{number}: notice deadline").format(number=contract.number)
            yield Obligation("notice", notice, contract.customer.uid, "contracts", uid, text)


def _tied(archive: Archive) -> defaultdict[str, list[Transaction]]:
    """Return the transactions that name a contract, by contract. Only these are decoded."""
    by_contract: defaultdict[str, list[Transaction]] = defaultdict(list)
    columns = archive.columns("transactions", ("uid", "contract"))
    for uid, contract in zip(columns["uid"], columns["contract"], strict=True):
        if isinstance(contract, str):
            by_contract[contract].append(archive.get(Transaction, uid))
    return by_contract
