"""Show an archive error on the screen that caused it, instead of ending the program.

Damage in a large archive is only found when the record is first read, which can happen in any handler.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, TypeVar, cast

import textual
from textual.dom import DOMNode
from textual.message import Message

from archive.errors import ArchiveError
from archive.ui.host import owner_of

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "shows_errors"
_HANDLERS = ("on_", "action_", "watch_")  # methods that Textual finds by name


def shows_errors(method: F) -> F:
    """Decorate a method of a screen or widget: show an ArchiveError that it raises, and return None."""

    @wraps(method)
    def guarded(widget: DOMNode, *arguments: Any, **more: Any) -> Any:
        try:
            result = method(widget, *arguments, **more)
        except ArchiveError as error:
            return owner_of(widget).show_error(error)
        return _awaited(widget, result) if inspect.iscoroutine(result) else result

    guarded.__dict__[_MARK] = True
    return cast(F, guarded)


async def _awaited(widget: DOMNode, result: Coroutine[Any, Any, Any]) -> Any:
    try:
        return await result
    except ArchiveError as error:
        return owner_of(widget).show_error(error)


def on(message: type[Message], selector: str | None = None) -> Callable[[F], F]:
    """Like `textual.on`, for a handler that shows errors."""

    def mark(method: F) -> F:
        return textual.on(message, selector)(shows_errors(method))

    return mark


class ShowsErrors:
    """Mixin for screens, widgets and the app: handlers, actions and watchers show errors."""

    def __init_subclass__(cls, **options: Any) -> None:
        for name, method in list(vars(cls).items()):
            if name.startswith(_HANDLERS) and inspect.isfunction(method) and not hasattr(method, _MARK):
                setattr(cls, name, shows_errors(method))
        super().__init_subclass__(**options)
