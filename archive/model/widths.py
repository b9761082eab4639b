"""Signs and digits as keyboards, typesetters and other programs write them, as their ASCII twins."""

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
    """The twin of each sign; that of a digit of another script is found when it is first met."""

    def __missing__(self, code: int) -> int:
        value = unicodedata.decimal(chr(code), -1)
        self[code] = code if value < 0 else ord("0") + value
        return self[code]


_NARROW = _Narrow(_TWINS)


def narrow(text: str) -> str:
    """`text` with full-width signs, odd blanks, dashes, apostrophes and digits of other scripts as ASCII.

    Every character stays one character, so that positions in the result are positions in `text`.
    """
    return text if text.isascii() else text.translate(_NARROW)
