"""Messages that travel up: what happened, never what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from archive.errors import ArchiveError


@dataclass
class Changed(Message, bubble=False):
    """The archive was changed; it is on the disk."""

    revision: int


@dataclass
class Opened(Message, bubble=False):
    """The archive is open and can be read; to the app: or it cannot be opened, as `failure` says."""


@dataclass
class MinutePassed(Message, bubble=False):
    """The wall clock shows another minute, or another day."""


@dataclass
class LookedOver(Message, bubble=False):
    """The reports know something new about customers."""


@dataclass
class Failed(Message):
    """Something could not be done; the words are for the user."""

    error: ArchiveError


@dataclass
class CustomerWanted(Message):
    """Somebody wants to see a customer; `ids` are the neighbours one can go on to from there."""

    uid: str
    ids: Sequence[str]


@dataclass
class ReportWanted(Message):
    """Somebody wants to see a report, by its name."""

    name: str
