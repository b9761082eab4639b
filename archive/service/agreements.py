"""The contracts, tasks and wallets of a customer, as lines for the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from archive.model.contract_status import (
    CONTRACT_STATUS,
    Fulfilment,
    contract_status,
    current_end,
    fulfilment,
    is_binding,
    notice_deadline,
    stopped_on,
)
from archive.model.dates import show_date
from archive.model.field_types.base import Context
from archive.model.field_types.standard import MONEY
from archive.model.money import Convert, converter, show_money
from archive.model.records.contract import Contract, term_named
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.model.records.wallet import Wallet
from archive.model.tied_deliveries import Uncounted, say_uncounted, tied
from archive.service.archive import Archive
from archive.text import _, plural

WARN, DIM = "warn", "dim"
NOTICE_AHEAD = 90  # a notice deadline is shown this many days ahead


class Agreement(NamedTuple):
    """A line about a contract, a wallet or a task; `tone` is "", "warn" or "dim"."""

    on: date | None
    kind: str
    text: str
    tone: str
    table: str
    uid: str


def agreements(archive: Archive, customer: str) -> list[Agreement]:
    """Return a customer's contracts, tasks and wallets, each kind newest first; overdue items have the tone "warn"."""
    ctx = archive.ctx
    items = [
        *_contracts(archive, customer, ctx),
        *(_plan(plan, ctx) for plan in archive.of_customer(Plan, customer)),
        *(_wallet(wallet, ctx) for wallet in archive.of_customer(Wallet, customer)),
    ]
    return items


def running_contracts(archive: Archive, customer: str) -> list[Agreement]:
    """Return a customer's contracts that have neither ended nor been cancelled, newest first."""
    return [line for line in _contracts(archive, customer, archive.ctx) if line.tone != DIM]


class Terms(NamedTuple):
    """The fulfilment of each term of a contract, in order, and the deliveries that cannot be counted."""

    found: list[Fulfilment]
    uncounted: list[Uncounted]

    def uncounted_on(self, contract: Contract, key: str) -> list[Uncounted]:
        """Return the deliveries of a term that cannot be counted."""
        named = ((term_named(contract.terms, item.transaction.term), item) for item in self.uncounted)
        return [item for term, item in named if term and term.key == key]


def terms_of(contract: Contract, transactions: list[Transaction], today: date, convert: Convert) -> Terms:
    """Calculate the fulfilment of a contract's terms as of a day.

    As in the report, other currencies are converted, and planned deliveries do not count yet.

    Args:
        contract: The contract. Deliveries entered in its terms count as well.
        transactions: The customer's transactions, of which the ones that name a term of the contract count.
        today: The day.
        convert: The conversion into the home currency.
    """
    past = [transaction for transaction in transactions if transaction.on and transaction.on <= today]
    deliveries, uncounted = tied(contract, past, convert)
    stopped = stopped_on(contract, today)
    fulfilments = [fulfilment(term, deliveries.get(term.key, ()), today, stopped) for term in contract.terms]
    return Terms(fulfilments, uncounted)


def fulfilments_of(archive: Archive, contract: Contract) -> list[Fulfilment]:
    """Return the fulfilment of each term of a contract as of today, in order."""
    ctx = archive.ctx
    transactions = archive.of_customer(Transaction, contract.customer.uid)
    return terms_of(contract, transactions, ctx.today, converter(ctx.currency, ctx.rates)).found


def _contracts(archive: Archive, customer: str, ctx: Context) -> Iterator[Agreement]:
    contracts = archive.of_customer(Contract, customer)
    transactions = archive.of_customer(Transaction, customer) if contracts else []
    convert = converter(ctx.currency, ctx.rates)
    for contract in contracts:
        status = contract_status(contract, ctx.today)
        terms = terms_of(contract, transactions, ctx.today, convert)
        binds = is_binding(contract, ctx.today)
        overdue = sum(term.status == "overdue" for term in terms.found) if binds else 0
        parts = [
            plural("{n} term overdue !", "{n} terms overdue !", overdue)
            if overdue
            else "",  # comes first, so that it is never truncated
            contract.number,
            contract.title,
            CONTRACT_STATUS.show(status, ctx),
            _say_terms(terms.found),
            say_uncounted(terms.uncounted),
            _say_end(contract, ctx.today),
        ]
        tone = WARN if overdue else DIM if status in ("ended", "cancelled") else ""
        yield Agreement(contract.start, _("contract"), _joined(*parts), tone, contract.TABLE, contract.uid)


def _say_terms(terms: list[Fulfilment]) -> str:
    if not terms:
        return _("no terms")
    done = sum(term.is_done for term in terms)
    return _("{done} of {n} terms fulfilled").format(done=done, n=len(terms))


def _say_end(contract: Contract, today: date) -> str:
    end, notice = current_end(contract, today), notice_deadline(contract, today)
    if notice and 0 <= (notice - today).days <= NOTICE_AHEAD:
        return _("notice by {day}").format(day=show_date(notice))
    if end and contract.cancelled_on:
        return (
            _("ends {day}").format(day=show_date(end))
            if end >= today
            else _("ended {day}").format(day=show_date(end))
        )
    return _("until {day}").format(day=show_date(end)) if end else ""


def _plan(plan: Plan, ctx: Context) -> Agreement:
    late = bool(plan.due_on and not plan.done_on and plan.due_on < ctx.today)
    done = _("completed {day}").format(day=show_date(plan.done_on)) if plan.done_on else ""
    kind = _("promise") if plan.promised else _("task")
    text = _joined(_("overdue !") if late else "", plan.step, plan.goal, done)  # first: never truncated
    return Agreement(plan.due_on, kind, text, WARN if late else DIM if done else "", plan.TABLE, plan.uid)


def _wallet(wallet: Wallet, ctx: Context) -> Agreement:
    total, ctx = show_money(wallet.total, wallet.currency, ctx.decimal), ctx.within(wallet.currency)
    suppliers = ", ".join(
        _supplier(supplier.name, supplier.amount, supplier.rank, ctx) for supplier in wallet.suppliers
    )
    period = _("{start} to {end}").format(start=wallet.period_from or "-", end=wallet.period_to or "-")
    text = _joined(wallet.category, total or _("total unknown"), suppliers, period)
    return Agreement(wallet.period_to, _("wallet"), text, "", wallet.TABLE, wallet.uid)


def _supplier(name: str, amount: Decimal | None, rank: int | None, ctx: Context) -> str:
    share = MONEY.show(amount, ctx) if amount is not None else f"#{rank}" if rank else ""
    return f"{name} {share}".strip()


def _joined(*parts: str) -> str:
    return " · ".join(" ".join(part.split()) for part in parts if part)
