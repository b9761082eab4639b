"""Test phone numbers: stored as typed, and found in any spelling."""

from datetime import datetime

import pytest

from archive.model.contact_details import Phone
from archive.model.field_types.base import Context
from archive.model.phones import dialled, phone_forms, phone_key, phone_tail, split_number


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("+86 10 5555 0147 mobile", "+86 10 5555 0147", "mobile"),
        ("1-800-FLOWERS", "1-800-FLOWERS", ""),
        ("1-800-flowers work", "1-800-flowers", "work"),
        ("1-888-555-HELP", "1-888-555-HELP", ""),
        ("0800 REIMER", "0800 REIMER", ""),
        ("1 800 GO FEDEX", "1 800 GO FEDEX", ""),
        ("020-CALL-NOW", "020-CALL-NOW", ""),
        ("+1 (800) 4MY-DESK", "+1 (800) 4MY-DESK", ""),
        ("0228 5550147 ext. 12 work", "0228 5550147 ext. 12", "work"),
        ("0228 5550147 Durchwahl 12", "0228 5550147 Durchwahl 12", ""),
        ("010 5555 0147 转12", "010 5555 0147 转12", ""),
        ("555-1234x9 Fax", "555-1234x9", "Fax"),
        ("+1 212 555 0100,,123#", "+1 212 555 0100,,123#", ""),
        ("5550100 p 123 home", "5550100 p 123", "home"),
        ("+1.212.555.0100;123", "+1.212.555.0100;123", ""),
        ("tel:+49-228-5550147;ext=12 work", "+49-228-5550147;ext=12", "work"),
        ("0228/5550147-work", "0228/5550147", "work"),
        ("112 HOME", "112", "HOME"),
        ("０１０ 5555 （手机）", "０１０ 5555", "手机"),
        ("no number", "no number", ""),
    ],
)
def test_a_number_is_separated_from_its_label(text, number, rest):
    found, behind = split_number(text)
    assert (found, behind.strip(" -（）")) == (number, rest)


@pytest.mark.parametrize(
    ("text", "dials"),
    [
        ("0228/555 0147", "02285550147"),
        ("+49 (0)228 555-0147 x12", "492285550147"),
        ("0049 228 5550147", "492285550147"),
        ("1-800-FLOWERS", "18003569377"),  # F3 L5 O6 W9 E3 R7 S7 on a keypad (ITU-T E.161)
        ("+1 212 555 0100,,123#", "12125550100"),
        ("Fax 0228 5550147", "02285550147"),
        ("Telex: +49 228 5550147", "492285550147"),
        ("电话：010 5555 0147", "01055550147"),
        ("０２２８ ５５５０１４７", "02285550147"),
        ("none", ""),
    ],
)
def test_a_numbers_digits_are_the_dialled_ones(text, dials):
    assert dialled(text) == dials
    assert phone_tail(text) == dials[-7:]


@pytest.mark.parametrize(
    ("text", "region", "key"),
    [
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("1-800-FLOWERS", "", "18003569377"),
        ("0228 5550147 Durchwahl 12", "DE", "+492285550147x12"),
        ("+49 228 5550147 ext. 12", "", "+492285550147x12"),
        ("0049 228 5550147", "", "+492285550147"),
        ("+1 212 555 0100,,123#", "", "+12125550100x123"),
        ("0228 5550147", "", "02285550147"),
    ],
)
def test_equal_numbers_have_equal_keys(text, region, key):
    assert phone_key(text, region) == key


@pytest.mark.parametrize(
    ("typed", "region", "forms"),
    [
        ("0228 5550147", "DE", ("02285550147", "492285550147")),
        ("+49 228 5550147", "DE", ("492285550147", "02285550147")),
        ("+1 228 5550147", "DE", ("12285550147",)),  # foreign number: no national form here
        ("(228) 555-0147", "US", ("2285550147", "12285550147")),
        ("02 1234 5678", "IT", ("0212345678", "390212345678")),  # Italian numbers keep the zero
        ("0228 5", "DE", ("02285", "492285")),  # an incomplete number
        ("0228", "DE", ("0228",)),
        ("0228 5550147", "", ("02285550147", "2285550147")),
        ("0049 228 5550147", "", ("00492285550147", "492285550147")),
        ("12345678901234567890", "DE", ("12345678901234567890",)),
    ],
)
def test_a_number_is_found_in_national_and_international_form(typed, region, forms):
    assert phone_forms(typed, region) == forms


@pytest.mark.parametrize(
    ("line", "phones"),
    [
        ("work: +49 228 5550147", ["+49 228 5550147 work"]),
        ("Fax 0228 5550148", ["0228 5550148 Fax"]),
        ("Tel.: 0228 5550148 office *", ["0228 5550148 Tel office *"]),
        ("手机：138 0013 8000", ["138 0013 8000 手机"]),
        ("\u202a+49 228 5550147\u202c", ["+49 228 5550147"]),
        ("0228 5550147, 0171 5550102", ["0228 5550147", "0171 5550102"]),
        ("0228 5550147 work, mobile 0171 5550102 *", ["0228 5550147 work", "0171 5550102 mobile *"]),
        ("0228 5550147 / 0171 5550102", ["0228 5550147", "0171 5550102"]),
        ("+49 228 5550147 or +49 171 5550102", ["+49 228 5550147", "+49 171 5550102"]),
        ("555-0100, 555-0101", ["555-0100", "555-0101"]),
        ("5550100, 123", ["5550100, 123"]),  # dialled after the number
        ("030/1234567", ["030/1234567"]),
        ("0171 / 0228 5550147", ["0171 / 0228 5550147"]),
        ("02234 / 555014", ["02234 / 555014"]),
        ("030 1234567/68", ["030 1234567/68"]),
        ("+1 212 5550100,,123456789#", ["+1 212 5550100,,123456789#"]),
        ("+1 212 5550100, 123456#", ["+1 212 5550100, 123456#"]),
        ("+1 212 5550100;ext=12", ["+1 212 5550100;ext=12"]),
    ],
)
def test_each_number_in_a_line_takes_the_word_before_or_after_it(line, phones):
    assert [phone.display(CTX) for phone in Phone.all_from_line(line, CTX)] == phones


CTX = Context(datetime(2026, 11, 20))  # noqa: DTZ001


def test_a_word_before_a_number_does_not_change_it():
    assert phone_key("Fax: 0228 5550148", "DE") == phone_key("+49 228 5550148") == "+492285550148"
