"""The customers opened last and the pinned ones: their uids, in a file beside the archive."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple, Self

from archive.errors import ArchiveError
from archive.file_status import is_strangers
from archive.files import write_whole
from archive.inputs import open_to_read, read_open

MOST_RECENT = 20
MOST_PINNED = 200
_MOST_BYTES = 64 << 10  # far more than the file can contain
_LONGEST_UID = 100


class Recent(NamedTuple):
    """Uids of customers: the ones opened last, newest first, and the pinned ones, in the order of pinning.

    Some may have been deleted since.
    """

    opened: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()

    def with_opened(self, uid: str) -> Self:
        """Return a copy with a customer as the one opened last."""
        return self._replace(opened=(uid, *_without(self.opened, uid))[:MOST_RECENT])

    def with_turned(self, uid: str) -> Self:
        """Return a copy with a customer pinned or, if it is pinned already, unpinned. The oldest pins are dropped."""
        if uid in self.pinned:
            return self._replace(pinned=_without(self.pinned, uid))
        return self._replace(pinned=(*self.pinned, uid)[-MOST_PINNED:])


def _without(uids: tuple[str, ...], uid: str) -> tuple[str, ...]:
    return tuple(other for other in uids if other != uid)


def recent_path(archive: Path) -> Path:
    """Return the path of the file for an archive."""
    return archive.with_name(archive.name + ".recent")


def read_recent(archive: Path) -> Recent:
    """Read the file of an archive. A missing, damaged or other user's file counts as empty."""
    path = recent_path(archive)
    try:
        with open_to_read(path, follow=False) as descriptor:
            if is_strangers(os.fstat(descriptor).st_uid, archive):
                return Recent()
            content = json.loads(read_open(descriptor, path, _MOST_BYTES))
    except (ArchiveError, ValueError, RecursionError):
        return Recent()
    if not isinstance(content, dict):
        return Recent()
    opened, pinned = _uids(content.get("opened")), _uids(content.get("pinned"))
    return Recent(opened[:MOST_RECENT], pinned[-MOST_PINNED:])


def _uids(raw: object) -> tuple[str, ...]:
    texts = [uid for uid in raw if isinstance(uid, str)] if isinstance(raw, list) else []
    return tuple(dict.fromkeys(uid for uid in texts if len(uid) <= _LONGEST_UID))


def write_recent(archive: Path, recent: Recent) -> None:
    """Replace the file of an archive; raises CannotWrite."""
    data = json.dumps(recent._asdict()).encode()
    write_whole(recent_path(archive), data, force=True, follow=False)
