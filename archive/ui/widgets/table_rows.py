"""The texts of table rows, fetched a page at a time and cached."""

from collections.abc import Callable, Sequence

from textual.cache import LRUCache

from archive.errors import ArchiveError
from archive.ui.widgets.table_lines import Cells

Fetch = Callable[[Sequence[str]], Sequence[Cells]]
"""Returns the cells of each record id, in the given order."""

# More than the lines of any screen, so that a page just fetched is still cached when it is drawn.
_CACHE_SIZE = 1024


class Rows:
    """A cache of the cells of records, which are fetched when first needed."""

    def __init__(self, fetch: Fetch, unreadable: Callable[[ArchiveError], Cells]) -> None:
        """Create an empty cache; `unreadable` returns the cells for a record that cannot be read."""
        self.fetch, self._unreadable = fetch, unreadable
        self._cache: LRUCache[str, Cells] = LRUCache(_CACHE_SIZE)

    def clear(self) -> None:
        """Drop all texts."""
        self._cache.clear()

    def cells(self, id: str, page: Callable[[], Sequence[str]]) -> Cells:
        """Return the cells of a record, fetching the missing rows of its `page` with it."""
        if id not in self._cache:
            missing = [other for other in page() if other not in self._cache]
            for other, cells in zip(missing, self._fetched(missing), strict=True):
                self._cache[other] = cells
        return self._cache[id]

    def _fetched(self, ids: Sequence[str]) -> Sequence[Cells]:
        """Fetch the cells together; if some cannot be read, fetch each separately."""
        try:
            return self.fetch(ids)
        except ArchiveError as error:
            if len(ids) == 1:
                return [self._unreadable(error)]
            return [self._fetched([id])[0] for id in ids]
