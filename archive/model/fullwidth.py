"""Normalisation of full-width and typographic characters and of non-ASCII digits to ASCII."""

import unicodedata

_TWINS = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_TWINS |= dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), ord(" "))
_TWINS |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"), ord("-"))
_TWINS |= dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4"), ord("'"))
_TWINS |= {
    ord("。"): ord("."),
    ord("、"): ord(","),
    ord("￥"): ord("¥"),
    ord("￡"): ord("£"),
    ord("٫"): ord("."),
    ord("٬"): ord(","),
}


class _Narrow(dict[int, int]):
    """Translation table for `str.translate`; digits of other scripts are added when they first occur."""

    def __missing__(self, code: int) -> int:
        value = unicodedata.decimal(chr(code), -1)
        self[code] = code if value < 0 else ord("0") + value
        return self[code]


_NARROW = _Narrow(_TWINS)


def narrow(text: str) -> str:
    """Convert full-width characters, special blanks, dashes, apostrophes and digits of other scripts to ASCII.

    The length does not change, so positions in the result are valid in `text`.
    """
    return text if text.isascii() else text.translate(_NARROW)
