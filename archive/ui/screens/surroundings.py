"""What the fields of a form need from the archive: completions, matching records, and new records for links."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual.screen import Screen

from archive.errors import BadValue
from archive.model.field_types.base import Ref
from archive.model.field_types.standard import Link
from archive.model.fields import Field
from archive.service.completion import completions
from archive.service.link_creation import named_record
from archive.text import _
from archive.ui.host import owner_of, refused_while_reading
from archive.ui.screens.match_list import match_list
from archive.ui.screens.part_form import PartScreen
from archive.ui.widgets.field_row import Surroundings


def surroundings(screen: Screen[Any], table: str) -> Surroundings:
    """Return the surroundings of the fields of a table's records on a screen."""
    archive = owner_of(screen).archive
    return Surroundings(
        lambda: archive.ctx,
        PartScreen,
        lambda key, begin: completions(archive, table, key, begin),
        partial(match_list, archive),
        partial(_create, screen),
    )


async def _create(screen: Screen[Any], field: Field, name: str) -> str | None:
    """Save a new record with this name, and return the text of a link to it; None if it cannot be saved."""
    if refused_while_reading(screen):
        return None
    owner = owner_of(screen)
    assert isinstance(field.type, Link)
    try:
        record = owner.archive.completed([named_record(field, name)])[0]
    except BadValue as error:
        owner.show_error(error)
        return None
    entry = await owner.change(lambda: owner.archive.save(record))
    if entry is None:
        return None
    owner.say(_("{label} (u to undo)").format(label=entry.label))
    return field.type.edit(Ref(uid=record.uid), owner.archive.ctx)
