"""The read view of a transaction: the sum and what it is for, whether it is paid, and the same product before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from archive.model.dates import age, show_date
from archive.model.field_types.standard import PERCENT, QUANTITY
from archive.model.money import converter, show_money
from archive.model.records.transaction import OUTCOME, TYPE, Transaction
from archive.service.archive import Archive
from archive.service.customer_lines import customer_items
from archive.service.panels.base import DIM, WARN, Item, Panel, event_item
from archive.service.receivables import open_items_of
from archive.service.timeline import event_of
from archive.text import _

TABLE = Transaction.TABLE
SHOWN = frozenset(
    "customer type on product quantity unit unit_price discount amount currency".split()
    + "due_on outcome expected_on likelihood".split()
)
_BEFORE = 4  # other transactions of the same product shown


def panels(archive: Archive, uid: str) -> list[Panel]:
    """Return what was bought, offered or paid, then the customer, then the same product at other times."""
    transaction = archive.get(Transaction, uid)
    kind = TYPE.show(transaction.type or "order", archive.ctx).capitalize()
    return [
        Panel(kind, list(_lines(transaction, archive))),
        Panel(_("Customer"), list(customer_items(archive, transaction.customer.uid))),
        Panel(_("Same product"), list(_same_product(transaction, archive))),
    ]


def _lines(transaction: Transaction, archive: Archive) -> Iterator[Item]:
    ctx = archive.ctx
    if transaction.amount is not None:
        yield Item(_("Amount"), _amount(transaction, archive), field="amount")
    product = transaction.FIELDS["product"].type.show(transaction.product, ctx)
    if product:
        yield Item(_("Product"), product, opens=_link(transaction), field="product")
    counted = _counted(transaction, archive)
    if counted:
        yield Item(_("Quantity"), counted, field="quantity")
    if transaction.on:
        yield Item(_("Date"), f"{show_date(transaction.on)} · {age(transaction.on, ctx.today)}", field="on")
    if transaction.type == "quotation":
        yield _outcome(transaction, archive)
    elif transaction.type == "invoice" or transaction.due_on:
        yield _payment(transaction, archive)


def _amount(transaction: Transaction, archive: Archive) -> str:
    """Return the amount, and its value in the home currency if that is another."""
    ctx, amount = archive.ctx, transaction.amount
    shown = show_money(amount, transaction.currency, ctx.decimal)
    if not amount or not transaction.on or transaction.currency in ("", archive.home):
        return shown
    home = converter(archive.home, ctx.rates)(amount, transaction.currency, archive.home, transaction.on)
    return shown if home is None else f"{shown} = {show_money(home, archive.home, ctx.decimal)}"


def _counted(transaction: Transaction, archive: Archive) -> str:
    """Return quantity, unit price and discount: "3 bags x 12.00 - 10 %"."""
    ctx = archive.ctx
    quantity = f"{QUANTITY.show(transaction.quantity, ctx)} {transaction.unit}".strip()
    price = show_money(transaction.unit_price, transaction.currency, ctx.decimal)
    text = " x ".join(filter(None, [quantity, price]))
    return f"{text} - {PERCENT.show(transaction.discount, ctx)}" if transaction.discount and text else text


def _link(transaction: Transaction) -> tuple[str, str]:
    return ("products", transaction.product.uid) if transaction.product.uid else ("", "")


def _outcome(transaction: Transaction, archive: Archive) -> Item:
    ctx, outcome = archive.ctx, transaction.outcome or "open"
    expected = transaction.expected_on
    is_open = outcome == "open"
    parts = [OUTCOME.show(outcome, ctx)]
    if expected and is_open:
        parts.append(_("decision {day}").format(day=f"{show_date(expected)} · {age(expected, ctx.today)}"))
    if transaction.likelihood is not None and is_open:
        parts.append(_("likelihood {share}").format(share=PERCENT.show(transaction.likelihood, ctx)))
    is_late = is_open and expected is not None and expected < ctx.today
    return Item(_("Outcome"), " · ".join(parts), WARN if is_late else "" if is_open else DIM, field="outcome")


def _payment(transaction: Transaction, archive: Archive) -> Item:
    """Return when the transaction is due; for an invoice also whether it is paid."""
    ctx, due = archive.ctx, transaction.due_on
    day = _("due {day}").format(day=f"{show_date(due)} · {age(due, ctx.today)}") if due else ""
    if transaction.type != "invoice":
        return Item(_("Payment"), day, field="due_on")
    items = open_items_of(archive, transaction.customer.uid, ctx.today)
    owed = next((item for item in items if item.uid == transaction.uid and not item.kind), None)
    if owed is None:
        return Item(_("Payment"), _("paid"), DIM, field="due_on")
    open_part = _("{amount} unpaid").format(amount=show_money(owed.owed, owed.currency, ctx.decimal))
    is_late = due is not None and due < ctx.today
    parts = [_("overdue !") if is_late else "", open_part, day]
    return Item(_("Payment"), " · ".join(filter(None, parts)), WARN if is_late else "", field="due_on")


def _same_product(transaction: Transaction, archive: Archive) -> Iterator[Item]:
    """Yield the customer's newest other transactions of the same product."""
    uid, name = transaction.product.uid, transaction.product.name
    if not (uid or name):
        return
    stored = uid or {"name": name}
    others = (
        other
        for other in archive.children(TABLE, transaction.customer.uid)
        if other != transaction.uid and (archive.raw(TABLE, other) or {}).get("product") == stored
    )
    for other in islice(others, _BEFORE):
        yield event_item(event_of(archive, TABLE, other))
