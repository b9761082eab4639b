"""Measure the first paint of every place and of common screens: `python -m bench.first_paint`.

Each is compared with a bare screen in the same run: the same tree of containers, lists and inputs of Textual with the
same content, and the text of every other widget in a Static of the same place and size. That is what Textual itself
needs to mount, style, lay out and paint it. "Moved" counts the lines of the first frame that a later one changes,
other than by adding to their end.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static, TextArea

import archive
from archive.service.archive import Archive
from archive.settings import Settings
from archive.ui.app import ArchiveApp
from archive.ui.navigation import PLACES, Place
from archive.ui.screens.find import FindScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.help import HelpScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.record import RecordScreen

SAMPLE = Path(__file__).parents[1] / "sample_data" / "sample.archive.json"
TIMES = 11
QUIET = 0.6  # seconds without a frame after which a screen is complete
GOAL = 1.3
Make = Callable[[Archive], Screen[Any]]


class Watched(ArchiveApp):
    """An app that notes when each frame of the screen in front was painted, and its text."""

    CSS_PATH = str(Path(archive.__file__).parent / "ui" / "app.tcss")

    def watch_from_now(self) -> None:
        """Forget the frames noted so far."""
        self.since = perf_counter()
        self.frames: list[tuple[float, list[str]]] = []

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        super()._display(screen, renderable)
        if screen is self.screen and renderable is not None and screen.is_mounted:
            self.frames.append((perf_counter() - self.since, text_of(screen)))


def text_of(screen: Screen[Any]) -> list[str]:
    """Return the lines of a screen as they are painted."""
    return [strip.text.rstrip() for strip in screen._compositor.render_strips()]


class Bare(Screen[None]):
    """A screen with the tree of another one, and its texts in Statics."""

    def __init__(self, like: Screen[Any]) -> None:
        super().__init__()
        self._tree = [copied(child) for child in like.children if child.display]

    def compose(self) -> ComposeResult:
        for make in self._tree:
            yield make()


def copied(widget: Widget) -> Callable[[], Widget]:
    """Return a function that makes a bare copy of a widget and of everything in it."""
    size, parts = widget.outer_size, [copied(child) for child in widget.children if child.display]
    lines = [widget.render_line(y).text for y in range(widget.size.height)] if not parts else []
    prompts = [option.prompt for option in widget.options] if isinstance(widget, OptionList) else []

    def make() -> Widget:
        bare: Widget = Static(Content("\n".join(lines)))
        if parts:
            bare = Container(*(part() for part in parts))
        elif isinstance(widget, OptionList):
            bare = OptionList(*prompts)
        elif isinstance(widget, Input):
            bare = Input(widget.value)
        elif isinstance(widget, TextArea):
            bare = TextArea(widget.text)
        bare.styles.width, bare.styles.height = size
        return bare

    return make


async def painted(app: Watched, screen: Screen[Any]) -> tuple[float, int]:
    """Push a screen; return the seconds to its first frame with text, and how many of its lines later moved."""
    app.watch_from_now()
    await app.push_screen(screen)
    while not app.frames or perf_counter() - app.since - app.frames[-1][0] < QUIET:
        await asyncio.sleep(0.005)
    shown = [frame for frame in app.frames if any(frame[1])]
    first, last = shown[0], shown[-1]
    lines = zip(first[1], last[1], strict=False)
    moved = sum(bool(old.strip(" ▏")) and not new.startswith(old) for old, new in lines)
    await app.pop_screen()
    return first[0], moved


async def compared(app: Watched, make: Make) -> tuple[float, float, int]:
    """Return the median seconds of our screen and of the bare one, and the lines that moved."""
    ours, bare, moved = [], [], 0
    await app.push_screen(model := make(app.archive))
    await asyncio.sleep(QUIET)
    likes = Bare(model)._tree
    await app.pop_screen()
    for _time in range(TIMES):
        seconds, moved = await painted(app, make(app.archive))
        ours.append(seconds)
        plain = Bare(Screen())
        plain._tree = likes
        bare.append((await painted(app, plain))[0])
    return statistics.median(ours), statistics.median(bare), moved


def screens(archive: Archive) -> dict[str, Make]:
    """Return what makes each measured screen, by name."""
    customer = next(iter(archive.uids("customers")))
    made: dict[str, Make] = {place.title: partial(_place, place) for place in PLACES.values()}
    made["Profile"] = lambda _archive: ProfileScreen(customer, [customer])
    for table in ("contracts", "plans", "transactions"):
        made[f"Reading {table}"] = partial(_read, table)
    made["Form"] = lambda _archive: FormScreen("customers", customer)
    made["New customer"] = lambda _archive: FormScreen("customers")
    made["Find"] = lambda _archive: FindScreen("Find", [(str(n), f"Choice {n}") for n in range(40)])
    made["Help"] = lambda _archive: HelpScreen(Screen())
    return made


def _place(place: Place, _archive: Archive) -> Screen[Any]:
    return place.make()


def _read(table: str, archive: Archive) -> Screen[Any]:
    uid = next(iter(archive.uids(table)))
    return RecordScreen(table, uid, [uid])


async def measure(path: Path) -> bool:
    """Print each screen's time, that of the bare screen, and their ratio; return whether all are within the goal."""
    app = Watched(path, Settings(me="li", region="DE", date_order="ymd"))
    fits = True
    app.watch_from_now()
    async with app.run_test(size=(120, 40)):
        while not app.is_open:
            await asyncio.sleep(0.01)
        await asyncio.sleep(2)
        print(f"{'screen':<24}{'ours, ms':>10}{'bare, ms':>10}{'ratio':>8}{'moved':>7}")
        for name, make in screens(app.archive).items():
            ours, bare, moved = await compared(app, make)
            ratio = ours / bare
            fits = fits and ratio <= GOAL
            print(f"{name:<24}{ours * 1000:>10.1f}{bare * 1000:>10.1f}{ratio:>8.2f}{moved:>7}")
    return fits


def main() -> None:
    """Measure on a copy of the sample archive."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(XDG_DATA_HOME=str(folder / "data"), XDG_CONFIG_HOME=str(folder / "config"))
        shutil.copy(SAMPLE, folder / "archive.json")
        sys.exit(not asyncio.run(measure(folder / "archive.json")))


if __name__ == "__main__":
    main()
