"""Words of the program and text from outside. Below everything else, so that every layer may use it."""

import gettext
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str) -> None:
    """Translate from now on into `language` ("zh"); without a catalogue the English source stays."""
    global _catalogue
    _catalogue = gettext.translation(
        "archive", Path(__file__).parent / "locale", languages=[language], fallback=True
    )


def _(message: str) -> str:
    """The message in the user's language. Whole sentences, named placeholders: `_("{n} rows").format(n=3)`."""
    return _catalogue.gettext(message) if message else ""


def N_(message: str) -> str:
    """Mark a message for translation where it is declared; `_()` translates it where it is shown."""
    return message


def plural(one: str, many: str, n: int) -> str:
    """The form of a message that fits `n`, with `{n}` filled in."""
    return _catalogue.ngettext(one, many, n).format(n=n)


_VISIBLE = {"\n": "⏎", "\r": "⏎", "\t": "→", "\x7f": "␡"}
# Characters that print nothing and reorder or hide what stands around them.
_HIDDEN = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x2028, 0x2029, 0xFEFF}


def _stand_in(char: str) -> str:
    if char in _VISIBLE:
        return _VISIBLE[char]
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if 0x80 <= code < 0xA0 or 0xD800 <= code <= 0xDFFF or code in _HIDDEN:
        return "�"
    return char


@lru_cache(maxsize=65536)
def _cleaned(text: str) -> str:
    return "".join(map(_stand_in, text))


def clean(text: str) -> str:
    """`text` as one line that is safe on a terminal: controls, escapes and direction marks become visible signs.

    What is stored is never altered by this; it is the door to the screen.
    """
    if text.isascii() and text.isprintable():
        return text
    return _cleaned(text) if len(text) < 2000 else "".join(map(_stand_in, text))


def clean_lines(text: str) -> str:
    """Like `clean`, but line breaks stay line breaks."""
    return "\n".join(clean(line) for line in text.splitlines())


def cell_width(text: str) -> int:
    """The cells a cleaned text takes on a terminal: two for a Chinese character, none for an accent on its own."""
    return len(text) if text.isascii() else sum(map(char_width, text))


@lru_cache(maxsize=4096)
def char_width(char: str) -> int:
    """The cells of one character."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fold(text: str) -> str:
    """What a search compares: case folded, full-width forms as ASCII, accents dropped, blanks as one space.

    "Müller" and "muller" meet, so do "ＡＢＣ" and "abc"; Chinese characters are left as they are.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFC", kept).casefold().split())


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known words that `word` may have been meant to be, the likeliest first."""
    from difflib import get_close_matches  # for a mistake only

    return get_close_matches(word, list(known), most, 0.5)
