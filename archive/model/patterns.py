"""Regular expressions that are compiled when they are first used: many are declared, a run needs few."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any


class Pattern:
    """Stands for `re.compile(text, flags)`."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self.text = text
        self.flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, ready to use."""
        return re.compile(self.text, self.flags)

    @property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """As of a compiled expression; so are the others."""
        return self.compiled.match

    @property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.fullmatch

    @property
    def search(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.search

    @property
    def sub(self) -> Callable[..., str]:
        return self.compiled.sub

    @property
    def split(self) -> Callable[..., list[str]]:
        return self.compiled.split

    @property
    def findall(self) -> Callable[..., list[Any]]:
        return self.compiled.findall
