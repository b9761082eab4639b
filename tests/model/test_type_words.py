"""Words that other programs use for the type of a transaction."""

import pytest

from archive.exchange.cells import cells_for
from archive.model.fields import Context
from archive.model.kinds import CURRENCY
from archive.model.transaction import TYPE, Transaction
from tests.model.typed import NOW

CTX = Context(NOW)


@pytest.mark.parametrize(
    "word",
    ["Refund", "refunds", "Credit note", "credit_note", "Credit-Notes", "CREDIT MEMO", "Gutschrift", "退款"],
)
def test_a_refund_and_a_credit_note_are_returns(word):
    assert TYPE.parse(word, CTX) == "return"
    assert cells_for(Transaction.FACTS["type"], CTX, exact=False)[word] == "return"


def test_the_older_codes_for_no_currency_are_read_as_none():
    assert CURRENCY.parse("xxx", CTX) == CURRENCY.load("XXX") == ""
