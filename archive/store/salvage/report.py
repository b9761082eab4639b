"""Messages for people, collected while a damaged archive is salvaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

About = tuple[str, int]  # a table, and the number of a record in it


class Remark(NamedTuple):
    """One sentence, and the record that it is about, if any."""

    text: str
    about: About | None = None


@dataclass
class SalvageReport:
    """What is lost, and what is there but has to be checked by a person, in the order in which it was found."""

    _lost: list[Remark] = field(default_factory=list)
    _doubtful: list[Remark] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # of lost records, by uid

    @property
    def lost(self) -> list[str]:
        """The sentences about what is lost."""
        return [remark.text for remark in self._lost]

    @property
    def doubtful(self) -> list[str]:
        """The sentences about what has to be checked."""
        return [remark.text for remark in self._doubtful]

    def lose(self, text: str, about: About | None = None) -> None:
        """Say that something is lost."""
        self._lost.append(Remark(text, about))

    def doubt(self, text: str, about: About | None = None) -> None:
        """Say that something has to be checked."""
        self._doubtful.append(Remark(text, about))

    def restate(self, records: Iterable[About]) -> None:
        """Withdraw what was said about records that are known again, each as a whole."""
        known = set(records)
        self._lost = [remark for remark in self._lost if remark.about not in known]
        self._doubtful = [remark for remark in self._doubtful if remark.about not in known]
