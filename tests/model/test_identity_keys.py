"""Test the keys that identify duplicate customers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.identity_keys import close_keys, email_key, name_key, name_keys, phone_key, unordered
from archive.model.records.customer import Customer


@pytest.mark.parametrize(
    ("one", "other", "region"),
    [
        ("+86 10 5555 0147", "010-5555 0147", "CN"),
        ("0086 10 5555 0147", "（010）５５５５０１４７", "CN"),
        ("030 1234567", "+49 (30) 123 45 67", "DE"),
        ("0151 2345678", "0151/2345678", ""),
    ],
)
def test_equal_numbers_have_equal_keys(one: str, other: str, region: str) -> None:
    assert phone_key(one, region) == phone_key(other, region)


@pytest.mark.parametrize(
    ("one", "other", "region"),
    [
        ("+49 30 1234567", "+49 30 1234568", "DE"),
        ("+49 30 1234567 ext 4", "+49 30 1234567 ext 5", "DE"),
        ("030 1234567", "+49 30 1234567", ""),
        ("030 1234567", "030 1234567 x4", "DE"),
    ],
)
def test_different_numbers_have_different_keys(one: str, other: str, region: str) -> None:
    assert phone_key(one, region) != phone_key(other, region)


def test_an_invalid_number_is_compared_by_its_digits() -> None:
    assert phone_key("12 or 34", "CN") == "1234"
    assert phone_key("none", "DE") == ""


def test_case_does_not_distinguish_addresses() -> None:
    assert email_key(" Marta@North.Example") == email_key("marta@north.example")
    assert email_key("marta@north.example") != email_key("m.arta@north.example")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Marta Smith", "MARTA  SMITH"),
        ("José Müller", "Jose Muller"),
        ("Globex Foods GmbH", "Globex Foods"),
        ("Globex, Inc.", "globex"),
        ("王 建国", "王建国"),
        ("北方贸易有限公司", "北方贸易"),
        ("ＡＢＣ 贸易", "abc 贸易"),
    ],
)
def test_spellings_of_a_name_have_the_same_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize("name", ["GmbH", "公司", "Co"])
def test_a_name_consisting_of_a_legal_form_is_preserved(name: str) -> None:
    assert name_key(name)


@pytest.mark.parametrize(("one", "other"), [("Smith, Marta", "Marta Smith"), ("建国 王", "王建国")])
def test_word_order_can_be_ignored(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
    assert unordered(name_key(one)) == unordered(name_key(other))


def test_family_and_given_name_match_in_either_order() -> None:
    customer = Customer.load({"full_name": "M. Smith", "family_name": "Smith", "given_name": "Marta"})
    assert name_keys(customer) == {"m smith", "smith marta", "marta smith"}
    assert name_keys(Customer.load({"family_name": "Smith"})) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [("marta smith", "marta smiht"), ("marta smith", "martha smith"), ("北方粮油贸易", "北方粮油贸易行")],
)
def test_typing_errors_are_close_matches(one: str, other: str) -> None:
    assert close_keys(one, [other, "entirely different"]) == {other}


@pytest.mark.parametrize(
    ("one", "other"),
    [("marta smith", "peter smith"), ("anna", "anne"), ("王建国", "王建军"), ("", ""), ("marta", "")],
)
def test_different_people_do_not_match(one: str, other: str) -> None:
    assert close_keys(one, [other]) == set()


@given(st.text(max_size=30))
def test_any_text_has_keys(text: str) -> None:
    key = name_key(text)
    assert unordered(unordered(key)) == unordered(key)
    assert key in close_keys(key, [key]) or len(key) < 5
    assert isinstance(phone_key(text, "CN"), str)
