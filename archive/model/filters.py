"""What the terms of a query mean for the records of a table: a query and a table make a test for kept rows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from archive.errors import BadValue
from archive.model.birthday_filter import birthday_test
from archive.model.dates import date_bounds, parse_span
from archive.model.derived import Field, Getter, Row, derived_fields, one
from archive.model.fields import Context, Fact, Record
from archive.model.kind_links import Links
from archive.model.kind_spans import LENGTH
from archive.model.kinds import Choice, Link, Share, digits
from archive.model.lists import ListOf
from archive.model.numbers import parse_number, parse_share
from archive.model.patterns import Pattern
from archive.model.query import All, Either, Not, Query, Term, Word
from archive.text import _, fold, nearest

_NUMBER = Pattern(r"\d[\d\s()./+-]{2,40}\d")  # found by its digits, whatever stands between them
Test = Callable[[Row], bool]
_ANY_DAY = Context(datetime.fromisoformat("2000-01-01"))

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


# Shorter words for the parts of a customer's lists.
_PARTS = {
    "city": "addresses.city",
    "country": "addresses.country",
    "postcode": "addresses.postcode",
    "organisation": "positions.organisation",
    "title": "positions.title",
}


WordMakers = list[tuple[str, Callable[[Any], Iterable[str]]]]
_WORD_MAKERS: dict[type[Record], WordMakers] = {}


def words_of(cls: type[Record], raw: Mapping[str, Any]) -> str:
    """Every text of a kept record, folded, a line each: what bare words are searched in. The name comes first."""
    found = [word for key, words in _word_makers(cls) if key in raw for word in words(raw[key])]
    found.extend(raw.get("extra", {}).values())
    found.extend(digits(number) for word in tuple(found) for number in _NUMBER.findall(word))
    return "\n".join(map(fold, found))


def _word_makers(cls: type[Record]) -> WordMakers:
    """The words of each field, the name's first."""
    if cls not in _WORD_MAKERS:
        facts = sorted(cls.FACTS.items(), key=lambda item: item[0] != cls.NAMED_BY)
        _WORD_MAKERS[cls] = [(key, fact.kind.words) for key, fact in facts]
    return _WORD_MAKERS[cls]


def search_words(text: str) -> tuple[str, str]:
    """A bare word as it is looked for: folded, and its digits where it is a number in any punctuation."""
    folded = fold(text)
    number = digits(text)
    is_number = len(number) >= 3 and not any(char.isalpha() for char in folded)
    return folded, number if is_number and number != folded else ""


def compile_query(query: Query, cls: type[Record], ctx: Context) -> Test:
    """The test that a query means for rows of a table; BadValue explains a term that cannot be understood."""
    if isinstance(query, Word):
        return _word_test(query.text)
    if isinstance(query, Not):
        inner = compile_query(query.query, cls, ctx)
        return lambda row: not inner(row)
    if isinstance(query, All | Either):
        tests = [compile_query(part, cls, ctx) for part in sorted(query.parts, key=_cheap_first)]
        return _every(tests) if isinstance(query, All) else _some(tests)
    assert isinstance(query, Term)
    return _term_test(query, cls, ctx)


def _cheap_first(query: Query) -> tuple[int, int]:
    """Words first, the longest of them first: they leave the fewest rows to the others."""
    return (0, -len(query.text)) if isinstance(query, Word) else (1, 0)


def _every(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)


def _some(tests: list[Test]) -> Test:
    return lambda row: any(test(row) for test in tests)


def _word_test(text: str) -> Test:
    folded, number = search_words(text)
    if number:
        return lambda row: folded in row.words or number in row.words
    return lambda row: folded in row.words


def _term_test(term: Term, cls: type[Record], ctx: Context) -> Test:
    if term.key in ("has", "no"):
        return _presence_test(term, cls, ctx)
    field = find_field(term.key, cls, ctx)
    if field.key == "product" and cls.TABLE == "customers":
        return _product_test(term, ctx)
    test = _FAMILIES[field.family](term, field, ctx)
    return lambda row: any(test(value) for value in field.get(row))


def _presence_test(term: Term, cls: type[Record], ctx: Context) -> Test:
    if term.op:
        raise BadValue(
            _("{key}: takes the name of a field.").format(key=term.key), _("Write for example has:phone.")
        )
    field = find_field(term.value, cls, ctx)
    get, wanted = field.get, term.key == "has"
    if field.family == "flag" or field.key == "orders":  # a flag that is not set and no order are nothing
        return lambda row: any(map(bool, get(row))) is wanted
    return lambda row: any(True for _value in get(row)) is wanted  # 0 is a value


def find_field(name: str, cls: type[Record], ctx: Context) -> Field:
    """The field that a word of the filter language names; BadValue with the nearest names otherwise."""
    name = name.lower()
    derived = derived_fields(cls, ctx)
    if name in derived:
        return derived[name]
    if cls.TABLE == "customers":
        if name == "product":
            return Field("product", "link", lambda row: row.summary.products or row.summary.linked_products)
        name = _PARTS.get(name, name)
    for key, fact in cls.FACTS.items():
        if name == key or name in fact.aliases:
            return Field(key, fact.kind.family, _getter(key, fact), fact, fact.ahead)
    return _part_field(name, cls)


def _getter(key: str, fact: Fact) -> Getter:
    if fact.kind.family == "flag":
        return lambda row: (row.raw.get(key, False),)
    return lambda row: one(row.raw.get(key))


def _part_field(name: str, cls: type[Record]) -> Field:
    """A field inside a list: addresses.city."""
    listed, _dot, part = name.partition(".")
    kind = cls.FACTS[listed].kind if listed in cls.FACTS else None
    if isinstance(kind, ListOf) and part in kind.part.FACTS:
        inner = kind.part.FACTS[part]
        return Field(
            name,
            inner.kind.family,
            lambda row: [p[part] for p in row.raw.get(listed, ()) if part in p],
            inner,
        )
    near = nearest(name, field_names(cls))
    raise BadValue(
        _("No field is called {name}.").format(name=name),
        _("Did you mean {names}?").format(names=", ".join(near))
        if near
        else _("`archive fields` lists them."),
    )


def field_names(cls: type[Record]) -> list[str]:
    """Every word that can stand before a colon for this table."""
    names = [name for key, fact in cls.FACTS.items() for name in (key, *fact.aliases, *_part_names(fact))]
    if cls.TABLE == "customers":
        names += [*_PARTS, "product"]
    return [*names, *derived_fields(cls, _ANY_DAY)]


def _part_names(fact: Fact) -> list[str]:
    return [f"{fact.key}.{part}" for part in fact.kind.part.FACTS] if isinstance(fact.kind, ListOf) else []


def _product_test(term: Term, ctx: Context) -> Test:
    """Bought, by any part of the product's name."""
    _no_order(term)
    wanted = fold(term.value)

    def named(uid: str) -> bool:
        return wanted in fold(ctx.name_of("products", uid))

    def test(row: Row) -> bool:
        bought = row.summary
        return any(wanted in name for name in bought.products) or any(map(named, bought.linked_products))

    return test


def _no_order(term: Term) -> None:
    if term.op not in ("", "="):
        raise BadValue(
            _("{key} is not a number or a date, {op} cannot compare it.").format(key=term.key, op=term.op),
            _("Write {key}:{value} instead.").format(key=term.key, value=term.value),
        )


def _text_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    wanted = fold(term.value)
    if term.op == "=":
        return lambda raw: fold(raw) == wanted
    number = search_words(term.value)[1]
    if number:
        return lambda raw: wanted in fold(raw) or number in digits(raw)
    return lambda raw: wanted in fold(raw)


def _choice_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    assert field.fact
    assert isinstance(field.fact.kind, Choice)
    wanted = field.fact.kind.parse(term.value, ctx)
    return lambda raw: bool(raw == wanted)


def _tags_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    wanted = fold(term.value)
    return lambda raw: any(fold(tag) == wanted for tag in raw)


def _flag_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    assert field.fact
    wanted = field.fact.kind.parse(term.value, ctx)
    return lambda raw: bool(raw == wanted)


def _weekdays_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    """Each of the days named is among the kept ones."""
    _no_order(term)
    assert field.fact
    wanted = set(field.fact.kind.parse(term.value, ctx))
    return lambda raw: wanted <= set(raw)


def _link_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    wanted = fold(term.value)
    assert field.fact
    assert isinstance(field.fact.kind, Link | Links)
    table = field.fact.kind.table

    def test(raw: Any) -> bool:
        if not isinstance(raw, str):
            return wanted in fold(raw["name"])
        return wanted in fold(ctx.name_of(table, raw)) or wanted == fold(ctx.code_of(table, raw))

    return test if isinstance(field.fact.kind, Link) else lambda raw: any(map(test, raw))


def _span_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    """Lengths of time, a month taken as the twelfth part of a year."""
    rank = LENGTH.rank
    wanted = rank(LENGTH.dump(parse_span(term.value)))
    if term.op == "..":
        high = rank(LENGTH.dump(parse_span(term.high)))
        return lambda raw: wanted <= rank(raw) <= high
    compare = _COMPARE[term.op]
    return lambda raw: compare(rank(raw), wanted)


def _list_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    _no_order(term)
    assert field.fact
    kind = field.fact.kind
    folded, number = search_words(term.value)

    def test(raw: Any) -> bool:
        words = "\n".join(map(fold, kind.words(raw)))
        return folded in words or bool(number and number in words)

    return test


def _number_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    read = parse_share if field.fact and isinstance(field.fact.kind, Share) else parse_number
    if term.op == "..":
        low, high = read(term.value, ctx.decimal), read(term.high, ctx.decimal)
        return lambda raw: low <= Decimal(raw) <= high
    wanted = read(term.value, ctx.decimal)
    compare = _COMPARE[term.op]
    return lambda raw: compare(Decimal(raw), wanted)


def _date_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    low, high = (day.isoformat() for day in _days(term, field, ctx))
    tests: dict[str, Callable[[Any], bool]] = {
        ">": lambda raw: raw[:10] > high,
        ">=": lambda raw: raw[:10] >= low,
        "<": lambda raw: raw[:10] < low,
        "<=": lambda raw: raw[:10] <= high,
    }
    return tests.get(term.op, lambda raw: low <= raw[:10] <= high)


def _days(term: Term, field: Field, ctx: Context) -> tuple[date, date]:
    """First and last day of what a term names."""
    if term.op == "..":
        ends = (*_age_or_days(term.value, field, ctx), *_age_or_days(term.high, field, ctx))
        return min(ends), max(ends)  # 30d..90d runs backwards
    return _age_or_days(term.value, field, ctx)


def _age_or_days(text: str, field: Field, ctx: Context) -> tuple[date, date]:
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


def _date_or_age_test(term: Term, field: Field, ctx: Context) -> Callable[[Any], bool]:
    """An age of more than 90 days is a day before that one; `last:90d` is within them."""
    if term.op == ".." or not _is_age(term.value):
        return _date_test(term, field, ctx)
    op = term.op or "<=" if field.ahead else _TURNED[term.op]
    return _date_test(Term(term.key, op, term.value), field, ctx)


_FAMILIES: dict[str, Callable[[Term, Field, Context], Callable[[Any], bool]]] = {
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
