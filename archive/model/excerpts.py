"""Where search words are in a text, although both are compared in folded form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.text import fold

MOST = 20_000  # characters of a text that are looked at
_MOST_SPANS = 50

Span = tuple[int, int]


def spans(text: str, forms: Iterable[str]) -> list[Span]:
    """Return where a text contains any of the folded forms: first and last index, in order, without overlaps."""
    folded, places = _folded_with_places(text[:MOST])
    found = sorted(span for form in forms for span in _found(folded, form))[:_MOST_SPANS]
    merged: list[Span] = []
    for start, end in ((places[start], places[end - 1] + 1) for start, end in found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _found(folded: str, form: str) -> Iterator[Span]:
    start = folded.find(form) if form else -1
    while start >= 0:
        yield start, start + len(form)
        start = folded.find(form, start + len(form))


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Fold a text, and return for each folded character the index of the character it comes from."""
    folded: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text):
        part = " " if char.isspace() else fold(char)
        if part == " " and folded[-1:] in ([], [" "]):
            continue
        folded.extend(part)
        places.extend([index] * len(part))
    return "".join(folded), places
