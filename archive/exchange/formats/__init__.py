"""The file formats: one module each. Nothing lists them; a new module is a new format."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from archive.errors import UsageError
from archive.exchange.format import Format
from archive.text import _


@cache
def formats() -> dict[str, Format]:
    """Every format by its name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {module.FORMAT.name: module.FORMAT for module in modules}


def format_named(name: str) -> Format:
    """The format of that name; UsageError names the ones there are."""
    known = formats()
    if name not in known:
        raise UsageError(
            _("Files of the format {name} are not known.").format(name=name),
            _("There are {names}.").format(names=", ".join(known)),
        )
    return known[name]


def format_of(data: bytes) -> Format:
    """The format in which a file's bytes seem to be written; CSV where none claims them, to say what is wrong."""
    known = formats()
    return next((known[name] for name in known if known[name].sniff(data)), known["csv"])
