"""Every command in the palette, with its key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from archive.text import _
from archive.ui.commands import Command, commands_of


class CommandProvider(Provider):
    """Finds what can be done on the screen in front and in the app, by name and by what it does."""

    async def discover(self) -> Hits:
        for title, run, help_text in self._entries():
            yield DiscoveryHit(title, run, help=help_text)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, run, help_text in self._entries():
            score = max(matcher.match(title), matcher.match(help_text) / 2)
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=help_text)

    def _entries(self) -> Iterator[tuple[str, Any, str]]:
        for owner in (self.screen, self.app):
            for action, declared, help_text in commands_of(type(owner)):
                if owner.check_action(action, ()):
                    yield _title(declared), partial(_run, owner, action), _(help_text)


def _title(declared: Command) -> str:
    return f"{_(declared.label)}  ({declared.key_shown()})"


async def _run(owner: Screen[Any] | App[Any], action: str) -> None:
    await owner.run_action(action)
