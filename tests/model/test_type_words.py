"""Test other programs' words for transaction types."""

import pytest

from archive.errors import BadValue
from archive.exchange.cells import cells_for
from archive.model.contact_details import Position
from archive.model.field_types.base import Context
from archive.model.field_types.standard import CURRENCY
from archive.model.records.campaign import Campaign
from archive.model.records.contract import Term
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import TYPE, Transaction
from tests.model.typed import NOW

CTX = Context(NOW)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "return",
            "Refund|refunds|REFUND|ＲＥＦＵＮＤ|refunded|Credit note|credit_note|Credit-Notes|credit‑note|CREDIT MEMO",
        ),
        (
            "return",
            "Returns|returned|Sales return|RMA|Gutschrift|Gutschriften|Rückerstattung|avoir|Nota de crédito",
        ),
        ("return", "退款|退货|红字发票"),
        ("order", "Orders|Sale|Sales order|Bestellung|订单"),
        ("invoice", "Invoices|Rechnung|Facture|发票"),
        ("payment", "Payments|Zahlung|付款"),
        ("delivery", "Deliveries|Shipment|Lieferung|发货"),
        ("quotation", "Quote|Angebot|报价"),
        ("enquiry", "Inquiry|Enquiries|询价"),
    ],
)
def test_words_of_other_programs_and_languages_name_a_type(kind, words):
    cells = cells_for(Transaction.FIELDS["type"], CTX, exact=False)
    for word in words.split("|"):
        assert (word, TYPE.parse(word, CTX), cells[word]) == (word, kind, kind)


@pytest.mark.parametrize("word", ["Storno", "Void", "Chargeback", "Credit note #12", "xyz", "CM"])
def test_an_ambiguous_type_word_is_refused(word):
    with pytest.raises(BadValue, match="is not one of the choices"):
        TYPE.parse(word, CTX)


def test_old_codes_for_no_currency_are_read_as_none():
    assert CURRENCY.parse("xxx", CTX) == CURRENCY.load("XXX") == ""


@pytest.mark.parametrize(
    ("cls", "field", "former", "key"),
    [
        (Interaction, "outcome", "Left word", "left_word"),
        (Campaign, "goal", "notice to all concerned", "notice"),
        (Position, "role", "opens doors", "gatekeeper"),
        (Position, "role", "decides", "decides"),
        (Term, "duty", "ours", "ours"),
        (Term, "duty", "theirs", "theirs"),
    ],
)
def test_labels_of_the_previous_version_are_accepted(cls, field, former, key):
    kind = cls.FIELDS[field].type
    assert kind.parse(former, CTX) == key
    assert kind.show(key, CTX).lower() != former.lower()
