"""Random input for the terminal program, made from a seed: keys, words, pastes, clicks and resizes.

Each input is a line of text, so that a failing sequence can be printed, shortened and replayed:

    key ctrl+g          press a key, by Textual's name
    paste "text"        paste a text, in JSON
    click 12,5          click a cell
    size 50x20          resize the terminal
    rest                wait until every key has had its effect
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random

from strategies import HOSTILE

SIZES = [(80, 24), (120, 40), (160, 45), (50, 20), (40, 10), (20, 5)]
LETTERS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;-+*/()[]{}<>|!?'\"\\%@#=&_~^王建"
)
MOVES = [
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pageup",
    "pagedown",
    "tab",
    "shift+tab",
    "backspace",
    "delete",
]
CONTROLS = [
    "ctrl+s",
    "ctrl+g",
    "ctrl+n",
    "ctrl+o",
    "ctrl+p",
    "ctrl+u",
    "ctrl+k",
    "ctrl+w",
    "ctrl+a",
    "ctrl+e",
    "f1",
    "f2",
    "f4",
]
RARE = [
    "ctrl+c",
    "ctrl+q",
    "ctrl+x",
    "ctrl+v",
    "ctrl+z",
    "ctrl+d",
    "ctrl+r",
    "ctrl+pagedown",
    "ctrl+pageup",
    "ctrl+right",
    "ctrl+left",
    "shift+right",
    "shift+left",
    "shift+end",
    "f3",
    "f5",
    "f8",
    "insert",
    "ctrl+@",
    "alt+x",
    "ctrl+j",
]
PLACES = "tcdkplonwmsaih"
FILTERS = [
    "status:active",
    "tag:vip -rice",
    "value:>1000",
    "last:>90d",
    "(a | b",
    '"',
    "next:2w",
    "name:=",
    "-",
    "city:Bonn",
    "on:2026..",
    "value:..",
    "status:",
    "x" * 60,
]
LINES = [
    "call 10m price talk, send quote +2w",
    "they called: wants a discount",
    "电话 10分钟 谈价格, 发报价 下周五",
    "visit 1h samples next fri",
    "call no answer, try again tomorrow",
    ",",
    "call 99999999m x",
]
PURCHASES = [
    "20 bags rice @35.50 net30 yesterday",
    "3 Jasmine rice",
    "rice 20 bags =700",
    "20袋大米 @35.5 昨天",
    "@",
    "1e99 x @1e99",
    "2 kg beans @3 3 Apr",
]
PALETTE = [
    "undo",
    "redo",
    "help",
    "settings",
    "sort",
    "new",
    "import",
    "columns",
    "export",
    "delete",
    "views",
    "go",
    "quit",
    "copy",
]
FILES = ["contacts.csv", "purchases.csv", "contacts_zh.csv", "nothing.csv", ".", "/", "out.csv", "folder"]


def inputs(rng: Random, count: int) -> list[str]:
    """Make at least `count` inputs."""
    made: list[str] = []
    while len(made) < count:
        made.extend(_deed(rng))
    return made


def _deed(rng: Random) -> Iterator[str]:
    yield from rng.choices(_DEEDS, _WEIGHTS)[0](rng)
    if rng.random() < 0.3:
        yield "rest"


def key(name: str) -> str:
    return f"key {name}"


def typed(text: str) -> Iterator[str]:
    return map(key, text)


def _letters(rng: Random) -> Iterator[str]:
    return typed("".join(rng.choices(LETTERS, k=rng.randrange(1, 8))))


def _moves(rng: Random) -> Iterator[str]:
    name = rng.choice(MOVES)
    return iter([key(name)] * rng.randrange(1, 5))


def _control(rng: Random) -> Iterator[str]:
    yield key(rng.choice(CONTROLS))


def _rare(rng: Random) -> Iterator[str]:
    yield key(rng.choice(RARE))


def _enter(rng: Random) -> Iterator[str]:
    yield from [key("enter")] * rng.choice([1, 1, 1, 2, 3])


def _escape(rng: Random) -> Iterator[str]:
    """Leave screens; discard the changes of a form."""
    yield from [key("escape")] * rng.choice([1, 1, 2, 4])
    if rng.random() < 0.5:
        yield from [key("d"), key("escape")]


def _go(rng: Random) -> Iterator[str]:
    yield key("ctrl+g")
    yield from typed(rng.choice(PLACES) * rng.choice([1, 1, 1, 2]))


def _form(rng: Random) -> Iterator[str]:
    """Enter or edit a record, then save it, discard it or leave the form."""
    yield key(rng.choice("ne"))
    for _field in range(rng.randrange(4)):
        yield from _text(rng)
        yield key(rng.choice(["tab", "enter", "down", "shift+tab"]))
    yield key(rng.choice(["ctrl+s", "ctrl+s", "ctrl+n", "escape", "ctrl+q", "f4", "ctrl+o"]))
    if rng.random() < 0.5:
        yield from [key("escape"), key(rng.choice("sdx"))]


def _text(rng: Random) -> Iterator[str]:
    if rng.random() < 0.3:
        yield _pasted(rng)
    else:
        yield from typed(
            rng.choice(
                ["Ann Bell", "12.5", "2026-04-03", "+49 228 5550147", "fri", "20%", "王建国", "x", " ", "a;b"]
            )
        )


def _one_line(rng: Random) -> Iterator[str]:
    letter, lines = rng.choice([("l", LINES), ("b", PURCHASES)])
    yield key(letter)
    yield from typed(rng.choice(lines))
    yield key(rng.choice(["enter", "enter", "escape"]))


def _search(rng: Random) -> Iterator[str]:
    yield key("slash")
    yield from typed(rng.choice(FILTERS))
    yield key(rng.choice(["enter", "down", "escape"]))


def _palette(rng: Random) -> Iterator[str]:
    yield key(rng.choice(["colon", "ctrl+p"]))
    word = rng.choice(PALETTE)
    yield from typed(word[: rng.randrange(1, len(word) + 1)])
    yield key(rng.choice(["enter", "enter", "escape", "down"]))


def _import(rng: Random) -> Iterator[str]:
    yield from [key("ctrl+g"), key("i")]
    yield key(rng.choice("pf"))
    yield from typed(rng.choice(FILES))
    yield key("enter")
    if rng.random() < 0.7:
        yield "rest"
    yield from [
        key(name) for name in rng.sample(["tab", "enter", "o", "down", "ctrl+s", "ctrl+s", "escape"], 3)
    ]


def _question(rng: Random) -> Iterator[str]:
    """Open a dialog with a letter and answer it at once."""
    yield key(rng.choice("svcxXyudUtzwWa12345678g G]["))
    yield key(rng.choice(["enter", "escape", "down", "space", "ctrl+s", "q"]))


def _paste(rng: Random) -> Iterator[str]:
    yield _pasted(rng)


def _pasted(rng: Random) -> str:
    text = rng.choice([*HOSTILE, "a\nb\nc", "x" * 3000, "", "\t\t", "call 10m, x +2w"])
    return f"paste {json.dumps(text)}"


def _click(rng: Random) -> Iterator[str]:
    at = f"click {rng.randrange(80)},{rng.randrange(24)}"
    yield from [at] * rng.choice([1, 1, 2])


def _resize(rng: Random) -> Iterator[str]:
    width, height = rng.choice(SIZES)
    yield f"size {width}x{height}"


_MIX: dict[Callable[[Random], Iterator[str]], int] = {
    _letters: 8,
    _moves: 12,
    _control: 4,
    _rare: 1,
    _enter: 10,
    _escape: 10,
    _go: 6,
    _form: 5,
    _one_line: 5,
    _search: 4,
    _palette: 3,
    _import: 2,
    _question: 10,
    _paste: 2,
    _click: 3,
    _resize: 1,
}
_DEEDS, _WEIGHTS = list(_MIX), list(_MIX.values())
