"""Write the rejected rows of an import to a CSV file that can be corrected and imported again.

It is CSV whatever the format of the imported file, because a rejected row need not fit any other format.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from archive.errors import CannotWrite
from archive.exchange.detect import REJECTED
from archive.exchange.writer import csv_pieces
from archive.files import write_whole
from archive.service.importing.plan import Plan
from archive.text import _

PIPE = "-"


def free_rejects_path(file: str) -> Path | None:
    """Return NAME.rejected.csv beside the file, with a number if that exists; None for stdin or a pipe."""
    if file == PIPE or not Path(file).is_file():
        return None
    stem = Path(file).name.removesuffix(Path(file).suffix).removesuffix(".rejected")
    names = itertools.chain(
        [f"{stem}.rejected.csv"], (f"{stem}.rejected-{n}.csv" for n in itertools.count(2))
    )
    paths = (Path(file).with_name(name) for name in names)
    return next(path for path in paths if not os.path.lexists(path))


def write_rejects(plan: Plan, path: Path) -> None:
    """Write the rejected rows, each after its line number and error, in the encoding of an imported text file.

    Raises:
        CannotWrite: The file exists or cannot be written.
    """
    if os.path.lexists(path) and not path.is_dir():
        raise CannotWrite(
            _("{path} already exists.").format(path=path),
            _("Name another file for the rejected rows: --rejects FILE."),
        )
    encoding = plan.encoding or "utf-8"
    pieces = csv_pieces(
        _rows(plan, encoding),
        delimiter=plan.delimiter or ",",
        for_file=True,
        raw=plan.options.raw,
        encoding=encoding,
    )
    write_whole(path, pieces)


def _rows(plan: Plan, encoding: str) -> Iterator[list[str]]:
    """Yield header and rows. Line and error are the first columns, because rows may be longer than the header."""
    left_out = {number for number, name in enumerate(plan.header) if name in REJECTED}
    yield [*REJECTED, *_without(plan.header, left_out)]
    for reject in plan.rejects:
        error = (
            f"{reject.error.column}: {reject.error.sentence}"
            if reject.error.column
            else reject.error.sentence
        )
        encodable = error.encode(encoding, "replace").decode(encoding)
        yield [str(reject.line), encodable, *_without(reject.cells, left_out)]


def _without(cells: list[str], left_out: set[int]) -> list[str]:
    return [cell for number, cell in enumerate(cells) if number not in left_out]
