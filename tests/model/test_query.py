"""Test parsing the filter language, including incomplete input, and formatting queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NAUGHTY

from archive.errors import BadValue
from archive.model.query import EVERYTHING, QUERY_CAP, All, Either, Not, Term, Word, parse

a, b, c = Word("a"), Word("b"), Word("c")
pieces = st.lists(
    st.sampled_from(
        [
            "a",
            "王",
            "city:",
            "value",
            ":",
            ">",
            ">=",
            "<",
            "=",
            "..",
            "-",
            "|",
            "(",
            ")",
            '"',
            " ",
            "：",
            "（",
            "“",
            "9",
        ]
    ),
    max_size=14,
).map("".join)
terms = st.builds(
    Term,
    st.sampled_from(["city", "addresses.city", "has"]),
    st.sampled_from(["", "=", ">", ">=", "<", "<="]),
    st.text("ab.:>- |()", min_size=1, max_size=6).filter(str.strip),
)
ranges = st.builds(
    Term, st.just("value"), st.just(".."), *[st.text("ab.1 :", min_size=1, max_size=4).filter(str.strip)] * 2
)
words = st.text("ab-:().|> ", min_size=1, max_size=6).filter(str.strip).map(Word)
queries = st.recursive(
    words | terms | ranges,
    lambda inner: st.one_of(
        inner.map(lambda query: ~query),
        st.builds(lambda one, two: one & two, inner, inner),
        st.builds(lambda one, two: one | two, inner, inner),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", EVERYTHING),
        ("  \u3000 ", EVERYTHING),
        ("()", EVERYTHING),
        ('""', EVERYTHING),
        ("-()", EVERYTHING),
        ("| |", EVERYTHING),
        ("a", a),
        ("a b", All((a, b))),
        ("a (b c)", All((a, b, c))),
        ("a|b | c", Either((a, b, c))),
        ("a b | c", Either((All((a, b)), c))),
        ("a (b | c)", All((a, Either((b, c))))),
        ("-a", Not(a)),
        ("--a", a),
        ("-(a | b)", Not(Either((a, b)))),
        ("-", Word("-")),
        ("a - b", All((a, Word("-"), b))),
        ("-|a", Either((Word("-"), a))),
        ("(a -)", All((a, Word("-")))),
        ("well-known", Word("well-known")),
        ('"a b" c', All((Word("a b"), c))),
        ('"a b', Word("a b")),
        ("city:Bonn", Term("city", "", "Bonn")),
        ('city:"New York"', Term("city", "", "New York")),
        ("addresses.city:Bonn", Term("addresses.city", "", "Bonn")),
        ("last:>90d", Term("last", ">", "90d")),
        ("value:>=1000", Term("value", ">=", "1000")),
        ("value:<=1000", Term("value", "<=", "1000")),
        ("value:<-5", Term("value", "<", "-5")),
        ("code:=C-1", Term("code", "=", "C-1")),
        ("value:100..500", Term("value", "..", "100", "500")),
        ('on:"1 Apr".."3 May"', Term("on", "..", "1 Apr", "3 May")),
        ('on:2026.."3 May"', Term("on", "..", "2026", "3 May")),
        ("has:phone -no:email", All((Term("has", "", "phone"), Not(Term("no", "", "email"))))),
        ("ｃｉｔｙ：北京", Term("ｃｉｔｙ", "", "北京")),
        (
            "value：＞1000　（tag：vip｜a）",
            All((Term("value", ">", "1000"), Either((Term("tag", "", "vip"), a)))),
        ),
        ("“a b”", Word("a b")),
        ("－a", Not(a)),
        ("10:30", Word("10:30")),
    ],
)
def test_typed_text_becomes_a_query(text, query):
    assert parse(text) == query


@pytest.mark.parametrize(
    "text",
    ["(", "(a", "a)", ")", "((a)", "-(", "a | (b", "x" * (QUERY_CAP + 1), "(" * 31 + ")" * 31, "-" * 40 + "a"],
)  # fmt: skip
def test_an_incomplete_filter_gets_an_error(text):
    with pytest.raises(BadValue, match=r"\.$|filter|missing"):
        parse(text)


@given(queries)
def test_queries_round_trip_through_text(query):
    assert parse(str(query)) == query


@given(st.text(max_size=40) | pieces)
def test_any_text_is_a_query_or_an_error(text):
    try:
        query = parse(text)
    except BadValue:
        return
    assert parse(str(query)) == query


@given(pieces)
def test_every_prefix_of_a_filter_can_be_typed(text):
    for end in range(len(text) + 1):
        try:
            parse(text[:end])
        except BadValue as error:
            str(error)


@pytest.mark.parametrize("text", ["value:100..500", 'on:"1 Apr".."3 May"', "on:2026..2027 (tag:vip | -rice)"])
def test_ranges_round_trip_through_text(text):
    assert str(parse(text)) == text


def test_naughty_strings_are_queries_or_errors():
    for text in NAUGHTY:
        try:
            query = parse(text)
        except BadValue:
            continue
        assert parse(str(query)) == query


def test_equal_queries_have_equal_hashes():
    one, other = parse("city:Bonn (tag:vip | -rice)"), parse("city:Bonn (tag:vip | -rice)")
    assert one == other
    assert {one: 1}[other] == 1
    assert parse("city:Bonn") != parse("city:=Bonn")
    assert parse("rice") != "rice"


def test_the_repr_of_a_query_is_its_text():
    assert repr(parse("city:Bonn -rice")) == "<All city:Bonn -rice>"


def test_combined_queries_are_flattened():
    assert a & b & c == All((a, b, c))
    assert a | b | c == Either((a, b, c))
    assert ~~a == a
    assert a & EVERYTHING == a
    assert str(a & (b | ~c)) == "a (b | -c)"
