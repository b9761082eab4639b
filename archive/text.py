"""Translate messages; clean, fold and sort text. This module is below all layers, so that each may use it."""

import gettext
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str) -> None:
    """Translate all messages into `language` ("zh") from now on; without a catalogue they stay English."""
    global _catalogue
    _catalogue = gettext.translation(
        "archive", Path(__file__).parent / "locale", languages=[language], fallback=True
    )


def _(message: str) -> str:
    """Translate a message. Use whole sentences with named placeholders: `_("{n} rows").format(n=3)`."""
    return _catalogue.gettext(message) if message else ""


def N_(message: str) -> str:
    """Mark a message for translation in its declaration; `_()` translates it when it is shown."""
    return message


def plural(singular: str, plural: str, n: int) -> str:
    """Return the singular or plural form of a message for `n`, with `{n}` filled in."""
    return _catalogue.ngettext(singular, plural, n).format(n=n)


# Visible signs for control characters. The C1 controls have none and become U+FFFD, as do surrogates.
_SIGNS = {code: chr(0x2400 + code) for code in range(0x20)}
_SIGNS |= {ord("\n"): "⏎", ord("\r"): "⏎", ord("\t"): "→", 0x7F: "␡"}
_SIGNS |= dict.fromkeys(range(0x80, 0xA0), "�")
_NO_CONTROLS = dict.fromkeys(_SIGNS.keys() - {ord("\t")})

# Invisible characters that hide or reorder the text around them:
# - soft hyphen, zero-width space, word joiner, byte order mark, Mongolian vowel separator, grapheme joiner, fillers of
#   Hangul and Khmer, line separators: terminals disagree on their width, and they make different names look alike;
# - direction marks, embeddings, overrides and isolates: they reorder a line;
# - annotations, format controls of shorthand, music and hieroglyphs, tags, unassigned ignorable characters: they hide
#   text.
# Not included: the joiners U+200C and U+200D, which Persian, Indic scripts and emoji need, and the Arabic, Syriac and
# Kaithi signs of the same category, which are visible.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U00013430-\U00013455\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
# A variation selector chooses the shape of the character before it: of an emoji or sign, of a Mongolian letter, of an
# ideograph in a name. After any other character it is hidden data.
_LONE_SELECTOR = re.compile(
    "(?<![0-9#*\u00a1-\ufdff\ufe10-\ufffd\U00010000-\U000dffff])[\ufe00-\ufe0f]"
    "|(?<![\u1807\u1820-\u18aa])[\u180b-\u180d\u180f]"
    "|(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]"
)
# The characters of both patterns that Python calls printable: without them, printable text is clean.
_PRINTABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def _visible(text: str) -> str:
    return _LONE_SELECTOR.sub("�", _HIDDEN.sub("�", text.translate(_SIGNS)))


_shown_before = lru_cache(maxsize=65536)(_visible)


def clean(text: str) -> str:
    """Make a line safe for a terminal: each control or hidden character is replaced by a visible sign.

    Only for display; stored data is never changed by it.
    """
    if text.isprintable() and (text.isascii() or not _PRINTABLE.search(text)):
        return text
    return _shown_before(text) if len(text) < 2000 else _visible(text)


def without_hidden(text: str) -> str:
    """Remove hidden characters. For text from or to the clipboard: nobody copies them on purpose."""
    return _LONE_SELECTOR.sub("", _HIDDEN.sub("", text))


def pasteable(text: str) -> str:
    """Make text safe to paste anywhere, even into a shell: a single line without control characters except tabs."""
    lines = (without_hidden(line).translate(_NO_CONTROLS).strip(" ") for line in text.splitlines())
    return " ".join(filter(None, lines))


def clean_lines(text: str) -> str:
    """Make text safe for a terminal like `clean`, but keep the line breaks."""
    return "\n".join(clean(line) for line in text.splitlines())


def cell_width(text: str) -> int:
    """Return the width of a cleaned text in terminal cells: 2 for a Chinese character, 0 for a combining accent."""
    return len(text) if text.isascii() else sum(map(char_width, text))


@lru_cache(maxsize=4096)
def char_width(char: str) -> int:
    """Return the width of a character in terminal cells."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


# Variants of apostrophes, quotation marks and hyphens that people and programs use interchangeably.
_TWINS = dict.fromkeys(
    "\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u00b4\u0060\ua78c\uff07",
    "'",
)
_TWINS |= dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u300c\u300d\uff02", '"')
_TWINS |= dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
# Letters that Unicode does not decompose, with the base letters that people type instead.
_BASES = str.maketrans(
    {
        **{
            "ł": "l",
            "ø": "o",
            "đ": "d",
            "ð": "d",
            "ħ": "h",
            "ŧ": "t",
            "ı": "i",
            "ĸ": "k",
            "ŋ": "n",
            "þ": "th",
            "⁄": "/",
        },
        **{
            "æ": "ae",
            "œ": "oe",
            "ƀ": "b",
            "ɓ": "b",
            "ƈ": "c",
            "ɖ": "d",
            "ɗ": "d",
            "ə": "e",
            "ɛ": "e",
            "ƒ": "f",
        },
        **{
            "ǥ": "g",
            "ɠ": "g",
            "ɨ": "i",
            "ɩ": "i",
            "ɉ": "j",
            "ƙ": "k",
            "ƚ": "l",
            "ɔ": "o",
            "ɵ": "o",
            "ƥ": "p",
        },
        **{"ɍ": "r", "ƭ": "t", "ʉ": "u", "ʋ": "v", "ƴ": "y", "ɏ": "y", "ƶ": "z", "ȥ": "z"},
    }
)


_JOINERS = "\u200c\u200d\u0640"  # the last stretches an Arabic word
_VOICED = "\u3099\u309a"  # voicing marks: unlike accents, they turn a Japanese letter into another


class _Folded(dict[int, str]):
    """Cache of the folded form of each character."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def _folded(char: str) -> str:
    if char.isspace():
        return " "
    if char in _JOINERS or _HIDDEN.fullmatch(char):
        return ""
    if (digit := unicodedata.decimal(char, -1)) >= 0:
        return str(digit)
    parts = unicodedata.normalize("NFKD", _TWINS.get(char, char))
    bare = "".join(_TWINS.get(part, part) for part in parts if _is_base(part))
    return unicodedata.normalize("NFC", bare).casefold().translate(_BASES)


def _is_base(char: str) -> bool:
    return char in _VOICED or not unicodedata.combining(char)


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Normalise text for searching, matching and sorting, so that different spellings of a name become equal.

    Ignores case, accents, full-width forms, invisible characters, repeated blanks and the kind of apostrophe,
    quotation mark or hyphen. Letters with a stroke and ligatures become their base letters: "Łukasz O’Neil" equals
    "lukasz o'neil", "Straße" equals "strasse", "Ærø" equals "aero". Chinese characters are not changed.
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    folded = unicodedata.normalize("NFC", text).translate(_FOLDED)
    return " ".join(unicodedata.normalize("NFC", folded).split())


_DIGITS = re.compile("[0-9]+")


def sort_key(text: str) -> str:
    """Return the sort key of a text: folded, without leading punctuation, and with numbers sorted by value.

    "Item 2" comes before "Item 10", "Ørsted" next to "Orsted", and "Quick" in quotation marks under Q.
    """
    return sort_key_of_folded(fold(text))


def sort_key_of_folded(folded: str) -> str:
    """Return the sort key of a text that is already folded."""
    start = next((index for index, char in enumerate(folded) if char.isalnum()), 0)
    return _DIGITS.sub(_by_length, folded[start:])


def _by_length(number: re.Match[str]) -> str:
    """Prefix a number with its count of digits, so that longer numbers sort later; each 9 means nine more digits."""
    digits = number[0].lstrip("0") or "0"
    nines, rest = divmod(len(digits), 9)
    return f"{'9' * nines}{rest}{digits}"


def nearest(word: str, choices: Iterable[str], most: int = 3, alike: float = 0.5) -> list[str]:
    """Return the known words that are most similar to `word`, for a suggestion after a typing error."""
    from difflib import get_close_matches  # slow to import, rarely needed

    return get_close_matches(word, list(choices), most, alike)
