"""The transaction record: everything from the first enquiry to order, delivery, return, invoice and payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from archive.model.contact_details import CHANNEL
from archive.model.date_rules import InOrder
from archive.model.fields import Group, Record, Ref, fact, record
from archive.model.kinds import (
    COMING_DATE,
    CURRENCY,
    DATE,
    LONG_TEXT,
    MONEY,
    PAST_DATE,
    PATH,
    PERCENT,
    QUANTITY,
    TEXT,
    Choice,
    Link,
    Text,
)
from archive.model.money import product_in_minor_units
from archive.text import N_

DEALING = Group("dealing", N_("Dealing"))
QUOTATION = Group("quotation", N_("Quotation"))

TYPE = Choice(
    enquiry=N_("enquiry"),
    quotation=N_("quotation"),
    order=N_("order"),
    delivery=N_("delivery"),
    return_=N_("return"),
    payment=N_("payment"),
    invoice=N_("invoice"),
).also(
    enquiry="inquiry, enquiries, inquiries, rfq, request for quotation, anfrage, 询价",
    quotation="quote, offer, estimate, proposal, angebot, devis, 报价, 报价单",
    order="sale, sales order, purchase, purchase order, bestellung, auftrag, kauf, commande, pedido, 订单, 销售, 购买",
    delivery="deliveries, shipment, delivery note, lieferung, lieferschein, livraison, 发货, 交货",
    return_="returned, sales return, refund, refunded, partial refund, full refund, credit note, creditnote,"
    "credit memo, credit, rma, gutschrift, gutschriften, rückerstattung, erstattung, rückgabe, retoure,"
    "rechnungskorrektur, avoir, remboursement, retour, nota de crédito, nota di credito, reembolso, rimborso,"
    "kreditnota, 退货, 退款, 退货单, 贷记单, 红字发票",
    payment="payment received, zahlung, zahlungseingang, paiement, pago, pagamento, 付款, 收款, 回款",
    invoice="tax invoice, sales invoice, rechnung, facture, factura, fattura, 发票",
)
OUTCOME = Choice(open=N_("open"), won=N_("won"), lost=N_("lost"), no_decision=N_("no decision"))


@record
class Transaction(Record):
    """A business transaction with a customer. All its amounts are in the same currency."""

    TABLE = "transactions"
    LABEL = N_("Transactions")
    NOUN = N_("dealing")
    DAY = "on"
    SNOOZED = "expected_on"
    GROUPS = (DEALING, QUOTATION)
    RULES = (
        InOrder("on", N_("date"), "due_on", N_("due date")),
        InOrder("on", N_("date"), "expected_on", N_("expected date")),
    )

    customer: Ref = fact(Link("customers"), N_("Customer"), group=DEALING, required=True)
    on: date | None = fact(PAST_DATE, N_("Date"), group=DEALING, required=True)
    type: str = fact(TYPE, N_("Type"), group=DEALING)
    number: str = fact(TEXT, N_("Number"), group=DEALING)
    product: Ref = fact(Link("products", free=True), N_("Product"), group=DEALING)
    category: str = fact(PATH, N_("Category"), group=DEALING)
    quantity: Decimal | None = fact(QUANTITY, N_("Quantity"), group=DEALING)
    unit: str = fact(TEXT, N_("Unit"), group=DEALING)
    unit_price: Decimal | None = fact(MONEY, N_("Unit price"), group=DEALING)
    discount: Decimal | None = fact(PERCENT, N_("Discount"), group=DEALING, hint=N_("10% or 9折"))
    amount: Decimal | None = fact(
        MONEY, N_("Amount"), group=DEALING, hint=N_("empty: quantity x price - discount")
    )
    currency: str = fact(CURRENCY, N_("Currency"), group=DEALING)
    cost: Decimal | None = fact(MONEY, N_("Cost"), group=DEALING)
    due_on: date | None = fact(DATE, N_("Due on"), group=DEALING, ahead=True)
    terms: str = fact(TEXT, N_("Terms"), group=DEALING)
    channel: str = fact(CHANNEL, N_("Channel"), group=DEALING)
    campaign: Ref = fact(Link("campaigns", free=True), N_("Campaign"), group=DEALING)
    contract: Ref = fact(Link("contracts", free=True), N_("Contract"), group=DEALING)
    term: str = fact(
        Text(6), N_("Term"), group=DEALING, hint=N_("number or requirement of a term of the contract")
    )
    note: str = fact(LONG_TEXT, N_("Note"), group=DEALING)

    expected_on: date | None = fact(DATE, N_("Expected on"), group=QUOTATION, ahead=True)
    likelihood: Decimal | None = fact(PERCENT, N_("Likelihood"), group=QUOTATION)
    outcome: str = fact(OUTCOME, N_("Outcome"), group=QUOTATION)
    lost_to: str = fact(TEXT, N_("Lost to"), group=QUOTATION)
    reason: str = fact(TEXT, N_("Reason"), group=QUOTATION)
    not_before: date | None = fact(
        COMING_DATE,
        N_("Snoozed to"),
        group=QUOTATION,
        ahead=True,
        hint=N_("set by Snooze: Today shows it from this day on"),
    )


def worked_out_amount(transaction: Transaction) -> Decimal | None:
    """Return quantity x unit price - discount, rounded half up to the minor unit of the transaction's currency.

    None if the quantity or the unit price is unknown.
    """
    if transaction.quantity is None or transaction.unit_price is None:
        return None
    paid = 1 - (transaction.discount or Decimal(0))
    return product_in_minor_units(transaction.currency, transaction.quantity, transaction.unit_price, paid)
