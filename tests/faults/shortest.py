"""Delta debugging: shorten a failing sequence by leaving out smaller and smaller pieces."""

from __future__ import annotations

from collections.abc import Callable


def shortest(made: list[str], fails: Callable[[list[str]], bool], tries: int) -> list[str]:
    """Shorten `made` in at most `tries` replays. Returns a subsequence that still fails, empty if none fails again."""
    left = _Left(fails, tries)
    found = _tail(made, left)
    if not found:
        return []
    size = max(1, len(found) // 2)
    while size and left.tries:
        found = _without_pieces(found, size, left)
        size //= 2
    return found


class _Left:
    """Replay sequences and count down the replays left."""

    def __init__(self, fails: Callable[[list[str]], bool], tries: int) -> None:
        self._fails, self.tries = fails, tries

    def fail(self, some: list[str]) -> bool:
        if not self.tries:
            return False
        self.tries -= 1
        return self._fails(some)


def _tail(made: list[str], left: _Left) -> list[str]:
    """Return the shortest tail that fails."""
    size = 16
    while size < len(made):
        if left.fail(made[-size:]):
            return made[-size:]
        size *= 4
    return made if left.fail(made) else []


def _without_pieces(found: list[str], size: int, left: _Left) -> list[str]:
    at = 0
    while at < len(found) and left.tries:
        rest = found[:at] + found[at + size :]
        if rest and left.fail(rest):
            found = rest
        else:
            at += size
    return found
