"""Charts of reports: `archive.analysis.drawing` draws in roles, which are shown in the styles of the theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from archive.analysis.drawing.draw import draw
from archive.analysis.drawing.style import Drawn, Ink, Room, paragraph
from archive.analysis.formatting import Form
from archive.analysis.pictures import Picture
from archive.text import N_

_PARTS = (
    "accent dim bold good bad warn series1 series2 series3 series4 series5 series6 heat1 heat2 heat3 heat4 heat5 cursor"
).split()
LOWEST, HIGHEST = 14, 22  # minimum and maximum height of a chart, in lines
_BESIDE = 7  # lines of the screen reserved for the content around a chart


class Drawing(Widget):
    """Lines of styled text, laid out for the available width. Each role has a component style; "none" is default."""

    DEFAULT_CSS = """
    Drawing {
        height: auto;
        & > .drawing--none { color: $foreground; }
        & > .drawing--accent { color: $text-accent; }
        & > .drawing--dim { color: $text-muted; }
        & > .drawing--bold { color: $foreground; text-style: bold; }
        & > .drawing--good { color: $text-success; }
        & > .drawing--bad { color: $text-error; }
        & > .drawing--warn { color: $text-warning; }
        & > .drawing--series1 { color: $text-accent; }
        & > .drawing--series2 { color: $text-primary; }
        & > .drawing--series3 { color: $text-success; }
        & > .drawing--series4 { color: $text-warning; }
        & > .drawing--series5 { color: $text-error; }
        & > .drawing--series6 { color: $text-muted; }
        & > .drawing--heat1 { background: $primary 15%; color: auto 90%; }
        & > .drawing--heat2 { background: $primary 30%; color: auto 90%; }
        & > .drawing--heat3 { background: $primary 45%; color: auto 90%; }
        & > .drawing--heat4 { background: $primary 60%; color: auto 90%; }
        & > .drawing--heat5 { background: $primary 80%; color: auto 90%; }
        & > .drawing--cursor { background: $primary 30%; text-style: bold; }
        &:focus > .drawing--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
        &:ansi > .drawing--dim { text-style: dim; }
        /* Sixteen colours have no shades: the largest numbers are bold. */
        &:ansi > .drawing--heat1, &:ansi > .drawing--heat2, &:ansi > .drawing--heat3 { background: ansi_default; }
        &:ansi > .drawing--heat4, &:ansi > .drawing--heat5 { background: ansi_default; text-style: bold; }
        &:nocolor:focus > .drawing--cursor { text-style: bold reverse; }
    }
    """
    COMPONENT_CLASSES = {f"drawing--{part}" for part in ("none", *_PARTS)}
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._laid: tuple[tuple[int, int], list[Drawn]] | None = None

    def lay(self, width: int, height: int) -> list[Drawn]:
        """Return the lines for a width and a screen height."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Redo the layout, because the content has changed but not the size."""
        self._laid = None
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.redraw()

    def _lines(self, width: int) -> list[Drawn]:
        at = (width, self.app.size.height)
        if self._laid is None or self._laid[0] != at:
            self._laid = (at, self.lay(*at))
        return self._laid[1]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self._lines(width)
        inks = lines[y] if y < len(lines) else ()
        strip = Strip([Segment(ink.text, self._style(self.role_of(ink, y))) for ink in inks])
        return strip.adjust_cell_length(width, self._style(""))

    def role_of(self, ink: Ink, y: int) -> str:
        """Return the role in which a piece of a line is shown."""
        return ink.role

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"drawing--{role or 'none'}")


class Block(Drawing, can_focus=True):
    """A drawing with a heading, which is highlighted when focused."""

    DEFAULT_CSS = """
    Block { padding: 0 1 1 2; width: 1fr; }
    """
    BINDINGS = [
        Binding("down,j", "step(1)", N_("Next part"), show=False, id="block.down"),
        Binding("up,k", "step(-1)", N_("Previous part"), show=False, id="block.up"),
    ]

    @dataclass
    class Left(Message):
        """The cursor moves to the part below or above."""

        step: int

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def action_step(self, step: int) -> None:
        """Go to the part below or above."""
        self.post_message(self.Left(step))

    def role_of(self, ink: Ink, y: int) -> str:
        return "cursor" if y == 0 and self.has_focus else ink.role


class PictureBlock(Block):
    """A chart."""

    def __init__(self, picture: Picture, form: Form) -> None:
        super().__init__(f"picture {picture.key}")
        self.picture = picture
        self._form = form

    def lay(self, width: int, height: int) -> list[Drawn]:
        """Draw the chart as high as possible while leaving room for the content around it."""
        return draw(self.picture, Room(width, max(LOWEST, min(HIGHEST, height - _BESIDE)), self._form))


class NotesBlock(Block):
    """Notes about a report."""

    def __init__(self, label: str, notes: Sequence[str]) -> None:
        super().__init__("notes")
        self._label = label
        self._notes = notes

    def lay(self, width: int, height: int) -> list[Drawn]:
        lines = [line for note in self._notes for line in paragraph(f"* {note}", width, "  ")]
        return [(Ink(self._label, "bold"),), *((Ink(line, "dim"),) for line in lines)]
