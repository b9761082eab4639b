"""The filter language as an expression tree: `status:active (tag:vip | value:>1000) -rice`.

A blank means AND, `|` OR, `-` NOT. `parse(str(query)) == query`. `filters.py` defines the meaning of terms.
"""

from __future__ import annotations

from archive.errors import BadValue
from archive.model.lazy_re import Pattern
from archive.text import _

QUERY_CAP = 1_000
_FULL_WIDTH = str.maketrans("：（）｜＞＜＝－＂“”　", ':()|><=-""" ')
_KEY = Pattern(r"(?P<key>[^\W\d][\w.]*):(?P<op>>=|<=|>|<|=|)")
_NEGATES = Pattern(r"-[^\s|)]")
_BARE = Pattern(r'[^\s()|"]+')


class Query:
    """A condition on a record. Queries of the same class are equal if their parts are equal."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def __and__(self, other: Query) -> Query:
        return All.of([self, other])

    def __or__(self, other: Query) -> Query:
        return Either.of([self, other])

    def __invert__(self) -> Query:
        return self.query if isinstance(self, Not) else Not(self)


class Word(Query):
    """A word or phrase that occurs anywhere in the record."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return _quoted(self.text)


class Term(Query):
    """A condition on one field; `op` is one of "" (is, contains), "=", ">", ">=", "<", "<=", ".."."""

    def __init__(self, key: str, op: str, value: str, high: str = "") -> None:
        self.key, self.op, self.value, self.high = key, op, value, high

    @property
    def text(self) -> str:
        """The term as it was typed, without quotation marks."""
        return (
            f"{self.key}:{self.value}..{self.high}"
            if self.op == ".."
            else f"{self.key}:{self.op}{self.value}"
        )

    def __str__(self) -> str:
        if self.op == "..":
            return f"{self.key}:{_quoted(self.value, end=True)}..{_quoted(self.high, end=True)}"
        return f"{self.key}:{self.op}{_quoted(self.value)}"


class Not(Query):
    """The negation of a condition."""

    def __init__(self, query: Query) -> None:
        self.query = query

    def __str__(self) -> str:
        return f"-{_grouped(self.query)}"


class All(Query):
    """The conjunction of several conditions; an empty one matches every record."""

    def __init__(self, parts: tuple[Query, ...]) -> None:
        self.parts = parts

    @classmethod
    def of(cls, parts: list[Query]) -> Query:
        """Return the conjunction, with nested conjunctions flattened."""
        flat = [inner for part in parts for inner in (part.parts if isinstance(part, All) else (part,))]
        return flat[0] if len(flat) == 1 else cls(tuple(flat))

    def __str__(self) -> str:
        return " ".join(_grouped(part) if isinstance(part, Either) else str(part) for part in self.parts)


class Either(Query):
    """The disjunction of several conditions."""

    def __init__(self, parts: tuple[Query, ...]) -> None:
        self.parts = parts

    @classmethod
    def of(cls, parts: list[Query]) -> Query:
        """Return the disjunction, with nested disjunctions flattened."""
        flat = [inner for part in parts for inner in (part.parts if isinstance(part, Either) else (part,))]
        return flat[0] if len(flat) == 1 else cls(tuple(flat))

    def __str__(self) -> str:
        return " | ".join(map(str, self.parts))


EVERYTHING = All(())


def _grouped(query: Query) -> str:
    return f"({query})" if isinstance(query, All | Either) else str(query)


def _quoted(text: str, *, end: bool = False) -> str:
    """Quote `text` if the parser needs it. At an `end` of a range, its dots must not join those of the range."""
    melts = ".." in text or (end and "." in (text[:1], text[-1:]))
    plain = _BARE.fullmatch(text) and text[0] not in "-><=" and ":" not in text and not melts
    return text if plain else '"' + text.replace('"', "") + '"'


def parse(text: str) -> Query:
    """Parse a query.

    Raises:
        BadValue: The text is too long or has a syntax error.
    """
    if len(text) > QUERY_CAP:
        raise BadValue(
            _("The filter has {n} characters; at most {cap} are allowed.").format(
                n=f"{len(text):,}", cap=f"{QUERY_CAP:,}"
            ),
            _("Shorten it."),
        )
    reader = _Reader(text.translate(_FULL_WIDTH))
    query = reader.either(0)
    if reader.rest:
        raise BadValue(_("The filter has a ) without a matching (."))
    return query


def missing_value(key: str) -> BadValue:
    """Return the error for a term without a value."""
    return BadValue(
        _("There is no value after {key}: in the filter.").format(key=key),
        _("Write for example status:active, last:>90d, value:100..500 or has:phone."),
    )


class _Reader:
    """Recursive descent parser; `rest` is the unread part of the text."""

    DEEPEST = 30

    def __init__(self, text: str) -> None:
        self.rest = text.strip()

    def take(self, length: int) -> str:
        text, self.rest = self.rest[:length], self.rest[length:]
        return text

    def skip(self) -> None:
        self.rest = self.rest.lstrip()

    def either(self, depth: int) -> Query:
        parts = [self.conjunction(depth)]
        while self.rest.startswith("|"):
            self.take(1)
            self.skip()
            parts.append(self.conjunction(depth))
        conditions = [part for part in parts if part != EVERYTHING]
        return Either.of(conditions) if conditions else EVERYTHING

    def conjunction(self, depth: int) -> Query:
        parts: list[Query] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self.negation(depth))
            self.skip()
        conditions = [part for part in parts if part != EVERYTHING]
        return All.of(conditions) if conditions else EVERYTHING

    def negation(self, depth: int) -> Query:
        if _NEGATES.match(self.rest):
            self.take(1)
            inner = self.negation(depth + 1) if depth < self.DEEPEST else self.too_deep()
            return inner if inner == EVERYTHING else ~inner
        return self.atom(depth)

    def too_deep(self) -> Query:
        raise BadValue(_("The filter is nested too deeply."), _("Use fewer parentheses or minus signs."))

    def atom(self, depth: int) -> Query:
        if self.rest.startswith("("):
            return self.group(depth)
        match = _KEY.match(self.rest)
        if match:
            self.take(match.end())
            return self.term(match["key"], match["op"])
        return Word(self.text()) if self.rest[0] != '"' else self.phrase()

    def phrase(self) -> Query:
        text = self.text()
        return Word(text) if text.strip() else EVERYTHING

    def group(self, depth: int) -> Query:
        if depth >= self.DEEPEST:
            return self.too_deep()
        self.take(1)
        self.skip()
        inner = self.either(depth + 1)
        if not self.rest.startswith(")"):
            raise BadValue(_("The filter has a ( without a matching )."))
        self.take(1)
        return inner

    def term(self, key: str, op: str) -> Query:
        quoted = self.rest.startswith('"')
        value = self.text()
        if quoted and self.rest.startswith("..") and not op:
            self.take(2)
            return Term(key, "..", value, self.text())
        if not quoted and ".." in value and not op:
            low, _dots, high = value.partition("..")
            return Term(key, "..", low, high or self.text())
        return Term(key, op, value)

    def text(self) -> str:
        """Read a quoted text or a bare word."""
        if self.rest.startswith('"'):
            end = self.rest.find('"', 1)
            quoted = self.take(end + 1 if end > 0 else len(self.rest))
            return quoted.strip('"')
        match = _BARE.match(self.rest)
        return self.take(match.end()) if match else ""
