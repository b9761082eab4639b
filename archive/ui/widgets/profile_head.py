"""The head of a profile: all warnings at any height, and as much of the rest as fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from archive.service.archive import Archive
from archive.service.profile_head import Head, profile_head
from archive.ui.safe_text import lines, plain, template
from archive.ui.widgets.field_list import fact_rows

if TYPE_CHECKING:
    from archive.analysis.about import Insight

# (height, lines): on a screen lower than `height` the head has at most `lines` lines, but always all warnings.
ROOM = ((12, 1), (16, 2), (20, 4), (24, 5), (30, 6), (36, 8))
MOST = 9


class ProfileHead(Static):
    """Contact details, next step, warnings, and key facts in columns."""

    def show(self, archive: Archive, uid: str, insights: Sequence[Insight]) -> None:
        """Show a customer with their insights."""
        head = profile_head(archive, uid)
        told = [insight for insight in insights if insight.tone == "warn"]
        others = [(insight.label, insight.text, insight.tone) for insight in insights if insight not in told]
        head.warnings.extend(f"{insight.label}: {insight.text}" for insight in told)
        head.facts.extend(others)
        width, height = self.app.size
        self.update(Content("\n").join(head_lines(head, width - 2, _room(height))))


def _room(height: int) -> int:
    return next((most for limit, most in ROOM if height < limit), MOST)


def head_lines(head: Head, width: int, most: int) -> list[Content]:
    """Lay out a head in at most `most` lines. Only warnings exceed them: they are wrapped, and none is dropped."""
    warnings = _warnings(head.warnings, width)
    left = most - len(warnings)
    wanted = [head.reach, head.step, head.who]  # the first is the last to go
    kept = [text for text in wanted if text][: max(0, left)]
    above = [
        plain(text).truncate(width, ellipsis=True)
        for text in (head.who, head.reach, head.step)
        if text in kept
    ]
    facts = fact_rows(head.facts, width)[: max(0, left - len(above))]
    return [*above, *warnings, *facts]


def _warnings(warnings: Sequence[str], width: int) -> list[Content]:
    """Return the warnings in wrapped lines, with a sign at the beginning."""
    if not warnings:
        return []
    wrapped = lines(" · ".join(warnings)).wrap(max(8, width - 2))
    sign = [template("[$text-warning]! [/]"), *[plain("  ")] * len(wrapped)]
    return [
        Content.assemble(mark, line.stylize("$text-warning"))
        for mark, line in zip(sign, wrapped, strict=False)
    ]
