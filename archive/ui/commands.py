"""A command is one declaration on its action: key, name, place in the footer, palette entry and help.

    @command("n", N_("New"), footer=True)
    def action_new(self) -> None:
        \"\"\"Enter a new customer.\"\"\"

The docstring is the help text. The id by which a key can be changed is "<screen>.<action>". A command that does
something only now and then says so with `when`, and is neither shown nor done at other times:

    @command("t", N_("Take back"), footer=True, when=lambda screen: screen.line is not None)

One that changes the archive is declared so with `writes=True`: where the archive is open for reading only it is not
offered, and its key says why.

One that removes or rewrites data at once, without a form in between, is declared with `destructive=True`: its key runs
it, but the palette runs it only by its full name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar, TypeVar, cast

from textual.binding import Binding

from archive.errors import ArchiveError
from archive.ui.error_guard import ShowsErrors
from archive.ui.owner import refused_while_reading

F = TypeVar("F", bound=Callable[..., Any])

# The same keys as an input method for Chinese types them.
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
}


When = Callable[[Any], bool]
"""Given the screen, whether its command does something now."""


def always(_screen: Any) -> bool:
    """What can be done at any time."""
    return True


@dataclass(frozen=True)
class Command:
    """What stands on an action's declaration."""

    keys: str  # as textual names them, several with commas; the first is shown
    label: str
    footer: bool
    priority: bool
    shown: str
    when: When
    writes: bool
    destructive: bool

    def key_shown(self) -> str:
        """The key as a person knows it."""
        return self.shown or show_key(self.keys.split(",")[0])


def show_key(key: str) -> str:
    """ "question_mark" is "?"; "ctrl+s" stays."""
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
    """Declare an `action_…` method a command of its screen; `shown` stands for its key where that says more."""

    def mark(action: F) -> F:
        made = _refused_while_reading(action) if writes else action
        made.__dict__["command"] = Command(keys, label, footer, priority, shown, when, writes, destructive)
        return made

    return mark


def _refused_while_reading(action: F) -> F:
    """The action, or why there is nothing to be written."""

    @wraps(action)
    def guarded(owner: Any) -> Any:
        return None if refused_while_reading(owner) else action(owner)

    return cast(F, guarded)


def declared(owner: object, action: str) -> Command | None:
    """The command that an action is, None where it is none."""
    found = getattr(getattr(type(owner), f"action_{action}", None), "command", None)
    return found if isinstance(found, Command) else None


def writes(owner: object, action: str) -> bool:
    """Whether an action changes the archive; a widget names such ones of its own in `WRITES`."""
    found = declared(owner, action)
    return found.writes if found else action in getattr(owner, "WRITES", ())


def can(owner: object, action: str) -> bool:
    """Whether an action does something now; what is no command always may."""
    found = declared(owner, action)
    return found is None or _does_something(found, owner)


def doable(owner: object) -> frozenset[str]:
    """The commands that do something now."""
    return frozenset(
        action for action, found, _help in commands_of(type(owner)) if _does_something(found, owner)
    )


def _does_something(found: Command, owner: object) -> bool:
    try:
        return found.when(owner)
    except ArchiveError:  # it would have to read what is damaged
        return False


def bindings_of(owner: type, prefix: str) -> list[Binding]:
    """The key bindings that the commands declared on one class amount to."""
    return [
        Binding(
            _with_full_width(found.keys),
            name.removeprefix("action_"),
            found.label,
            show=found.footer,
            key_display=found.key_shown(),
            priority=found.priority,
            tooltip=(action.__doc__ or "").strip(),
            id=f"{prefix}.{name.removeprefix('action_')}",
        )
        for name, action, found in _declared(owner)
    ]


def commands_of(owner: type) -> list[tuple[str, Command, str]]:
    """(action, command, help) of every command a class has, its bases' too, in the order of declaration."""
    found: dict[str, tuple[str, Command, str]] = {}
    for base in reversed(owner.__mro__):
        for name, action, declared in _declared(base):
            text = " ".join((action.__doc__ or "").split())
            found[name] = (name.removeprefix("action_"), declared, text)
    return list(found.values())


def actions_of(owner: type, changed: Mapping[str, str]) -> dict[str, str]:
    """The command of each key on a class; `changed` are the keys that the user gave to commands, by their ids."""
    prefix = _prefix(owner)
    return {
        key: action
        for action, found, _help in commands_of(owner)
        for key in changed.get(f"{prefix}.{action}", _with_full_width(found.keys)).split(",")
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
    """Put before a screen or app class: its commands become its key bindings.

    `KEY_LABELS` says in the footer what the action of a widget means on this screen: "submit" saves here.
    """

    KEY_LABELS: ClassVar[dict[str, str]] = {}
    IS_EXPLAINED: ClassVar[bool] = True
    """Whether there is help about this screen."""

    def __init_subclass__(cls, **options: Any) -> None:
        own = [
            *cls.__dict__.get("BINDINGS", []),
            *bindings_of(cls, _prefix(cls)),
        ]
        cls.BINDINGS = own  # type: ignore[attr-defined]
        super().__init_subclass__(**options)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A command that does nothing now is not there: no key, no place in the footer or the palette."""
        return can(self, action)
