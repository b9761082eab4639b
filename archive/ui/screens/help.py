"""The help page of a screen: its keys and the search syntax."""

from __future__ import annotations

import textwrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from archive.text import N_, _
from archive.ui.commands import Command, HasCommands, command, commands_of, show_key
from archive.ui.leaving import LeavesOnce
from archive.ui.safe_text import fit, template
from archive.ui.widgets.frame import KeyBar, TitleBar

FILTERS = [
    ("王建国  globex  5555 0147", N_("words and numbers anywhere in the record; punctuation is ignored")),
    ("status:active  city:Bonn", N_("a field equals or contains a value")),
    ("tag:vip  -tag:x", N_("tagged / not tagged")),
    ("last:>90d  bought:<2w", N_("last contact over 90 days ago; last order in the last 2 weeks")),
    ("since:>=2024  since:2024..2025-03", N_("from a date / between two dates")),
    ("value:>1000  orders:0", N_("revenue in 12 months (orders less returns); number of orders")),
    ("has:phone  no:email", N_("has a value / is empty")),
    ("product:rice  manager:li", N_("product bought; account manager")),
    ("(tag:vip | grade:A) -lost", N_("OR, grouping, NOT")),
]
TABLE_KEYS = [
    ("↑ ↓  j k", N_("move")),
    ("g G  home end", N_("first and last row")),
    ("space", N_("mark and move down")),
    ("shift+↑↓  J K", N_("mark a range; moving back shrinks it")),
    ("*", N_("mark all rows, or none")),
    ("enter", N_("open")),
]


class HelpScreen(HasCommands, LeavesOnce, Screen[None]):
    """The commands of a screen with their keys, generated from their declarations."""

    IS_EXPLAINED = False
    BINDINGS = [("j", "scroll_down"), ("k", "scroll_up")]

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._about = type(about)

    def on_resize(self) -> None:
        self.query_one("#lines", Static).update(Content("\n").join(self._lines()))

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with VerticalScroll(id="help"):
            yield Static(id="lines")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(TitleBar).show(_("Help"), _("esc closes help"))
        self.query_one("#help").focus()

    def _lines(self) -> list[Content]:
        here = [self._line(_keys(c), _(c.label), _(text)) for _name, c, text in commands_of(self._about)]
        everywhere = [
            self._line(_keys(c), _(c.label), _(text)) for _name, c, text in commands_of(type(self.app))
        ]
        return [
            *_block(_("This screen"), here),
            *_block(_("Tables"), [self._line(keys, "", _(text)) for keys, text in TABLE_KEYS]),
            *_block(_("Every screen"), everywhere),
            *_block(_("Search syntax"), [self._line(words, "", _(text), 34) for words, text in FILTERS]),
        ]

    def _line(self, keys: str, label: str, text: str, width: int = 14) -> Content:
        """Lay out keys, name and help text; the help text is wrapped beside them, or below them in a narrow window."""
        name = fit(label, 17) + " " if label else ""
        head = template("  [$text-accent]$keys[/]  [b]$name[/b]", keys=fit(keys, width), name=name)
        is_beside = self.app.size.width - head.cell_length - 4 > 24
        indent = head.cell_length if is_beside else 6
        wrapped = textwrap.wrap(text, max(10, self.app.size.width - indent - 4))
        words = [template("[$foreground 60%]$text[/]", text=line) for line in wrapped]
        if is_beside and words:
            head, words = Content.assemble(head, words[0]), words[1:]
        return Content("\n" + " " * indent).join([head, *words])

    @command("escape,q,question_mark", N_("Back"), footer=True)
    def action_back(self) -> None:
        """Close the help."""
        self.dismiss()


def _keys(declared: Command) -> str:
    return "  ".join(dict.fromkeys(show_key(key) for key in declared.keys.split(",")))


def _block(title: str, lines: list[Content]) -> list[Content]:
    return [template("[b]$title[/b]", title=title), *lines, Content()]
