"""Open what a field leads to: a record in the program, an address with a program of the desktop."""

from __future__ import annotations

from typing import Any

from archive.errors import ArchiveError
from archive.model.fields import Field, Record
from archive.service.targets import Target, address, targets
from archive.text import _
from archive.ui.opener import open_outside
from archive.ui.screens.base import ArchiveScreen


def open_targets(screen: ArchiveScreen[Any], record: Record, field: Field) -> bool:
    """Open what the value of a field leads to; of several, ask which. Return False if it leads nowhere."""
    from archive.ui.screens.dialogs import PickScreen

    leads = targets(record, field, screen.archive)

    def take(number: str | None) -> None:
        if number is not None:
            _open(screen, leads[int(number)])

    if len(leads) == 1:
        take("0")
    elif leads:
        choices = [(str(number), target.name) for number, target in enumerate(leads)]
        screen.app.push_screen(PickScreen(_("Open"), choices), take)
    return bool(leads)


def _open(screen: ArchiveScreen[Any], target: Target) -> None:
    if target.table:
        screen.show_record(target.table, target.uid)
        return
    app, owner, folder = screen.app, screen.owner, screen.archive.path.parent
    opener = owner.settings.opener

    def open_it() -> None:
        try:
            open_outside(address(target, folder), opener)
        except ArchiveError as error:
            app.call_later(owner.show_error, error)

    owner.say(_("Opening {address} …").format(address=target.value))
    screen.run_worker(open_it, thread=True, group="opener", exit_on_error=False)
