"""The registry of file formats. Each module of this package that declares `FORMAT` is a format; there is no list."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path, PurePath

from archive.errors import ArchiveError, UsageError
from archive.exchange.detect import codec_name
from archive.exchange.format import Certainty, Format
from archive.exchange.kinds import refuse_other_kinds
from archive.text import _


def formats() -> dict[str, Format]:
    """Return all formats by key, in declared order."""
    files = (file for folder in __path__ for file in sorted(Path(folder).glob("[a-z]*.py")))
    modules = [import_module(f"{__name__}.{file.stem}") for file in files]  # pkgutil would take longer
    declared: list[Format] = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {form.key: form for form in sorted(declared, key=lambda form: form.place)}


def readable() -> dict[str, Format]:
    """Return the formats that can be imported."""
    return {key: form for key, form in formats().items() if form.read}


def writable() -> dict[str, Format]:
    """Return the formats that can be exported; the first is the default."""
    return {key: form for key, form in formats().items() if form.write}


def format_named(key: str, choices: dict[str, Format]) -> Format:
    """Return the format with this key; the UsageError for an unknown key lists the formats."""
    if key not in choices:
        raise UsageError(_("There is no file format {name}.").format(name=key), _choose(choices.values()))
    return choices[key]


def format_of(head: bytes, suffix: str = "", encoding: str = "") -> Format:
    """Return the format with the highest certainty for a file; ties are broken by declared order.

    Args:
        head: The first bytes of the file.
        suffix: The suffix of its name.
        encoding: The encoding of its text, if it is known.

    Raises:
        UsageError: The encoding is unknown.
        ArchiveError: No format recognises the file.
    """
    candidates = readable().values()
    text = head.decode(codec_name(encoding), "ignore").encode() if encoding else head
    sure = {form.key: form.sniff(text, suffix.lower()) for form in candidates}
    best = max(candidates, key=lambda form: sure[form.key])
    if sure[best.key] is Certainty.NO:
        raise _not_recognised(head, candidates)
    return best


def format_for(name: str) -> Format:
    """Return the format in which to write a file of this name: by its suffix, or the default format if it has none.

    Raises:
        UsageError: No format has the suffix.
    """
    suffix, candidates = suffix_of(name), writable().values()
    for form in candidates:
        if suffix in form.suffixes or not suffix:
            return form
    raise UsageError(_("No file format has the suffix {suffix}.").format(suffix=suffix), _choose(candidates))


def suffix_of(name: str) -> str:
    """Return the suffix of a file name, in lower case and with the dot; "" if it has none."""
    return PurePath(name).suffix.lower()


def listed(choices: Iterable[Format]) -> str:
    """Return the formats with their suffixes: "csv (.csv, .tsv, .txt)"."""
    return ", ".join(f"{form.key} ({', '.join(form.suffixes)})" for form in choices)


def _choose(choices: Iterable[Format]) -> str:
    return _("Choose one of {formats}.").format(formats=listed(choices))


def _not_recognised(head: bytes, choices: Iterable[Format]) -> ArchiveError:
    readable_ones = _("Formats that can be imported: {formats}.").format(formats=listed(choices))
    try:
        refuse_other_kinds(head)
    except ArchiveError as error:
        return ArchiveError(error.message, f"{error.hint} {readable_ones}")
    return ArchiveError(_("The file has none of the formats that can be imported."), readable_ones)
