"""Find the records that match a query, and sort them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence, Set
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from archive.model.derived import FilterField, Row
from archive.model.field_types.base import Context
from archive.model.field_types.standard import Link
from archive.model.filter_fields import find_field
from archive.model.filters import as_known, compile_query, nowhere_else
from archive.model.name_match import NameMatch
from archive.model.query import All, Either, Not, Query, Word
from archive.model.search_words import Needle, is_number, needles
from archive.model.summary import Summary
from archive.store.indexed_records import IndexedRecords
from archive.store.indexes import has_names
from archive.store.related_search import RelatedSearch, Searched, slots_containing
from archive.text import fold, sort_key, sort_key_of_folded


class Sort(NamedTuple):
    """A field's key and the direction; records without a value come last in both directions.

    Records with equal values are sorted by the keys of `then`, in turn, and finally by the default order.
    """

    key: str = ""
    reverse: bool = False
    then: tuple[Sort, ...] = ()

    @classmethod
    def of(cls, keys: Sequence[Sort]) -> Sort:
        """Return the order by several keys, the most important first."""
        return cls(keys[0].key, keys[0].reverse, tuple(keys[1:])) if keys else cls()

    @property
    def keys(self) -> tuple[Sort, ...]:
        """The keys, the most important first; empty for the default order."""
        return (self._replace(then=()), *self.then) if self.key else ()


UNSORTED = Sort()  # by name, or newest first if records have no names

_PAGES = 200  # results up to this size are returned as a list, larger ones as a lazy sequence
_FEW = 200  # fewer customers are looked up singly; more are found in a scan of the uid column
MOST_RANKED = 5_000  # of longer results, only the names that begin with the text are moved to the top

_LAST = "\U0010ffff"  # sorts after every letter


class Selector:
    """Runs queries on a table.

    The last sort order and the last result are cached, so that a search narrows its last result with each letter typed.
    """

    def __init__(
        self,
        table: IndexedRecords,
        summary: Callable[[str, str], Summary] | None,
        related: RelatedSearch | None = None,
    ) -> None:
        """Search `table`.

        Args:
            table: The table.
            summary: For customers, returns the summary of a uid as of an ISO date.
            related: For customers, finds customers by the words in records that belong to them.
        """
        self._table, self._cls, self._summary = table, table.cls, summary
        self._related = related
        self._order: tuple[Any, Sequence[int]] | None = None
        self._answer: tuple[Any, list[str], Sequence[int]] | None = None
        self._folded_names: list[str] | None = None

    def changed(self) -> None:
        """Drop the cached order and result because records changed."""
        self._order = self._answer = self._folded_names = None
        if self._related:
            self._related.changed()

    def select(
        self, query: Query, sort: Sort, ctx: Context, cancelled: Callable[[], bool] = lambda: False
    ) -> Sequence[str]:
        """Return the uids of the matching records; an empty list if the query was `cancelled`."""
        query = as_known(query, self._cls, ctx)
        words = plain_words(query)
        order = (sort, ctx.today, ctx.region)
        slots = self._narrowed(order, words, ctx)
        if words is None:
            slots = self._tested(slots, query, ctx, cancelled)
            slots = slots if sort.key else self._named_first(slots, top_words(query))
        else:
            word_needles = needles(words, ctx.region)
            slots = self._worded(slots, word_needles)
            self._answer = (order, words, slots)
            others = self._in_related_too(slots, word_needles, cancelled)
            slots = self._joined(slots, others, words, sort, ctx)
        return [] if cancelled() else self._uids(slots)

    def by_name(self, words: list[str], ctx: Context) -> Sequence[str]:
        """Return the uids of the records whose name contains the words, best matching names first.

        A word with a digit or "@" may be anywhere in the record: it is a code, a telephone number or an address.
        """
        anywhere = [word for word in words if "@" in word or any(map(str.isdigit, word))]
        slots = self._worded(self._table.order, needles(anywhere, ctx.region))
        for word in (fold(word) for word in words if word not in anywhere):
            names = self._names
            slots = [slot for slot in slots if word in names[slot]]
        return self._uids(self._named_first(slots, words))

    def containing(
        self, searched: Searched, most: int, cancelled: Callable[[], bool]
    ) -> tuple[int, list[str]]:
        """Return the number of records that contain the words, and the uids of the first `most` of them.

        Best matching names come first, or the newest records if they have no names. The result is partial if the
        search was cancelled.
        """
        slots = slots_containing(self._table, searched, cancelled)
        in_order = (slot for slot in self._table.order if slot in slots) if slots else iter(())
        if has_names(self._cls):
            in_order = iter(self._named_first(list(in_order), searched.words))
        return len(slots), list(map(self._table.uid, islice(in_order, most)))

    @property
    def _names(self) -> list[str]:
        """The folded name of every slot, "" for deleted records."""
        names = self._folded_names
        if names is None:
            names = self._folded_names = [text.partition("\n")[0] for text in self._table.words]
        return names

    def _uids(self, slots: Sequence[int]) -> Sequence[str]:
        return self._table.uids(slots) if len(slots) > _PAGES else list(map(self._table.uid, slots))

    def _narrowed(self, order: Any, words: list[str] | None, ctx: Context) -> Sequence[int]:
        last = self._answer
        if words and last and last[0] == order and _narrows(words, last[1]):
            return last[2]
        return self._all(order, ctx)

    def _all(self, order: Any, ctx: Context) -> Sequence[int]:
        if self._order is None or self._order[0] != order:
            self._order = (order, self._sorted(order[0], ctx))
        return self._order[1]

    def _worded(self, slots: Sequence[int], word_needles: list[Needle]) -> Sequence[int]:
        text = self._table.words if word_needles else []
        # The longest first, because it is likely to leave the fewest records for the others.
        for needle in sorted(word_needles, key=lambda needle: len(needle.anchors[0]), reverse=True):
            if plain := needle.plain:
                slots = [slot for slot in slots if plain in text[slot]]
            else:
                slots = [slot for slot in slots if needle.is_in(text[slot])]
        return slots

    def _in_related_too(
        self, own: Sequence[int], word_needles: list[Needle], cancelled: Callable[[], bool]
    ) -> set[int]:
        """Return the slots of further customers that match if the records belonging to a customer are searched too."""
        if not self._related:
            return set()
        by_word = [(needle, self._related.customers(needle, cancelled)) for needle in word_needles]
        slots, text = set[int](), self._table.words if word_needles else []
        for slot, uid in self._slots_of(set[str]().union(*(uids for _needle, uids in by_word))):
            if all(uid in uids or needle.is_in(text[slot]) for needle, uids in by_word):
                slots.add(slot)
        return slots.difference(own) if slots else slots

    def _slots_of(self, uids: Set[str]) -> Iterator[tuple[int, str]]:
        """Yield slot and uid of the given customers, without deleted customers."""
        if len(uids) < _FEW:
            yield from ((slot, uid) for uid in uids if (slot := self._table.of(uid)) is not None)
            return
        column = self._table.column("uid")
        yield from ((slot, column[slot]) for slot in self._table.order if column[slot] in uids)

    def _joined(
        self, own: Sequence[int], others: set[int], words: list[str], sort: Sort, ctx: Context
    ) -> Sequence[int]:
        """Combine both results and sort them. Unsorted, the best matching names come first, and `others` come last."""
        if not sort.key:
            named = self._named_first(own, words)
            return [*named, *self._in_order(others, sort, ctx)] if others else named
        return self._in_order(others.union(own), sort, ctx) if others else own

    def _in_order(self, slots: Set[int], sort: Sort, ctx: Context) -> list[int]:
        return [slot for slot in self._all((sort, ctx.today, ctx.region), ctx) if slot in slots]

    def _named_first(self, slots: Sequence[int], words: list[str]) -> Sequence[int]:
        """Put names that begin with the words first, then names with words that begin with them, then other names.

        Args:
            slots: The matching slots, sorted by name.
            words: The words of the query.
        """
        if not words or not has_names(self._cls):
            return slots
        match = NameMatch(" ".join(words))
        if len(slots) > MOST_RANKED:
            return self._beginning_first(slots, match.text)
        text = self._table.words
        return sorted(slots, key=lambda slot: match.fit(text[slot].partition("\n")[0]))

    def _beginning_first(self, slots: Sequence[int], begin: str) -> Sequence[int]:
        """Move the names that begin with a text to the top; they are a block, unless numbers are sorted by value."""
        text, first = self._table.words, sort_key_of_folded(begin)
        if not first or any(char.isdigit() for char in begin):
            return slots

        def key(slot: int) -> str:
            return sort_key_of_folded(text[slot].partition("\n")[0])

        start = bisect_left(slots, first, key=key)
        end = bisect_left(slots, first + _LAST, lo=start, key=key)
        return [*slots[start:end], *slots[:start], *slots[end:]] if start < end else slots

    def _tested(
        self, slots: Sequence[int], query: Query, ctx: Context, cancelled: Callable[[], bool]
    ) -> Sequence[int]:
        test = compile_query(query, self._cls, ctx, self._with_word(cancelled))
        words = self._table.words if has_words(query) else None
        until = ctx.today.isoformat()
        matching = []
        for number, slot in enumerate(slots):
            if number % 2000 == 0 and cancelled():
                return []
            if test(self._row(slot, until, words)):
                matching.append(slot)
        return matching

    def _with_word(self, cancelled: Callable[[], bool]) -> Callable[[Needle], Set[str]]:
        related = self._related
        return partial(related.customers, cancelled=cancelled) if related else nowhere_else

    def _row(self, slot: int, until: str, words: Sequence[str] | None = None) -> Row:
        raw = self._table.light_row(slot) or {}
        text = words[slot] if words else ""
        return Row(raw, text, partial(self._summed, slot, until)) if self._summary else Row(raw, text)

    def _summed(self, slot: int, until: str) -> Summary:
        assert self._summary is not None
        return self._summary(self._table.uid(slot), until)

    def _sorted(self, sort: Sort, ctx: Context) -> Sequence[int]:
        order: Sequence[int] = self._table.order
        for by in reversed(sort.keys):  # each sort keeps the order of equal values
            order = self._sorted_by(by, order, ctx)
        return order

    def _sorted_by(self, sort: Sort, order: Sequence[int], ctx: Context) -> Sequence[int]:
        rank = self._rank(sort.key, ctx)
        ranked = [(rank(slot), slot) for slot in order]
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


def _value_rank(field: FilterField, ctx: Context) -> Callable[[Any], Any]:
    kind = field.declared.type if field.declared else None
    if isinstance(kind, Link):
        table = kind.table
        return lambda raw: sort_key(ctx.name_of(table, raw) if isinstance(raw, str) else raw["name"])
    return kind.rank if kind else lambda value: value


def plain_words(query: Query) -> list[str] | None:
    """Return the words of a query that consists of words only, or None for any other query."""
    words = top_words(query)
    return words if len(words) == (len(query.parts) if isinstance(query, All) else 1) else None


def top_words(query: Query) -> list[str]:
    """Return the words that every match of a query contains, without those inside groups."""
    parts = query.parts if isinstance(query, All) else (query,)
    return [part.text for part in parts if isinstance(part, Word)]


def has_words(query: Query) -> bool:
    """Return whether a query searches for words anywhere in a record."""
    if isinstance(query, All | Either):
        return any(map(has_words, query.parts))
    return has_words(query.query) if isinstance(query, Not) else isinstance(query, Word)


def _narrows(new: list[str], old: list[str]) -> bool:
    """Return whether every match of `new` also matches `old`, because each old word is part of a new word.

    Telephone numbers are excluded, because they also match in other spellings.
    """
    safe = not any(is_number(fold(word)) for word in old)
    return safe and all(any(fold(word) in fold(longer) for longer in new) for word in old)
