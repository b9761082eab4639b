"""Signs as keyboards for Chinese, typesetters and other programs write them, as their ASCII twins."""

_TWINS = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_TWINS |= dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), ord(" "))
_TWINS |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63"), ord("-"))
_TWINS |= {
    ord("’"): ord("'"),
    ord("。"): ord("."),
    ord("、"): ord(","),
    ord("￥"): ord("¥"),
    ord("￡"): ord("£"),
}


def narrow(text: str) -> str:
    """`text` with full-width signs, odd blanks and odd minus signs as ASCII.

    Every character stays one character, so that positions in the result are positions in `text`.
    """
    return text if text.isascii() else text.translate(_TWINS)
