"""Compilation of queries: turn a query and a table into a predicate on stored records."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Set
from datetime import date
from decimal import Decimal
from typing import Any

from archive.errors import BadValue
from archive.model.birthday_filter import birthday_test
from archive.model.dates import date_bounds, parse_span
from archive.model.derived import FilterField, Row
from archive.model.field_types.base import Context
from archive.model.field_types.duration import LENGTH
from archive.model.field_types.links import Links
from archive.model.field_types.standard import Choice, Link, Share
from archive.model.fields import Record
from archive.model.filter_fields import field_names, find_field
from archive.model.numbers import parse_number, parse_share
from archive.model.phones import digits
from archive.model.query import All, Either, Not, Query, Term, Word, missing_value
from archive.model.search_words import Needle, needle, needles, words_of
from archive.text import _, fold, nearest

__all__ = [
    "Test",
    "as_known",
    "compile_query",
    "misspelt",
    "nowhere_else",
    "words_of",
]

Test = Callable[[Row], bool]

_NEARLY = 0.7  # minimum similarity of a misspelt word and a field name
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


WithWord = Callable[[Needle], Set[str]]
"""Returns the uids of customers whose related records contain a word."""


def nowhere_else(needle: Needle) -> Set[str]:
    """Search no related records."""
    return frozenset()


def as_known(query: Query, cls: type[Record], ctx: Context) -> Query:
    """Turn terms on unknown fields into words: "http://x" is text, because no field is named http."""
    if isinstance(query, Not):
        return Not(as_known(query.query, cls, ctx))
    if isinstance(query, All | Either):
        return type(query).of([as_known(part, cls, ctx) for part in query.parts])
    if isinstance(query, Term) and query.key not in ("has", "no") and not _is_field(query.key, cls, ctx):
        return Word(query.text)
    return query


def misspelt(query: Query, cls: type[Record], ctx: Context) -> list[str]:
    """Return hints for words before a colon that resemble a field name; such terms are searched for as text."""
    if isinstance(query, Not):
        return misspelt(query.query, cls, ctx)
    if isinstance(query, All | Either):
        return [sentence for part in query.parts for sentence in misspelt(part, cls, ctx)]
    if not isinstance(query, Term) or query.key in ("has", "no") or _is_field(query.key, cls, ctx):
        return []
    near = nearest(query.key, field_names(cls), 3, _NEARLY)
    sentence = _("There is no field {name}, so {text} was searched for as text. Did you mean {names}?")
    return [sentence.format(name=query.key, text=query.text, names=", ".join(near))] if near else []


def _is_field(name: str, cls: type[Record], ctx: Context) -> bool:
    try:
        find_field(name, cls, ctx)
    except BadValue:
        return False
    return True


def compile_query(query: Query, cls: type[Record], ctx: Context, elsewhere: WithWord = nowhere_else) -> Test:
    """Return a predicate on the rows of a table; `elsewhere` finds customers by words in their related records.

    Raises:
        BadValue: A term is not valid.
    """
    if isinstance(query, Word):
        return _word_test(needle(query.text, ctx.region), elsewhere)
    if isinstance(query, Not):
        inner = compile_query(query.query, cls, ctx, elsewhere)
        return lambda row: not inner(row)
    if isinstance(query, All):
        return _every(list(_tests_of_all(query, cls, ctx, elsewhere)))
    if isinstance(query, Either):
        return _some([compile_query(part, cls, ctx, elsewhere) for part in query.parts])
    assert isinstance(query, Term)
    return _term_test(query, cls, ctx)


def _tests_of_all(query: All, cls: type[Record], ctx: Context, elsewhere: WithWord) -> Iterator[Test]:
    """Yield the tests of a conjunction: words first, longest first, because they exclude the most rows."""
    words = needles([part.text for part in query.parts if isinstance(part, Word)], ctx.region)
    for word in sorted(words, key=lambda word: -len(word.anchors[0])):
        yield _word_test(word, elsewhere)
    for part in query.parts:
        if not isinstance(part, Word):
            yield compile_query(part, cls, ctx, elsewhere)


def _every(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)


def _some(tests: list[Test]) -> Test:
    return lambda row: any(test(row) for test in tests)


def _word_test(word: Needle, elsewhere: WithWord) -> Test:
    others = elsewhere(word)
    if others:
        return lambda row: word.is_in(row.words) or row.raw["uid"] in others
    return lambda row: word.is_in(row.words)


def _term_test(term: Term, cls: type[Record], ctx: Context) -> Test:
    if term.key in ("has", "no"):
        return _presence_test(term, cls, ctx)
    field = find_field(term.key, cls, ctx)
    if not term.value.strip() or (term.op == ".." and not term.high.strip()):
        raise missing_value(term.key)
    if field.key == "product" and cls.TABLE == "customers":
        return _product_test(term, ctx)
    test = _FAMILIES[field.family](term, field, ctx)
    if earlier := field.earlier:
        return lambda row: any(map(test, (*field.get(row), *earlier(row))))
    return lambda row: any(test(value) for value in field.get(row))


def _presence_test(term: Term, cls: type[Record], ctx: Context) -> Test:
    if not term.value.strip():
        raise missing_value(term.key)
    if term.op:
        raise BadValue(
            _("{key}: needs the name of a field.").format(key=term.key), _("Write for example has:phone.")
        )
    field = find_field(term.value, cls, ctx)
    get, must_exist = field.get, term.key == "has"
    if field.family == "flag" or field.key == "orders":  # an unset flag and zero orders count as empty
        return lambda row: any(map(bool, get(row))) is must_exist
    return lambda row: any(True for _value in get(row)) is must_exist  # elsewhere, 0 is a value


def _product_test(term: Term, ctx: Context) -> Test:
    """Return a test whether the customer has a transaction with a product whose name contains the value."""
    _no_order(term)
    searched = fold(term.value)

    def named(uid: str) -> bool:
        return searched in fold(ctx.name_of("products", uid))

    def test(row: Row) -> bool:
        bought = row.summary
        return any(searched in product for product in bought.products) or any(
            map(named, bought.linked_products)
        )

    return test


def _no_order(term: Term) -> None:
    if term.op not in ("", "="):
        raise BadValue(
            _("{key} is neither a number nor a date, so {op} is not allowed.").format(
                key=term.key, op=term.op
            ),
            _("Write {key}:{value} instead.").format(key=term.key, value=term.value),
        )


def _text_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    text = fold(term.value)
    if term.op == "=":
        return lambda raw: fold(raw) == text
    text_needle = needle(term.value, ctx.region)
    if not text_needle.plain:
        return lambda raw: text_needle.is_in(f"{fold(raw)}\n{digits(raw)}")
    return lambda raw: text in fold(raw)


def _choice_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    assert field.declared
    assert isinstance(field.declared.type, Choice)
    choice = field.declared.type.parse(term.value, ctx)
    return lambda raw: bool(raw == choice)


def _tags_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    name = fold(term.value)
    return lambda raw: any(fold(tag) == name for tag in raw)


def _flag_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    assert field.declared
    flag = field.declared.type.parse(term.value, ctx)
    return lambda raw: bool(raw == flag)


def _weekdays_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    """Return a test whether all given weekdays are among the stored ones."""
    _no_order(term)
    assert field.declared
    weekdays = set(field.declared.type.parse(term.value, ctx))
    return lambda raw: weekdays <= set(raw)


def _link_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    name = fold(term.value)
    assert field.declared
    assert isinstance(field.declared.type, Link | Links)
    table = field.declared.type.table

    def test(raw: Any) -> bool:
        if not isinstance(raw, str):
            return name in fold(raw["name"])
        return name in fold(ctx.name_of(table, raw)) or name == fold(ctx.code_of(table, raw))

    return test if isinstance(field.declared.type, Link) else lambda raw: any(map(test, raw))


def _span_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    """Compare durations, with a month counted as 365.25 / 12 days."""
    rank = LENGTH.rank
    low = rank(LENGTH.dump(parse_span(term.value)))
    if term.op == "..":
        high = rank(LENGTH.dump(parse_span(term.high)))
        return lambda raw: low <= rank(raw) <= high
    compare = _COMPARE[term.op]
    return lambda raw: compare(rank(raw), low)


def _list_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    assert field.declared
    kind = field.declared.type
    text_needle = needle(term.value, ctx.region)
    return lambda raw: text_needle.is_in("\n".join(map(fold, kind.words(raw))))


def _number_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    read = parse_share if field.declared and isinstance(field.declared.type, Share) else parse_number
    if term.op == "..":
        low, high = read(term.value, ctx.decimal), read(term.high, ctx.decimal)
        return lambda raw: low <= Decimal(raw) <= high
    number = read(term.value, ctx.decimal)
    compare = _COMPARE[term.op]
    return lambda raw: compare(Decimal(raw), number)


def _date_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    low, high = (day.isoformat() for day in _days(term, field, ctx))
    tests: dict[str, Callable[[Any], bool]] = {
        ">": lambda raw: raw[:10] > high,
        ">=": lambda raw: raw[:10] >= low,
        "<": lambda raw: raw[:10] < low,
        "<=": lambda raw: raw[:10] <= high,
    }
    return tests.get(term.op, lambda raw: low <= raw[:10] <= high)


def _days(term: Term, field: FilterField, ctx: Context) -> tuple[date, date]:
    """Return the first and last day that a term covers."""
    if term.op == "..":
        ends = (*_age_or_days(term.value, field, ctx), *_age_or_days(term.high, field, ctx))
        return min(ends), max(ends)  # 30d..90d is in reverse order
    return _age_or_days(term.value, field, ctx)


def _age_or_days(text: str, field: FilterField, ctx: Context) -> tuple[date, date]:
    try:
        span = parse_span(text)
    except BadValue:
        return date_bounds(text, ctx.today, ctx.order)
    day = span.after(ctx.today) if field.ahead else span.before(ctx.today)
    return day, day


def _is_age(text: str) -> bool:
    try:
        parse_span(text)
    except BadValue:
        return False
    return True


_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "": ">=", "=": "="}


def _date_or_age_test(term: Term, field: FilterField, ctx: Context) -> Callable[[Any], bool]:
    """Compare dates, or ages: an age over 90 days means an earlier date, and `last:90d` means within 90 days."""
    if term.op == ".." or not _is_age(term.value):
        return _date_test(term, field, ctx)
    op = term.op or "<=" if field.ahead else _TURNED[term.op]
    return _date_test(Term(term.key, op, term.value), field, ctx)


_FAMILIES: dict[str, Callable[[Term, FilterField, Context], Callable[[Any], bool]]] = {
    "text": _text_test,
    "choice": _choice_test,
    "tags": _tags_test,
    "flag": _flag_test,
    "link": _link_test,
    "links": _link_test,
    "span": _span_test,
    "weekdays": _weekdays_test,
    "list": _list_test,
    "number": _number_test,
    "date": _date_or_age_test,
    "partial date": lambda term, field, ctx: birthday_test(term, ctx),
}
