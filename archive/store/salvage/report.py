"""Messages for the user, collected while salvaging a damaged archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

About = tuple[str, int]  # a table, and the number of a record in it


class Remark(NamedTuple):
    """A message, and the record that it is about, if any."""

    text: str
    about: About | None = None


@dataclass
class SalvageReport:
    """Losses, and salvaged data that the user has to check, each in the order of discovery."""

    _lost: list[Remark] = field(default_factory=list)
    _doubtful: list[Remark] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # names of lost records by uid

    @property
    def lost(self) -> list[str]:
        """The messages about losses."""
        return [remark.text for remark in self._lost]

    @property
    def doubtful(self) -> list[str]:
        """The messages about data to check."""
        return [remark.text for remark in self._doubtful]

    def lose(self, text: str, about: About | None = None) -> None:
        """Report a loss."""
        self._lost.append(Remark(text, about))

    def doubt(self, text: str, about: About | None = None) -> None:
        """Report something that the user has to check."""
        self._doubtful.append(Remark(text, about))

    def restate(self, records: Iterable[About]) -> None:
        """Withdraw the messages about records that a later change in the journal contains completely."""
        restated = set(records)
        self._lost = [remark for remark in self._lost if remark.about not in restated]
        self._doubtful = [remark for remark in self._doubtful if remark.about not in restated]
