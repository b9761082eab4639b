"""Which records answer a query, in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from archive.model.derived import Field, Row
from archive.model.fields import Context
from archive.model.filters import compile_query, find_field, search_words
from archive.model.kinds import Link
from archive.model.query import All, Either, Not, Query, Word
from archive.model.summary import Summary
from archive.store.derived import has_names
from archive.store.table import Table
from archive.text import fold


class Sort(NamedTuple):
    """A field's key and the direction; records without a value come last in both."""

    key: str = ""
    reverse: bool = False


UNSORTED = Sort()  # by name, or newest first where records have none

_PAGES = 200  # uids that are all made at once; of more, those that are asked for
MOST_RANKED = 5_000  # more than these one does not look through, but types another letter


class Selector:
    """Selections of one table. The last order and the last answer are kept, so that each typed letter narrows."""

    def __init__(self, table: Table, summary: Callable[[str, str], Summary] | None) -> None:
        """`summary` is asked for customers, by uid and day."""
        self._table, self._cls, self._summary = table, table.cls, summary
        self._order: tuple[Any, Sequence[int]] | None = None
        self._answer: tuple[Any, list[str], Sequence[int]] | None = None

    def changed(self) -> None:
        """Forget what was kept: records changed."""
        self._order = self._answer = None

    def select(
        self, query: Query, sort: Sort, ctx: Context, cancelled: Callable[[], bool] = lambda: False
    ) -> Sequence[str]:
        """The uids that answer `query`; a selection that was `cancelled` is empty and not kept."""
        words = plain_words(query)
        order = (sort, ctx.today)
        slots = self._narrowed(order, words, ctx)
        if words is None:
            slots = self._tested(slots, query, ctx, cancelled)
        else:
            slots = self._worded(slots, words)
            self._answer = (order, words, slots)
            if words and not sort.key:
                slots = self._named_first(slots, words)
        return [] if cancelled() else self._uids(slots)

    def _uids(self, slots: Sequence[int]) -> Sequence[str]:
        return self._table.uids(slots) if len(slots) > _PAGES else list(map(self._table.uid, slots))

    def _narrowed(self, order: Any, words: list[str] | None, ctx: Context) -> Sequence[int]:
        if words and self._answer and self._answer[0] == order and _narrows(words, self._answer[1]):
            return self._answer[2]
        if self._order is None or self._order[0] != order:
            self._order = (order, self._sorted(order[0], ctx))
        return self._order[1]

    def _worded(self, slots: Sequence[int], words: list[str]) -> Sequence[int]:
        text = self._table.words if words else []
        for word in sorted(words, key=len, reverse=True):
            folded, number = search_words(word)
            if number:
                slots = [slot for slot in slots if folded in text[slot] or number in text[slot]]
            else:
                slots = [slot for slot in slots if folded in text[slot]]
        return slots

    def _named_first(self, slots: Sequence[int], words: list[str]) -> Sequence[int]:
        """Records that have a word in their name stand before those that have it elsewhere."""
        if len(slots) > MOST_RANKED or not has_names(self._cls):
            return slots
        folded, text = [fold(word) for word in words], self._table.words

        def elsewhere(slot: int) -> bool:
            name = text[slot].partition("\n")[0]
            return not any(word in name for word in folded)

        return sorted(slots, key=elsewhere)

    def _tested(
        self, slots: Sequence[int], query: Query, ctx: Context, cancelled: Callable[[], bool]
    ) -> Sequence[int]:
        test = compile_query(query, self._cls, ctx)
        words = self._table.words if has_words(query) else None
        until = ctx.today.isoformat()
        found = []
        for number, slot in enumerate(slots):
            if number % 2000 == 0 and cancelled():
                return []
            if test(self._row(slot, until, words)):
                found.append(slot)
        return found

    def _row(self, slot: int, until: str, words: Sequence[str] | None = None) -> Row:
        raw = self._table.light_row(slot) or {}
        told = words[slot] if words else ""
        return Row(raw, told, partial(self._summed, slot, until)) if self._summary else Row(raw, told)

    def _summed(self, slot: int, until: str) -> Summary:
        assert self._summary is not None
        return self._summary(self._table.uid(slot), until)

    def _sorted(self, sort: Sort, ctx: Context) -> Sequence[int]:
        base = self._table.order
        if not sort.key:
            return base
        rank = self._rank(sort.key, ctx)
        ranked = [(rank(slot), slot) for slot in base]
        present = [pair for pair in ranked if pair[0] is not None]
        present.sort(key=lambda pair: pair[0], reverse=sort.reverse)
        return [slot for _value, slot in present] + [slot for value, slot in ranked if value is None]

    def _rank(self, key: str, ctx: Context) -> Callable[[int], Any]:
        field = find_field(key, self._cls, ctx)
        value_rank, until = _value_rank(field, ctx), ctx.today.isoformat()
        get = field.ranked or field.get

        def rank(slot: int) -> Any:
            for value in get(self._row(slot, until)):
                return value_rank(value)
            return None

        return rank


def _value_rank(field: Field, ctx: Context) -> Callable[[Any], Any]:
    kind = field.fact.kind if field.fact else None
    if isinstance(kind, Link):
        table = kind.table
        return lambda raw: fold(ctx.name_of(table, raw) if isinstance(raw, str) else raw["name"])
    return kind.rank if kind else lambda value: value


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
