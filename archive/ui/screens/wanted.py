"""The screens that the user asks for from other screens, which know them only by messages."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from archive.ui.messages import CustomerWanted, EverythingWanted, RecordWanted, ReportWanted

Wanted = CustomerWanted | RecordWanted | ReportWanted | EverythingWanted


def screen_for(wanted: Wanted) -> Screen[Any]:
    """Return the screen that a message asks for. Its module is imported when it is first needed."""
    if isinstance(wanted, CustomerWanted):
        from archive.ui.screens.profile import ProfileScreen

        return ProfileScreen(wanted.uid, wanted.ids)
    if isinstance(wanted, RecordWanted):
        from archive.ui.screens.record import RecordScreen

        return RecordScreen(wanted.table, wanted.uid, wanted.ids)
    if isinstance(wanted, ReportWanted):
        from archive.ui.screens.report import ReportScreen

        return ReportScreen(wanted.name)
    from archive.ui.screens.search_everything import EverythingScreen

    return EverythingScreen()
