"""Test splitting a line into e-mail addresses, stripping the text around them, and refusing impossible ones."""

import pytest

from archive.errors import BadValue
from archive.model.emails import bare_address, split_address, split_addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann@x.example", [("ann@x.example", "")]),
        ("ann@x.example, bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("ann@x.example; bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("ann@x.example bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("ann@x.example work, bob@x.example home", [("ann@x.example", "work"), ("bob@x.example", "home")]),
        ("ann＠x.example，bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("ann@x.example work, mornings", [("ann@x.example", "work, mornings")]),
        ("ann@x.example,", [("ann@x.example", "")]),
        ("Ann Bell <ann@x.example>", [("ann@x.example", "Ann Bell")]),
        ('"Bell, Ann" <ann@x.example> work', [("ann@x.example", "Bell, Ann work")]),
        ("Bell, Ann <ann@x.example>, Bob <bob@x.example>", [("ann@x.example", "Bell, Ann"), ("bob@x.example", "Bob")]),
        ("Ann <ann@x.example> Bob <bob@x.example>", [("ann@x.example", "Ann"), ("bob@x.example", "Bob")]),
        ("<mailto:ann@x.example>", [("ann@x.example", "")]),
        ("MAILTO:Ann@X.example?subject=hi work", [("Ann@X.example", "work")]),
        ('"ann bell"@x.example', [('"ann bell"@x.example', "")]),
        ("", []),
        ("ann@x.example / bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("ann@x.example and bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("ann@x.example & bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("ann@x.example、bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("Bell, Ann <a@x.example>; Doe, Bo <b@x.example>", [("a@x.example", "Bell, Ann"), ("b@x.example", "Doe, Bo")]),
        ("mailto:ann@x.example,bob@x.example", [("ann@x.example", ""), ("bob@x.example", "")]),
        ("mailto:ann@x.example?cc=bob@x.example", [("ann@x.example", "")]),
        ("mailto:ann%2Btag@x.example?subject=Offer%20of%20May", [("ann+tag@x.example", "")]),
        ("ann@x.example <mailto:ann@x.example>", [("ann@x.example", "")]),
        ("'Ann' <ann@x.example>", [("ann@x.example", "Ann")]),
        ("\u202aann@x.example\u200b", [("ann@x.example", "")]),
    ],
)  # fmt: skip
def test_each_address_in_a_line_is_a_separate_entry(text, found):
    assert [split_address(line) for line in split_addresses(text)] == found


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", ""),
        ("Ann Bell <ann@x.example>", "ann@x.example"),
        ("mailto:ann@x.example", "ann@x.example"),
        ("<ann@x.example>", "ann@x.example"),
        ("o'neil+tag@mail.x-y.example", "o'neil+tag@mail.x-y.example"),
        ("王@例.中国", "王@例.中国"),
        ("ann@münchen.example", "ann@münchen.example"),
        ("ann@xn--mnchen-3ya.example", "ann@xn--mnchen-3ya.example"),
        ("ann@x.example\u200b", "ann@x.example"),
        (f"{'a' * 64}@x.example", f"{'a' * 64}@x.example"),
    ],
)
def test_an_address_is_stored_without_decoration(text, address):
    assert bare_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["ann", "ann@x", "@x.example", "ann@", "a b@x.example", "ann@x..example", "ann@.example", "ann@-x.example",
     "ann@x-.example", "ann@x.example.", "ann@@x.example", "a@b@x.example", ".ann@x.example", "ann.@x.example",
     "a..b@x.example", "ann@x_y.example", "ann@x.123", "ann(home)@x.example", "ann@x,example", "Ann Bell <>",
     "ann@x.example work", "ann@[1.2.3.4]", f"{'a' * 65}@x.example", f"ann@{'x' * 64}.example",
     "Ann Bell ann@x.example", "ann @x.example", "ann@ x.example", "ann@x.c", "work: ann@x.example",
     "ann [at] x.example", "[ann@x.example](mailto:ann@x.example)", "ann@" + "x." * 130 + "example",
     "ann@x.example, bob@x.example", "<Ann> ann@x.example"],
)  # fmt: skip
def test_an_invalid_address_is_refused(text):
    with pytest.raises(BadValue, match=r"@|e-mail"):
        bare_address(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ann@@x.example", "it has more than one @"),
        ("ann@x@y.example", "it has more than one @"),
        ("ann@x.example.", "ends with a full stop"),
        ("Ann Bell ann@x.example", "Ann Bell ann is not allowed before the @"),
        ("ann", "needs an @"),
    ],
)
def test_the_error_names_the_fault(text, reason):
    with pytest.raises(BadValue, match=reason):
        bare_address(text)
