"""Regular expressions that are compiled on first use, because most runs need only a few of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any


class Pattern:
    """A lazily compiled `re.compile(text, flags)`."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self.text = text
        self.flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.text, self.flags)

    @property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """Same as `re.Pattern.match`, as are the other methods."""
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
