"""Compare the store with SQLite and TinyDB: `python -m bench.store [CUSTOMERS ...]`, ten transactions per customer.

Operations are interleaved, so that all stores meet the same disk conditions. Medians and ratios are printed, and
written to bench/results.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from archive.store import database
from bench import archives
from bench.archives import order
from bench.peers import Ours, Peer, Sqlite, Tiny, changed

RESULTS = Path(__file__).parent / "results"
SIZES = (1_000, 10_000, 100_000)
TINY_AT_MOST = 10_000
ROUNDS = 40
SLOW_ROUNDS = 3  # for operations that take TinyDB seconds
Times = dict[str, list[float]]

_MEMORY = """
import os, sys
from pathlib import Path
def anonymous():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1])
from bench.peers import Ours, Sqlite
before = anonymous()
peer = {"ours": lambda: Ours(Path(sys.argv[2])), "SQLite": lambda: Sqlite(Path(sys.argv[2]))}[sys.argv[1]]()
peer.first_page()
print(anonymous() - before)
"""


def main(words: list[str]) -> None:
    """Measure each size, and print and save the results."""
    RESULTS.mkdir(exist_ok=True)
    for count in [int(word) for word in words] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            table = measured(Path(folder), count)
        text = f"{machine()}\n\n{count:,} customers, {10 * count:,} transactions\n\n{table}"
        print(text, end="\n\n", flush=True)
        (RESULTS / f"store-{count}.md").write_text(f"{text}\n", encoding="utf-8")


def machine() -> str:
    """Return a description of the machine and its load."""
    day = time.strftime("%Y-%m-%d %H:%M")
    load = os.getloadavg()[0]
    return f"{day}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}"


def measured(folder: Path, count: int) -> str:
    """Return the results for a size as a Markdown table."""
    made: dict[str, float] = {}
    ours, sqlite = folder / "ours.json", folder / "peer.sqlite"
    made["ours"] = timed(lambda: archives.write(ours, count, 10 * count))
    made["SQLite"] = timed(lambda: filled(Sqlite(sqlite), count))
    tiny = folder / "tiny.json"
    if count <= TINY_AT_MOST:
        made["TinyDB"] = timed(lambda: filled(Tiny(tiny, caching=False), count))
        shutil.copy(tiny, folder / "cached.json")
    rows = [("made from nothing, s", {name: [seconds] for name, seconds in made.items()})]
    rows += [("open and first 50 by name, ms", opening(folder, count))]
    rows += [("the same without what is derived, ms", bare_opening(folder))]
    peers: list[Peer] = [Ours(ours), Sqlite(sqlite)]
    if count <= TINY_AT_MOST:
        peers += [Tiny(tiny, caching=False), Tiny(folder / "cached.json", caching=True)]
    rows += [(label, interleaved(peers, work)) for label, work in works(count).items()]
    for peer in peers:
        peer.close()
    rows.append(("memory after open, MB", memory(folder)))
    rows += while_compacting(ours, count)
    head = ["| | ours | SQLite | ours / SQLite | TinyDB | TinyDB, cached |", "|---|--:|--:|--:|--:|--:|"]
    return "\n".join([*head, *(line(label, times) for label, times in rows)])


def filled(peer: Sqlite | Tiny, count: int) -> None:
    """Fill a peer with all records and close it."""
    peer.fill(count, 10 * count)
    peer.close()


def opening(folder: Path, count: int) -> Times:
    """Return the milliseconds to open a store and read the first page, in the same process with warm file caches."""
    opens: dict[str, Callable[[], Peer]] = {
        "ours": lambda: Ours(folder / "ours.json"),
        "SQLite": lambda: Sqlite(folder / "peer.sqlite"),
    }
    if count <= TINY_AT_MOST:
        opens["TinyDB"] = lambda: Tiny(folder / "tiny.json", caching=False)
    times: Times = {name: [] for name in opens}
    for _round in range(SLOW_ROUNDS * 3):
        for name, make in opens.items():
            held: list[Peer] = []
            times[name].append(1000 * timed(partial(page_of, make, held)))
            held[0].close()
    return times


def page_of(make: Callable[[], Peer], held: list[Peer]) -> None:
    """Open a peer, append it to `held` for the caller to close, and read its first page."""
    held.append(make())
    assert len(held[0].first_page()) == 50


def bare_opening(folder: Path) -> Times:
    """Return the milliseconds to the first page without the index file beside the snapshot."""
    bare = folder / "bare.json"
    shutil.copy(folder / "ours.json", bare)
    held: list[Peer] = []
    return {"ours": [1000 * timed(partial(page_of, lambda: Ours(bare, write=False), held))]}


def while_compacting(path: Path, count: int) -> list[tuple[str, Times]]:
    """Return the milliseconds of saves, every 10 ms, while a child process writes a new snapshot."""
    bounds = database.LEAST, database.MOST
    database.LEAST = database.MOST = 0  # makes the next save start a checkpoint
    peer = Ours(path, checkpoints=True)
    times: list[float] = []
    peer.save(changed(0, count, -1))
    database.LEAST, database.MOST = bounds  # prevents further checkpoints, so that a single one is measured
    while peer.is_compacting:
        times.append(1000 * timed(lambda: peer.save(changed(len(times) % count, count, len(times)))))
        time.sleep(0.01)
    peer.close()
    rows = [("save while compacting, median, ms", statistics.median(times)), ("the longest, ms", max(times))]
    return [(label, {"ours": [value]}) for label, value in rows]


def works(count: int) -> dict[str, Callable[[Peer, int], object]]:
    """Return the operations to time, by label; each takes a peer and the number of the round."""
    uid = [f"{n * 7919 % count:016x}" for n in range(ROUNDS)]
    return {
        "durable save of a customer, ms": lambda peer, n: peer.save(
            changed(n * 31 % count, count, n + os.getpid())
        ),
        "durable new transaction, ms": lambda peer, n: peer.insert(order(10 * count + n, count)),
        "get by id, ms": lambda peer, n: peer.get(uid[n]),
        "transactions of a customer, ms": lambda peer, n: peer.of_customer(uid[n]),
        "customers with a text in them, ms": lambda peer, n: peer.search(f"{n * 7919 % count:06d}"),
        "revenue of every customer, ms": lambda peer, _n: peer.revenue(),
    }


def interleaved(peers: list[Peer], work: Callable[[Peer, int], object]) -> Times:
    """Return the milliseconds of each round; in every round, each peer runs once."""
    times: Times = {peer.name: [] for peer in peers}
    for n in range(ROUNDS):
        for peer in peers:
            if n < SLOW_ROUNDS or statistics.median(times[peer.name]) < 100:
                times[peer.name].append(1000 * timed(partial(work, peer, n)))
    return times


def memory(folder: Path) -> Times:
    """Return the megabytes of anonymous memory used by opening and the first page."""
    found: Times = {}
    for name, file in (("ours", "ours.json"), ("SQLite", "peer.sqlite")):
        words = [sys.executable, "-c", _MEMORY, name, str(folder / file)]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        found[name] = [int(said) / 1024]
    return found


def timed(work: Callable[[], object]) -> float:
    """Return the wall-clock seconds of a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def line(label: str, times: Times) -> str:
    """Return a row of the table."""
    medians = {name: statistics.median(found) for name, found in times.items()}
    ratio = medians["ours"] / medians["SQLite"] if "SQLite" in medians else None
    names = ("ours", "SQLite", None, "TinyDB", "TinyDB, cached")
    cells = [shown(ratio if name is None else medians.get(name)) for name in names]
    return f"| {label} | {' | '.join(cells)} |"


def shown(value: float | None) -> str:
    """Return a value with three significant digits."""
    return "" if value is None else f"{value:.3g}" if value < 100 else f"{value:,.0f}"


if __name__ == "__main__":
    main(sys.argv[1:])
