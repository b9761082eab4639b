"""Which records answer a query, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from archive.model.derived import Field, Row
from archive.model.fields import Context, Record
from archive.model.filters import compile_query, find_field, search_words
from archive.model.kinds import Link
from archive.model.query import All, Either, Not, Query, Word
from archive.model.summary import NOTHING, Summary
from archive.store.index import TableIndex, day_of, name_of
from archive.text import fold


class Sort(NamedTuple):
    """A field's key and the direction; records without a value come last in both."""

    key: str = ""
    reverse: bool = False


UNSORTED = Sort()  # by name, or newest first where records have none


MOST_RANKED = 5_000  # more than these one does not look through, but types another letter


class Selector:
    """Selections of one table. The last order and the last answer are kept, so that each typed letter narrows."""

    def __init__(
        self,
        cls: type[Record],
        rows: Mapping[str, Mapping[str, Any]],
        index: TableIndex,
        summary: Callable[[str], Summary],
    ) -> None:
        self._cls, self._rows, self._index = cls, rows, index
        self._summary = summary if cls.TABLE == "customers" else _nothing
        self._order: tuple[Any, list[str]] | None = None
        self._answer: tuple[Any, list[str], list[str]] | None = None

    def changed(self) -> None:
        """Forget what was kept: records changed."""
        self._order = self._answer = None

    def select(
        self, query: Query, sort: Sort, ctx: Context, cancelled: Callable[[], bool] = lambda: False
    ) -> Sequence[str]:
        """The uids that answer `query`; a selection that was `cancelled` is empty and not kept."""
        words = plain_words(query)
        order = (sort, ctx.today)
        candidates = self._narrowed(order, words, ctx)
        if words is None:
            found = self._tested(candidates, query, ctx, cancelled)
        else:
            found = self._worded(candidates, words)
            self._answer = (order, words, found)
            if words and not sort.key:
                found = self._named_first(found, words)
        return [] if cancelled() else found

    def _narrowed(self, order: Any, words: list[str] | None, ctx: Context) -> list[str]:
        if words and self._answer and self._answer[0] == order and _narrows(words, self._answer[1]):
            return self._answer[2]
        if self._order is None or self._order[0] != order:
            self._order = (order, self._sorted(order[0], ctx))
        return self._order[1]

    def _worded(self, candidates: list[str], words: list[str]) -> list[str]:
        text = self._index.words if words else {}
        for word in sorted(words, key=len, reverse=True):
            folded, number = search_words(word)
            if number:
                candidates = [uid for uid in candidates if folded in text[uid] or number in text[uid]]
            else:
                candidates = [uid for uid in candidates if folded in text[uid]]
        return candidates

    def _named_first(self, found: list[str], words: list[str]) -> list[str]:
        """Records that have a word in their name stand before those that have it elsewhere."""
        if len(found) > MOST_RANKED:
            return found
        folded = [fold(word) for word in words]

        def elsewhere(uid: str) -> bool:
            name = fold(name_of(self._cls, self._rows[uid]))
            return not any(word in name for word in folded)

        return sorted(found, key=elsewhere)

    def _tested(
        self, candidates: Iterable[str], query: Query, ctx: Context, cancelled: Callable[[], bool]
    ) -> list[str]:
        test = compile_query(query, self._cls, ctx)
        words = self._index.words if has_words(query) else dict.fromkeys(self._rows, "")
        rows, summary = self._rows, self._summary
        found = []
        for number, uid in enumerate(candidates):
            if number % 2000 == 0 and cancelled():
                return []
            if test(Row(rows[uid], words[uid], summary(uid))):
                found.append(uid)
        return found

    def _sorted(self, sort: Sort, ctx: Context) -> list[str]:
        base = self._by_default()
        if not sort.key:
            return base
        rank = self._rank(sort.key, ctx)
        ranked = [(rank(uid), uid) for uid in base]
        present = [pair for pair in ranked if pair[0] is not None]
        present.sort(key=lambda pair: pair[0], reverse=sort.reverse)
        return [uid for _value, uid in present] + [uid for value, uid in ranked if value is None]

    def _by_default(self) -> list[str]:
        """By name; records without one newest first."""
        cls, rows = self._cls, self._rows
        if cls.NAMED_BY not in cls.FACTS:
            return sorted(rows, key=lambda uid: (day_of(cls, rows[uid]), uid), reverse=True)
        return sorted(rows, key=lambda uid: (fold(name_of(cls, rows[uid])), uid))

    def _rank(self, key: str, ctx: Context) -> Callable[[str], Any]:
        field = find_field(key, self._cls, ctx)
        rows, summary = self._rows, self._summary
        value_rank = _value_rank(field, ctx)

        def rank(uid: str) -> Any:
            for value in field.get(Row(rows[uid], "", summary(uid))):
                return value_rank(value)
            return None

        return rank


def _value_rank(field: Field, ctx: Context) -> Callable[[Any], Any]:
    kind = field.fact.kind if field.fact else None
    if isinstance(kind, Link):
        table = kind.table
        return lambda raw: fold(ctx.name_of(table, raw) if isinstance(raw, str) else raw["name"])
    return kind.rank if kind else lambda value: value


def _nothing(uid: str) -> Summary:
    return NOTHING


def plain_words(query: Query) -> list[str] | None:
    """The words of a query that is nothing but words; None for any other."""
    parts = query.parts if isinstance(query, All) else (query,)
    words = [part.text for part in parts if isinstance(part, Word)]
    return words if len(words) == len(parts) else None


def has_words(query: Query) -> bool:
    """Whether a query looks for words anywhere in a record."""
    if isinstance(query, All | Either):
        return any(map(has_words, query.parts))
    return has_words(query.query) if isinstance(query, Not) else isinstance(query, Word)


def _narrows(new: list[str], old: list[str]) -> bool:
    """Whether whatever answers `new` also answers `old`: each old word stands in a new one."""
    safe = not any(search_words(word)[1] for word in old)
    return safe and all(any(fold(word) in fold(longer) for longer in new) for word in old)
