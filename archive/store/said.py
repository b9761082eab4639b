"""What is said of an archive that was harmed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Said:
    """Sentences for people, in the order in which things were found."""

    lost: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)  # it is there, and a person has to look at it
    names: dict[str, str] = field(default_factory=dict)  # of lost records, by uid
