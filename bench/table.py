"""Compare the table with Textual's DataTable: the same 100,000 rows and keys, CPU seconds in one run.

Run it with `python bench/table.py [ROWS]`.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from time import process_time

from textual.app import App, ComposeResult
from textual.widgets import DataTable

sys.path.insert(0, str(Path(__file__).parent.parent))

from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import Column

SIZE = (160, 45)
STEPS = 40
COLUMNS = [
    Column("code", "Code", 9),
    Column("name", "Name", 24, weight=2),
    Column("place", "Organisation", 24, weight=1),
    Column("status", "Status", 10),
    Column("last", "Last contact", 12),
    Column("sum", "Sum 12 m", 10, align="right"),
]


def row(number: int) -> list[str]:
    name = f"王建国 {number}" if number % 3 == 0 else f"Sample Customer {number}"
    return [
        f"C-{number:05}",
        name,
        f"Plain Trade {number % 97}",
        "active",
        f"{number % 400}d ago",
        f"{number:,}",
    ]


class Virtual(App[None]):
    """An app with our table."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def compose(self) -> ComposeResult:
        table = RecordTable(self.fetch)
        table.set_columns(COLUMNS)
        table.set_ids([str(number) for number in range(self.count)])
        yield table

    def fetch(self, ids: Sequence[str]) -> list[dict[str, str]]:
        return [dict(zip([column.key for column in COLUMNS], row(int(id)), strict=True)) for id in ids]


class Stock(App[None]):
    """An app with Textual's DataTable."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def compose(self) -> ComposeResult:
        table: DataTable[str] = DataTable(cursor_type="row")
        table.add_columns(*(column.label for column in COLUMNS))
        table.add_rows(row(number) for number in range(self.count))
        yield table


async def measure(app: App[None]) -> dict[str, float]:
    """Return the CPU seconds until the first frame, and per press of each key including its frame."""
    start = process_time()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        figures = {"ready": process_time() - start}
        for key in ("down", "pagedown"):
            start = process_time()
            for _ in range(STEPS):
                await pilot.press(key)
            figures[key] = (process_time() - start) / STEPS
    return figures


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    own, stock = asyncio.run(measure(Virtual(count))), asyncio.run(measure(Stock(count)))
    print(f"{count:,} rows, {SIZE[0]}x{SIZE[1]}, CPU ms")
    print(f"{'':10}{'RecordTable':>12}{'DataTable':>12}{'ratio':>9}")
    for what, seconds in own.items():
        ratio = stock[what] / seconds
        print(f"{what:10}{seconds * 1000:12.1f}{stock[what] * 1000:12.1f}{ratio:8.1f}x")


if __name__ == "__main__":
    main()
