"""The result of a harness."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from faults.stores import Store, total_at

SHOWN = 30  # losses reported in detail


@dataclass
class Result:
    """The number of tries and losses, and the details of the first losses."""

    cycles: int = 0
    lost: int = 0
    details: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    skip: str = ""

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number

    def wrong(self, where: str, why: object) -> None:
        self.lost += 1
        if len(self.details) < SHOWN:
            self.details.append(f"{where}: {why}")

    def dump(self) -> dict[str, Any]:
        return asdict(self)


def complaint(store: type[Store], path: Path, allowed: set[int]) -> tuple[int, str]:
    """Return the checksum of the archive at `path`, and an error unless it is one of the `allowed`."""
    try:
        found = total_at(store, path)
    except Exception as error:
        return 0, f"cannot be opened: {type(error).__name__}: {error}"
    return found, "" if found in allowed else "an acknowledged change is missing, or a change is incomplete"
