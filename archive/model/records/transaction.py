"""The transaction record: everything from the first enquiry to order, delivery, return, invoice and payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from archive.model.contact_details import CHANNEL
from archive.model.date_rules import InOrder
from archive.model.field_types.base import Ref
from archive.model.field_types.standard import (
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
from archive.model.fields import Group, Record, field, record
from archive.model.money import product_in_minor_units
from archive.text import N_

DEALING = Group("dealing", N_("Transaction"))
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
    NOUN = N_("transaction")
    RANK = 20
    LETTER = "d"
    ADD = ("d", N_("a transaction"))
    COLUMNS = ("on", "customer", "type", "product", "quantity", "amount", "currency")
    PROFILE_COLUMNS = ("on", "type", "product", "quantity", "unit", "amount", "currency", "number")
    EXAMPLE = N_("search, or type:order on:2026 amount:>1000")
    EMPTY = N_("No transactions yet.\n\n[b]b[/b] on a customer adds a purchase.")
    DAY = "on"
    SNOOZED = "expected_on"
    GROUPS = (DEALING, QUOTATION)
    RULES = (
        InOrder("on", N_("date"), "due_on", N_("due date")),
        InOrder("on", N_("date"), "expected_on", N_("expected date")),
    )
    SYNONYMS = """
on: date, on, order date, purchase date, invoice date, transaction date, sale date, sales date,
 created at, day, datum, bestelldatum, rechnungsdatum, kaufdatum, date de commande, fecha,
 fecha de pedido, 日期, 订单日期, 下单日期, 交易日期, 销售日期
type: type, transaction type, kind, art, 类型
number: number, order id, order number, order no, order, invoice, invoice number, invoice no,
 receipt number, bestellnummer, auftragsnummer, rechnungsnummer, numéro de commande, número de pedido,
 单号, 订单号, 订单编号, 发票号
product: product, product name, item, item name, model, article, lineitem name, artikel, produkt, produit,
 producto, goods, description, 产品, 产品名称, 商品, 商品名称, 品名, 货品
category: category, category 1, product category, group, kategorie, warengruppe, catégorie, categoría,
 类别, 分类, 品类
quantity: quantity, qty, pieces, items, units, count, lineitem quantity, menge, anzahl, stück, quantité,
 cantidad, 数量
unit: unit, uom, unit of measure, einheit, unité, unidad, 单位
unit_price: price, unit price, price each, lineitem price, preis, einzelpreis, prix, prix unitaire,
 precio, precio unitario, 单价, 价格
discount: discount, discount percent, rabatt, remise, descuento, 折扣
amount: amount, total, total price, line total, sum, value, sales, revenue, turnover, net amount, dollars,
 spend, betrag, summe, gesamt, umsatz, gesamtpreis, montant, importe, 金额, 总价, 总额, 合计, 销售额
currency: currency, währung, devise, moneda, 币种, 货币
cost: cost, costs, kosten, coût, coste, 成本
due_on: due, due date, due on, payment due, fällig am, fälligkeit, échéance, vencimiento, 到期日,
 付款期限
terms: terms, payment terms, zahlungsbedingungen, 付款条件, 条款
channel: channel, sales channel, kanal, canal, 渠道
campaign: campaign, campaign name, kampagne, campagne, campaña, 活动, 活动名称
contract: contract, contract number, contract no, agreement, vertrag, vertragsnummer, contrat, contrato, 合同,
 合同号, 合同编号
term: term, contract term, contract item, vertragsposition, 合同条款, 条款号
expected_on: expected, expected on, expected date, expected close, close date, abschluss erwartet, 预计日期,
 预计成交日期
outcome: outcome, result, stage, ergebnis, résultat, resultado, 结果
lost_to: lost to, competitor, verloren an, wettbewerber, concurrent, competidor, 竞争对手, 流失去向
reason: reason, lost reason, grund, raison, motivo, 原因
note: note, notes, comment, comments, remark, remarks, bemerkung, notiz, remarque, nota, 备注, 说明
likelihood: likelihood, probability, wahrscheinlichkeit, 概率, 可能性
"""

    customer: Ref = field(Link("customers"), N_("Customer"), group=DEALING, required=True)
    on: date | None = field(PAST_DATE, N_("Date"), group=DEALING, required=True)
    type: str = field(TYPE, N_("Type"), group=DEALING)
    number: str = field(TEXT, N_("Number"), group=DEALING)
    product: Ref = field(Link("products", free=True), N_("Product"), group=DEALING)
    category: str = field(PATH, N_("Category"), group=DEALING)
    quantity: Decimal | None = field(QUANTITY, N_("Quantity"), group=DEALING)
    unit: str = field(TEXT, N_("Unit"), group=DEALING)
    unit_price: Decimal | None = field(MONEY, N_("Unit price"), group=DEALING)
    discount: Decimal | None = field(PERCENT, N_("Discount"), group=DEALING, hint=N_("10% or 9折"))
    amount: Decimal | None = field(
        MONEY, N_("Amount"), group=DEALING, hint=N_("leave blank for quantity x price - discount")
    )
    currency: str = field(CURRENCY, N_("Currency"), group=DEALING)
    cost: Decimal | None = field(MONEY, N_("Cost"), group=DEALING)
    due_on: date | None = field(DATE, N_("Due date"), group=DEALING, ahead=True)
    terms: str = field(TEXT, N_("Terms"), group=DEALING)
    channel: str = field(CHANNEL, N_("Channel"), group=DEALING)
    campaign: Ref = field(Link("campaigns", free=True), N_("Campaign"), group=DEALING)
    contract: Ref = field(Link("contracts", free=True), N_("Contract"), group=DEALING)
    term: str = field(Text(6), N_("Term"), group=DEALING, hint=N_("number or requirement of a contract term"))
    note: str = field(LONG_TEXT, N_("Note"), group=DEALING)

    expected_on: date | None = field(DATE, N_("Expected date"), group=QUOTATION, ahead=True)
    likelihood: Decimal | None = field(PERCENT, N_("Likelihood"), group=QUOTATION)
    outcome: str = field(OUTCOME, N_("Outcome"), group=QUOTATION)
    lost_to: str = field(TEXT, N_("Lost to"), group=QUOTATION)
    reason: str = field(TEXT, N_("Reason"), group=QUOTATION)
    not_before: date | None = field(
        COMING_DATE,
        N_("Snoozed to"),
        group=QUOTATION,
        ahead=True,
        hint=N_("set by Snooze: hidden from Today until this day"),
    )


def worked_out_amount(transaction: Transaction) -> Decimal | None:
    """Return quantity x unit price - discount, rounded half up to the minor unit of the transaction's currency.

    None if the quantity or the unit price is unknown.
    """
    if transaction.quantity is None or transaction.unit_price is None:
        return None
    paid = 1 - (transaction.discount or Decimal(0))
    return product_in_minor_units(transaction.currency, transaction.quantity, transaction.unit_price, paid)
