import pytest

from archive.exchange.columns import (
    DecimalFinding,
    OrderFinding,
    date_order,
    decimal_sign,
    shortened_by_excel,
)


@pytest.mark.parametrize(
    ("values", "order", "proof"),
    [
        (["01/02/2024", "", "13/02/2024"], "dmy", (3,)),
        (["01/02/2024", "02/13/2024 10:30"], "mdy", (2,)),
        (["1.2.2024", "31. 1. 2024"], "dmy", (2,)),
        (["2024-02-03", "13/02/2024"], "dmy", (2,)),
        (["13/02/2024", "nonsense", "45/45/2024"], "dmy", (1,)),
        (["01/02/03", "99/02/03"], "ymd", (2,)),
        (["01/02/03", "13/02/99"], "dmy", (2,)),
        (["03/04", "25/12"], "dmy", (2,)),
        (["１３/０２/２０２４"], "dmy", (1,)),
    ],
)
def test_a_number_above_twelve_proves_the_columns_date_order(values, order, proof):
    assert date_order(values) == OrderFinding(order, proof)


@pytest.mark.parametrize(
    "values",
    [
        ["2024-01-02", "2024/1/2", "2024.01.02 10:00", "20240102", "2024-01", "2024"],
        ["2024年1月2日", "1月2日", "二〇二四年"],
        ["3 Feb 2024", "February 3, 2024", "3 février 2024"],
    ],
)
def test_iso_and_chinese_dates_and_named_months_need_no_order(values):
    assert date_order(values) == OrderFinding("iso")


@pytest.mark.parametrize("values", [[], ["", " "], ["none", "n/a"], ["45/45/2024"], ["12.5.1999999"]])
def test_a_column_without_dates_has_no_order(values):
    assert date_order(values) == OrderFinding()


def test_an_ambiguous_date_order_is_not_guessed():
    assert date_order(["01/02/2024", "03/04/2024"]) == OrderFinding(ambiguous=True)
    assert date_order(["01/02/03"]) == OrderFinding(ambiguous=True)


def test_the_fallback_order_is_used_only_if_it_fits_every_date():
    assert date_order(["01/02/2024"], "mdy") == OrderFinding("mdy", ambiguous=True)
    assert date_order(["13/02/24"], "dmy") == OrderFinding("dmy", ambiguous=True)
    assert date_order(["13/02/24"], "mdy") == OrderFinding(ambiguous=True)
    assert date_order(["13/02/2024"], "mdy") == OrderFinding("dmy", (1,))


def test_contradictory_date_orders_are_reported_with_both_rows():
    assert date_order(["01/02/2024", "13/02/2024", "02/13/2024"]) == OrderFinding(proof=(2, 3), conflict=True)


@pytest.mark.parametrize(
    ("values", "sign", "proof"),
    [
        (["1,234", "1,234.50"], ".", (2,)),
        (["1.234", "1.234,50 €"], ",", (2,)),
        (["1.234.567"], ",", (1,)),
        (["1,23,456"], ".", (1,)),
        (["12,5"], ",", (1,)),
        (["-12.50"], ".", (1,)),
        (["0,125"], ",", (1,)),
        ([".125"], ".", (1,)),
        (["1234.567"], ".", (1,)),
        (["1 234,5", "1'234,50"], ",", (1,)),
        (["CHF 12.-", "5"], ".", (1,)),
        (["１２，５"], ",", (1,)),
        (["12.5%", "1.38E+10", "approx 3,4 or 5,6"], ".", (1,)),
    ],
)
def test_the_later_separator_is_the_decimal_sign(values, sign, proof):
    assert decimal_sign(values) == DecimalFinding(sign, proof)


def test_one_separator_before_three_digits_is_ambiguous():
    assert decimal_sign(["1,234", "12,345"]) == DecimalFinding(ambiguous=True)
    assert decimal_sign(["1.234"]) == DecimalFinding(ambiguous=True)


@pytest.mark.parametrize("values", [[], ["12", "-3", ""], ["none", "n/a", "."], ["01.02.2024"]])
def test_a_column_without_separators_has_no_decimal_sign(values):
    assert decimal_sign(values) == DecimalFinding()


def test_contradictory_decimal_signs_are_reported_with_both_rows():
    assert decimal_sign(["7", "1.5", "2,5"]) == DecimalFinding(proof=(2, 3), conflict=True)


@pytest.mark.parametrize("value", ["1.38E+10", "1,38E+10", " 8.61E+12 ", "1e+10", "-1.38E+10"])
def test_numbers_shortened_by_excel_are_recognised(value):
    assert shortened_by_excel(value)


@pytest.mark.parametrize("value", ["13800138000", "1E10", "+86 138", "E+10", "1.38E+1", "12.38E+10", ""])
def test_other_numbers_and_codes_are_not_shortened(value):
    assert not shortened_by_excel(value)
