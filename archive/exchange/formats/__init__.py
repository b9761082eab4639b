"""File formats, each in its own module. There is no list: a new module is a new format."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from archive.errors import UsageError
from archive.exchange.format import Format
from archive.text import _


@cache
def formats() -> dict[str, Format]:
    """Return all formats by name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {module.FORMAT.name: module.FORMAT for module in modules}


def format_named(name: str) -> Format:
    """Return the format with this name; UsageError lists the available formats."""
    known = formats()
    if name not in known:
        raise UsageError(
            _("Files of the format {name} are not known.").format(name=name),
            _("There are {names}.").format(names=", ".join(known)),
        )
    return known[name]


def format_of(data: bytes) -> Format:
    """Return the format that recognises the data, or CSV, whose reader reports what is wrong with the data."""
    known = formats()
    return next((known[name] for name in known if known[name].sniff(data)), known["csv"])
