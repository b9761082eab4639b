"""Make an archive that exceeds every size limit above which large archives are handled differently."""

from __future__ import annotations

from pathlib import Path
from random import Random

from archive.store import Change
from faults.stores import Ours
from faults.work import customer

PEOPLE = 9_500
TEXT = 900  # characters per customer; in total more than the 8 MB up to which a file is read into memory
AT_ONCE = 2_000  # customers per save


def made(path: Path, rng: Random) -> Path:
    """Make a compacted archive and an older copy with 50 fewer customers. Returns the path of the copy."""
    opened = Ours(path)
    add(opened, rng, PEOPLE)
    opened.close()
    older = path.with_name("older.json")
    older.write_bytes(path.read_bytes())
    opened = Ours(path)
    add(opened, rng, 50)
    opened.compact()
    opened.close()
    return older


def add(opened: Ours, rng: Random, count: int) -> None:
    for start in range(0, count, AT_ONCE):
        people = [customer(rng, f"Person {start + n}") for n in range(min(AT_ONCE, count - start))]
        rows = [{**one, "background": f"{rng.getrandbits(64):016x}" * (TEXT // 16)} for one in people]
        opened.put("import", [Change("customers", row["uid"], row, None) for row in rows])
