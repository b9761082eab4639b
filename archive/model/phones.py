"""Parsing of phone numbers: splitting text into numbers and labels, digits, national and international forms."""

from __future__ import annotations

import re

from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern

_TAIL = 7  # digits at the end that are the same with and without country and area code
_SHORTEST = 5  # digits; shorter numbers are searched for as typed
_SHORTEST_NATIONAL = 6
_NO_DIGITS = Pattern("[^0-9]+")
_SIMPLE = Pattern(r"(?!00)\+?[0-9 /.\-]+")  # most numbers
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_LABELS = "work|home|mobile|mobil|fax|office|private|privat|main|cell|direct|tel|phone|other|handy|pager"
_START = Pattern(r"(?:tel:)?[(]?[^\W\d_]*[\d+][\d\s()./+\-]*", re.IGNORECASE)
# Vanity numbers: letters joined to the digits (1-800-FLOWERS), or in capitals after a short number (0800 REIMER).
_JOINED = Pattern(rf"(?!(?:{_LABELS})\b)[A-Za-z]+(?:[-.]?[A-Za-z\d]+)*", re.IGNORECASE)
_CAPITALS = Pattern(rf"(?!(?i:{_LABELS})\b)[A-Z]{{2,}}(?:[- ]?[A-Z\d]{{2,}})*\b")
_EXTENSION = Pattern(
    r"\s*[,;]?\s*(?<![a-z])(?:ext(?:ension|n)?|durchwahl|dw|nebenstelle|poste|x|#|转|分机)\s?[.:=]?\s?\d+",
    re.IGNORECASE,
)
_PAUSES = Pattern(r"(?:\s*(?:[,;]+|(?<=\d)[pw]+|\s[pw]\s)\s*[\d*#]+)+", re.IGNORECASE)
# A word before a number is its label, as in "Fax 0228 5550148".
_WORD_FIRST = Pattern(r"\s*(?!tel:[+\d])(?P<word>[^\W\d_][^\d+(:]*?)[ .]*[:\s]\s*(?=\(?\+?\d)", re.IGNORECASE)
_SECOND = Pattern(
    r"\s*(?:[,;|、]|/|&|\b(?:or|and|oder|und)\b|或|和)\s+(?=(?:[a-z]+[.:]?\s*)?(?:\+|00?[1-9]|\(0)[\d\s()/.-]{5})"
    r"|\s*[,;|、]\s+(?=\d(?:[\s().-]?\d){5,}(?![\d#*]))",
    re.IGNORECASE,
)
_LONGEST_OF_ONE = 12  # characters


def split_numbers(text: str) -> list[str]:
    """Split a line with several numbers, each with its label: "0228 5550147 work, 0171 5550102".

    Digits after a comma or slash stay with the number if they are not a number themselves: "030 1234567,,12",
    "030 1234567/68".
    """
    if len(text) <= _LONGEST_OF_ONE:
        return [text]
    lines, start = [], 0
    for match in _SECOND.compiled.finditer(narrow(text)):
        if len(digits(text[start : match.start()])) >= _SHORTEST:
            lines.append(text[start : match.start()])
            start = match.end()
    return [*lines, text[start:]]


def split_word(text: str) -> tuple[str, str]:
    """Split off the word before a number: "Fax: 0228 5550148" gives ("Fax", "0228 5550148")."""
    match = _WORD_FIRST.match(narrow(text))
    return (
        (text[match.start("word") : match.end("word")].strip(), text[match.end() :]) if match else ("", text)
    )


def split_number(text: str) -> tuple[str, str]:
    """Split a line into the number as typed and the text after it: "1-800-FLOWERS", "work".

    The number includes vanity letters, extensions ("x12", "ext. 12", 转12) and pauses (",,12", "p12").
    """
    plain = narrow(text)
    match = _START.match(plain)
    if not match:
        return text, ""
    end = _letters_end(plain, match.end())
    for pattern in (_EXTENSION, _PAUSES, _EXTENSION):
        behind = pattern.match(plain, len(plain[:end].rstrip()))
        end = behind.end() if behind else end
    number = text[:end].rstrip(" \u3000(（./-–")
    return number.removeprefix("tel:"), text[len(number) :]


def _letters_end(plain: str, start: int) -> int:
    """Return the position after the vanity letters, and digits among them, that belong to the number."""
    so_far = plain[:start]
    count = sum(map(str.isdigit, so_far))
    joined = so_far[-1:] in "-." or (so_far[-1:].isdigit() and not _PAUSES.match(plain, start))
    if joined and not _EXTENSION.match(plain, start):
        match = _JOINED.match(plain, start)
        if match and (count < 7 or match[0].isupper()):
            return match.end()
    match = _CAPITALS.match(plain, start) if count <= 4 else None
    return match.end() if match else start


def digits(text: str) -> str:
    """Return the digits of a number, with full-width digits and digits of other scripts converted to ASCII."""
    if text.isascii():
        return _NO_DIGITS.sub("", text)
    return "".join(str(int(char)) for char in text if char.isdecimal())


def dialled(text: str) -> str:
    """Return the digits to dial, with the country code if there is one; no extension, letters as keypad digits.

    "+49 (0)228 555-0147 x12" gives 492285550147, "1-800-FLOWERS" gives 18003569377.
    """
    if _SIMPLE.fullmatch(text):
        return digits(text)
    if not digits(text):
        return ""
    number = narrow(split_number(split_word(text)[1])[0])
    for pattern in (_EXTENSION, _PAUSES):
        if behind := pattern.search(number):
            number = number[: behind.start()]
    bare = number.strip()
    if bare.startswith(("+", "00")):
        bare = bare.removeprefix("00").replace("(0)", "")
    return digits(bare.upper().translate(_KEYPAD))


def phone_tail(text: str) -> str:
    """Return the last digits of a number, the key for finding numbers that may be the same."""
    return dialled(text)[-_TAIL:]


def phone_key(text: str, region: str = "") -> str:
    """Return the number in E.164 with its extension, or only its digits if the country is unknown.

    Examples: "+861055550147", "+49301234567x4". `region` (ISO 3166) is the country of numbers without a country code.
    """
    import phonenumbers  # slow to import: only when numbers are compared

    number, extension = _without_extension(narrow(text).strip())
    abroad = not region and number.startswith("00")
    try:
        parsed = phonenumbers.parse(f"+{number[2:]}" if abroad else number, region or None)
    except phonenumbers.NumberParseException:
        key = digits(number) if split_number(text)[1].strip() else dialled(text)
    else:
        key = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        extension = extension or parsed.extension or ""
    return f"{key}x{extension}" if extension else key


def _without_extension(plain: str) -> tuple[str, str]:
    """Split off the extension, in any of the known languages."""
    match = _EXTENSION.search(plain)
    return (plain[: match.start()], digits(match[0])) if match else (plain, "")


def phone_forms(text: str, region: str = "") -> tuple[str, ...]:
    """Return the digit sequences under which a number may be stored: as typed, international, national.

    `region` is the country of numbers without a country code. If it is "", the leading zero of a national number is
    dropped, so that numbers stored with a country code are found too.
    """
    typed, international = digits(text), dialled(text)
    if len(typed) < _SHORTEST:
        return (typed,)
    forms = [typed, international, *(_forms_in(text, region) if region else ())]
    if not region and typed.startswith("0") and len(international) > _SHORTEST_NATIONAL:
        forms.append(international.removeprefix("0"))
    return tuple(dict.fromkeys(form for form in forms if form))


def _forms_in(text: str, region: str) -> tuple[str, ...]:
    import phonenumbers  # slow to import: only when a number is searched for

    try:
        number = phonenumbers.parse(narrow(text), region)
    except phonenumbers.NumberParseException:
        return ()
    international = digits(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    country = str(number.country_code)
    is_here = number.country_code == phonenumbers.country_code_for_region(region)
    if not is_here or len(international) - len(country) < _SHORTEST_NATIONAL:
        return (international,)
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    return international, digits(phonenumbers.format_number(number, national))
