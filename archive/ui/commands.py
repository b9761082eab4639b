"""Declare commands: the decorator on an action defines its key, label, footer and palette entry, and help.

    @command("n", N_("New"), footer=True)
    def action_new(self) -> None:
        \"\"\"Add a customer.\"\"\"

The docstring is the help text. The id for remapping the key is "<screen>.<action>". A command that is not always
available has a condition `when`, and is hidden and disabled while that is false:

    @command("t", N_("Revert"), footer=True, when=lambda screen: screen.line is not None)

A command that changes the archive is declared with `writes=True`: if the archive is read-only, it is not offered, and
pressing its key shows the reason.

A command that deletes or rewrites data at once, without a form, is declared with `destructive=True`: its key runs it,
but the palette runs it only by its full name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar, TypeVar, cast

from textual.binding import Binding

from archive.errors import ArchiveError
from archive.ui.error_guard import ShowsErrors
from archive.ui.host import refused_while_reading

F = TypeVar("F", bound=Callable[..., Any])

# The same keys as typed with a Chinese input method.
FULL_WIDTH = {
    "slash": "fullwidth_solidus",
    "question_mark": "fullwidth_question_mark",
    "colon": "fullwidth_colon",
    "left_square_bracket": "left_black_lenticular_bracket",
    "right_square_bracket": "right_black_lenticular_bracket",
    "comma": "fullwidth_comma",
    "full_stop": "ideographic_full_stop",
}
KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "comma": ",",
    "full_stop": ".",
    "space": "space",
    "escape": "esc",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}


When = Callable[[Any], bool]
"""Given the screen, whether its command is available."""


def always(_screen: Any) -> bool:
    """Condition of a command that is always available."""
    return True


@dataclass(frozen=True)
class Command:
    """The declaration of a command."""

    keys: str  # Textual key names, separated by commas; the first is shown
    label: str
    footer: bool
    priority: bool
    shown: str
    when: When
    writes: bool
    destructive: bool

    def key_shown(self) -> str:
        """Return the display name of the key."""
        return self.shown or show_key(self.keys.split(",")[0])


def show_key(key: str) -> str:
    """Return the display name of a key: "question_mark" is "?"; "ctrl+s" stays."""
    return KEY_NAMES.get(key, key)


def command(
    keys: str,
    label: str,
    *,
    footer: bool = False,
    priority: bool = False,
    shown: str = "",
    when: When = always,
    writes: bool = False,
    destructive: bool = False,
) -> Callable[[F], F]:
    """Declare an `action_…` method as a command of its screen; `shown` replaces the display name of its key."""

    def mark(action: F) -> F:
        marked = _refused_while_reading(action) if writes else action
        marked.__dict__["command"] = Command(keys, label, footer, priority, shown, when, writes, destructive)
        return marked

    return mark


def _refused_while_reading(action: F) -> F:
    """Wrap an action so that it shows an error instead if the archive is read-only."""

    @wraps(action)
    def guarded(owner: Any) -> Any:
        return None if refused_while_reading(owner) else action(owner)

    return cast(F, guarded)


def declared(owner: object, action: str) -> Command | None:
    """Return the command declared on an action, or None."""
    command = getattr(getattr(type(owner), f"action_{action}", None), "command", None)
    return command if isinstance(command, Command) else None


def writes(owner: object, action: str) -> bool:
    """Return whether an action changes the archive. Widgets list their own writing actions in `WRITES`."""
    command = declared(owner, action)
    return command.writes if command else action in getattr(owner, "WRITES", ())


def can(owner: object, action: str) -> bool:
    """Return whether an action is available; an action that is not a command always is."""
    command = declared(owner, action)
    return command is None or _does_something(command, owner)


def doable(owner: object) -> frozenset[str]:
    """Return the commands that are available."""
    return frozenset(
        action for action, command, _help in commands_of(type(owner)) if _does_something(command, owner)
    )


def _does_something(command: Command, owner: object) -> bool:
    try:
        return command.when(owner)
    except ArchiveError:  # the condition reads a damaged record
        return False


def bindings_of(owner: type, prefix: str) -> list[Binding]:
    """Return the key bindings for the commands that a class itself declares."""
    return [
        Binding(
            _with_full_width(command.keys),
            name.removeprefix("action_"),
            command.label,
            show=command.footer,
            key_display=command.key_shown(),
            priority=command.priority,
            tooltip=(action.__doc__ or "").strip(),
            id=f"{prefix}.{name.removeprefix('action_')}",
        )
        for name, action, command in _declared(owner)
    ]


def commands_of(owner: type) -> list[tuple[str, Command, str]]:
    """Return (action, command, help) for every command of a class and its bases, in order of declaration."""
    commands: dict[str, tuple[str, Command, str]] = {}
    for base in reversed(owner.__mro__):
        for name, action, command in _declared(base):
            text = " ".join((action.__doc__ or "").split())
            commands[name] = (name.removeprefix("action_"), command, text)
    return list(commands.values())


def actions_of(owner: type, changed: Mapping[str, str]) -> dict[str, str]:
    """Return the action of each key on a class; `changed` maps command ids to keys remapped by the user."""
    prefix = _prefix(owner)
    return {
        key: action
        for action, command, _help in commands_of(owner)
        for key in changed.get(f"{prefix}.{action}", _with_full_width(command.keys)).split(",")
    }


def _prefix(owner: type) -> str:
    return owner.__name__.removesuffix("Screen").lower()


def _declared(owner: type) -> Iterator[tuple[str, Any, Command]]:
    for name, action in vars(owner).items():
        if isinstance(getattr(action, "command", None), Command):
            yield name, action, action.command


def _with_full_width(keys: str) -> str:
    return ",".join(key for name in keys.split(",") for key in (name, FULL_WIDTH.get(name, "")) if key)


class HasCommands(ShowsErrors):
    """Mixin for screens and the app: turns declared commands into key bindings.

    `KEY_LABELS` overrides the footer labels of widget actions on this screen: "submit" is "Save" in a form.
    """

    KEY_LABELS: ClassVar[dict[str, str]] = {}
    IS_EXPLAINED: ClassVar[bool] = True
    """Whether the screen has a help page."""

    def __init_subclass__(cls, **options: Any) -> None:
        own = [
            *cls.__dict__.get("BINDINGS", []),
            *bindings_of(cls, _prefix(cls)),
        ]
        cls.BINDINGS = own  # type: ignore[attr-defined]
        super().__init_subclass__(**options)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide and disable commands that are not available: no key, footer or palette entry."""
        return can(self, action)
