"""Choose one of the records that match a typed name."""

from __future__ import annotations

from archive.model.field_types.base import Ref
from archive.model.field_types.links import Links
from archive.model.field_types.standard import Link
from archive.service.archive import Archive
from archive.service.link_matches import link_matches
from archive.text import _
from archive.ui.screens.find import FindScreen
from archive.ui.screens.members import MembersScreen


def match_list(archive: Archive, kind: Link | Links, text: str) -> FindScreen | None:
    """Return a screen that lists the matching records and yields the text of a link to the chosen record.

    For a list of links, it lists saved views instead, and adds their customers. None if no record matches.
    """
    if isinstance(kind, Links):
        return MembersScreen(kind, text)
    ctx = archive.ctx
    matches = link_matches(archive, kind.table, text)
    choices = [(kind.edit(Ref(uid=match.uid), ctx), match.label) for match in matches]
    title = _("Link {text} to which record?").format(text=text.strip()[:40])
    return FindScreen(title, choices) if choices else None
