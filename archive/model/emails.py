"""Parsing of e-mail addresses: several in a line, with display names, in angle brackets, as mailto: links."""

from __future__ import annotations

import re

from archive.errors import BadValue
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.text import _, without_hidden

_LONGEST, _LONGEST_LOCAL, _LONGEST_LABEL = 254, 64, 63  # RFC 5321, RFC 1035
_LINK = Pattern(r"\s*<?\s*mailto:\s*([^\s?>]*)(?:\?[^\s>]*)?>?", re.IGNORECASE)
_QUERY = Pattern(r"(mailto:[^\s?<>]*)\?[^\s<>]*", re.IGNORECASE)  # parameters such as subject, body and cc
_BRACKETS = Pattern(r"(?P<before>[^<>]*)<(?P<address>[^<>]*)>(?P<behind>[^<>]*)")
_LOCAL = Pattern(r"""[^\s@"<>(),:;\\\[\]]+|"[^"\\]+\"""")
_LABEL = Pattern(r"[^\W_](?:[\w-]*[^\W_])?")
_BETWEEN = Pattern(r"""(?:[^,;"<]|"[^"]*"|<[^>]*>)+""")
_SEMICOLONS = Pattern(r"""(?:[^;"<]|"[^"]*"|<[^>]*>)+""")
_JOINED = Pattern(r"(?<=\S)\s+(?:/|\||&|and|or|und|oder|et|和|或)\s+(?=\S*@)", re.IGNORECASE)
_PLAIN = Pattern(  # fast path: matches most addresses
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}"
)
_AROUND = " \t,;，；"


def split_addresses(text: str) -> list[str]:
    """Split a line with several addresses. Each keeps the name before it or the label after it.

    "ann@x.example, bob@x.example" gives two items; `"Bell, Ann" <ann@x.example>` and "ann@x.example work, home" are
    not split.
    """
    plain = _JOINED.sub(", ", _QUERY.sub(r"\1", narrow(without_hidden(text))))
    parts = _SEMICOLONS.findall(plain)  # in "Bell, Ann <...>; Doe, Joe <...>" the commas belong to the names
    if len([part for part in parts if "<" in part]) > 1:
        return [line for part in parts for line in _by_commas(part)]
    return _by_commas(plain)


def _by_commas(text: str) -> list[str]:
    pieces: list[str] = []
    for piece in _BETWEEN.findall(text):
        begins_new = "@" in piece and (not pieces or "@" in pieces[-1])
        if begins_new or not pieces:
            pieces.append(piece)
        else:
            pieces[-1] = f"{pieces[-1]},{piece}"
    return [line.strip(_AROUND) for piece in pieces for line in _by_blanks(piece) if line.strip(_AROUND)]


def _by_blanks(piece: str) -> list[str]:
    """Split "ann@x.example work bob@x.example" before the second address."""
    if "<" in piece or '"' in piece:
        return _by_brackets(piece)
    lines: list[list[str]] = [[]]
    for word in piece.split():
        if "@" in word and any("@" in other for other in lines[-1]):
            lines.append([])
        lines[-1].append(word)
    return [" ".join(line) for line in lines]


def _by_brackets(piece: str) -> list[str]:
    """Split "Ann <ann@x.example> Bob <bob@x.example>" after each address except the last."""
    parts = piece.split(">")
    if len(parts) < 3 or not all("<" in part for part in parts[:-1]):
        return [piece]
    return [f"{part}>" for part in parts[:-2]] + [f"{parts[-2]}>{parts[-1]}"]


def split_address(text: str) -> tuple[str, str]:
    """Split `Ann Bell <ann@x.example>` or "ann@x.example work" into the address and the other words."""
    bare = narrow(without_hidden(text)).strip(_AROUND)
    if link := _LINK.match(bare):
        return _unquoted(link[1].strip()), bare[link.end() :].strip()
    if match := _BRACKETS.fullmatch(bare):
        address = _LINK.sub(r"\1", match["address"]).strip()
        labels = match["before"].strip(""" "'"""), match["behind"].strip()
        return address, " ".join(words for words in labels if words and words != address)
    address, _blank, words = bare.partition(" ")
    if bare.startswith('"') or "@" not in address:
        return bare, ""
    return address.strip(_AROUND), words.strip()


def _unquoted(address: str) -> str:
    """Decode percent-encoded characters of a mailto: link, such as %2B."""
    if "%" not in address:
        return address
    from urllib.parse import unquote

    return unquote(address)


def bare_address(text: str) -> str:
    """Return the address without a name or mailto:.

    Raises:
        BadValue: The text is not a valid address, or contains several.
    """
    if len(text) <= _LONGEST_LOCAL and _PLAIN.fullmatch(text):
        return text
    if not text.strip():
        return ""
    lines = split_addresses(text)
    if len(lines) > 1:
        raise BadValue(
            _("These are {n} e-mail addresses: {text}").format(n=len(lines), text=text[:60]),
            _("Enter each on its own line."),
        )
    address, words = split_address(text)
    if words and "<" not in text and "mailto:" not in text.lower():
        address = f"{address} {words}"
    if reason := _fault(address):
        raise BadValue(reason, _("Write for example ann@north.example."))
    return address


def _fault(address: str) -> str:
    """Return why a text is not an e-mail address, or "" if it may be."""
    local, at, domain = address.rpartition("@")
    if not at:
        return _("An e-mail address needs an @: {text}").format(text=address)
    if local.endswith("@") or ("@" in local and '"' not in local):
        return _("{text} is not an e-mail address: it has more than one @.").format(text=address)
    if domain.endswith(".") and domain.strip("."):
        return _("{text} ends with a full stop, which is not part of an e-mail address.").format(text=address)
    labels = domain.split(".")
    if len(labels) < 2 or not all(labels):
        return _("{text} needs a domain such as north.example after the @.").format(text=address)
    if not _LOCAL.fullmatch(local) or not all(local.split(".")) or len(local) > _LONGEST_LOCAL:
        return _("{text} is not an e-mail address: {part} is not allowed before the @.").format(
            text=address, part=local or '""'
        )
    wrong = next((label for label in labels if not _is_label(label)), "")
    is_too_short = len(labels[-1]) < 2 and labels[-1].isascii()
    if wrong or labels[-1].isdigit() or is_too_short or len(address) > _LONGEST:
        return _("{text} is not an e-mail address: {part} is not allowed after the @.").format(
            text=address, part=wrong or domain
        )
    return ""


def _is_label(label: str) -> bool:
    return len(label) <= _LONGEST_LABEL and "_" not in label and _LABEL.fullmatch(label) is not None
