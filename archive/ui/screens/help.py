"""The help page of a screen: the keys that work on it now, and the search syntax."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import chain

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from archive.text import N_, _
from archive.ui.commands import HasCommands, command
from archive.ui.leaving import LeavesOnce
from archive.ui.safe_text import fit, template
from archive.ui.screens.help_lines import Key, help_for
from archive.ui.widgets.frame import KeyBar, TitleBar

KEY_CELLS = 13
NAME_CELLS = 17
SYNTAX_CELLS = 35
BESIDE = 24  # minimum width of a text beside the keys
TWO_COLUMNS = 140  # minimum width for two columns


class HelpScreen(HasCommands, LeavesOnce, Screen[None]):
    """The keys that work on a screen now, from their declarations."""

    IS_EXPLAINED = False
    BINDINGS = [("j", "scroll_down"), ("k", "scroll_up")]

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._help = help_for(about)  # now, because this screen must not keep the other one alive

    def on_resize(self) -> None:
        left, right = self._columns(self.app.size.width)
        self.query_one("#lines", Static).update(Content("\n").join(left))
        self.query_one("#more-lines", Static).update(Content("\n").join(right))
        self.query_one("#more-lines").display = bool(right)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with VerticalScroll(id="help"), Horizontal(id="help-columns"):
            yield Static(id="lines")
            yield Static(id="more-lines")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(TitleBar).show(_("Help"), _("keys that work on this screen now"))
        self.query_one("#help").focus()

    def _columns(self, width: int) -> tuple[list[Content], list[Content]]:
        """Return the lines of both columns; in a narrow window all lines are in the first."""
        is_wide = width >= TWO_COLUMNS
        width = (width - 4) // 2 if is_wide else width - 3
        blocks = self._blocks(width)
        first = len(blocks)
        if is_wide:
            heights = [len(block) for block in blocks]
            first = min(range(1, len(blocks) + 1), key=lambda n: max(sum(heights[:n]), sum(heights[n:])))
        return list(chain(*blocks[:first])), list(chain(*blocks[first:]))

    def _blocks(self, width: int) -> list[list[Content]]:
        blocks = [
            _block(title, [line for key in keys for line in _key_lines(key, width)])
            for title, keys in self._help.groups
        ]
        if self._help.syntax:
            lines = [line for syntax in self._help.syntax for line in _syntax_lines(*syntax, width)]
            fields = textwrap.wrap("  ".join(self._help.fields), max(10, width - 4))
            if fields:
                lines.append(template("  [b]$title[/b]", title=_("Fields of this list")))
                lines += [template("  [$foreground 60%]$line[/]", line=line) for line in fields]
            blocks.append(_block(_("Search syntax"), lines))
        return blocks

    @command("escape,q,question_mark", N_("Back"), footer=True)
    def action_back(self) -> None:
        """Close the help."""
        self.dismiss()


def _key_lines(key: Key, width: int) -> list[Content]:
    name = fit(key.name, NAME_CELLS) + " " if key.name else ""
    head = template("  [$text-accent]$keys[/] [b]$name[/b]", keys=fit(key.keys, KEY_CELLS), name=name)
    return _with_text(head, key.text, width)


def _syntax_lines(words: str, text: str, width: int) -> list[Content]:
    return _with_text(template("  [$text-accent]$words[/]", words=fit(words, SYNTAX_CELLS)), text, width)


def _with_text(head: Content, text: str, width: int) -> list[Content]:
    """Return the lines of an entry: its text is beside the head, or below it in a narrow column."""
    is_beside = width - head.cell_length >= min(BESIDE, len(text))
    indent = head.cell_length if is_beside else 6
    words = [
        template("[$foreground 60%]$text[/]", text=line)
        for line in textwrap.wrap(text, max(10, width - indent))
    ]
    if is_beside and words:
        head, words = Content.assemble(head, words[0]), words[1:]
    return [head, *(Content.assemble(" " * indent, line) for line in words)]


def _block(title: str, lines: Sequence[Content]) -> list[Content]:
    return [template("[b]$title[/b]", title=title), *lines, Content()]
