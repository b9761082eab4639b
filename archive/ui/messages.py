"""Messages that bubble up: they describe events, never instructions."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from archive.errors import ArchiveError


@dataclass
class Changed(Message, bubble=False):
    """The archive was changed, and the change is on disk."""

    revision: int


@dataclass
class Opened(Message, bubble=False):
    """The archive was opened. To the app it may also mean that opening failed: see `failure`."""


@dataclass
class MinutePassed(Message, bubble=False):
    """The wall clock shows another minute, or another day."""


@dataclass
class LookedOver(Message, bubble=False):
    """New insights about customers are available."""


@dataclass
class Failed(Message):
    """An operation failed; the error is shown to the user."""

    error: ArchiveError


@dataclass
class CustomerWanted(Message):
    """The user opens a customer; `ids` are the customers of the list, for next and previous."""

    uid: str
    ids: Sequence[str]


@dataclass
class RecordWanted(Message):
    """The user opens a record other than a customer; `ids` are the records of the list, for next and previous."""

    table: str
    uid: str
    ids: Sequence[str]


@dataclass
class EverythingWanted(Message):
    """The user searches all tables."""


@dataclass
class ReportWanted(Message):
    """The user opens a report."""

    name: str
