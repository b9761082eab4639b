"""Offering again what was typed and not saved when the program ended."""

from __future__ import annotations

from textual.app import App
from textual.screen import Screen

from archive.errors import ArchiveError
from archive.model.tables import STORED
from archive.service.drafts import Draft
from archive.text import _
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.questions import DecideScreen


def offer_drafts(screen: ArchiveScreen[None], drafts: list[Draft]) -> None:
    """Ask what to do with each draft that was left."""
    if not drafts:
        return
    draft, rest = drafts[0], drafts[1:]

    def decided(answer: str | None) -> None:
        if answer == "enter" and _is_there(screen, draft):
            screen.app.push_screen(_form(draft), lambda _uid: offer_drafts(screen, rest))
            return
        if answer == "d":
            screen.owner.drafts.drop(draft.key)
        offer_drafts(screen, rest)

    question = _("{title}: this was typed {since} and not saved.").format(
        title=draft.title, since=draft.since.replace("T", " ")
    )
    answers = {
        "enter": _("Go on with it"),
        "d": _("Throw it away"),
        "escape": _("Ask again at the next start"),
    }
    screen.app.push_screen(DecideScreen(question, answers), decided)


class LeaveScreen(DecideScreen):
    """Whether to leave although what was typed is lost with that."""


def ask_to_leave(app: App[None], unkept: ArchiveError) -> None:
    """Ask before what was typed is lost; once, however often the key to leave is pressed."""

    def decided(answer: str | None) -> None:
        if answer == "l":
            app.exit()

    if not isinstance(app.screen, LeaveScreen):
        question = _("What you typed is not saved, and cannot be kept for the next start. {why}")
        answers = {"l": _("Leave and lose it"), "escape": _("Stay")}
        app.clear_notifications()  # they say the same, and would lie over the answers
        app.push_screen(LeaveScreen(question.format(why=unkept), answers), decided)


def _is_there(screen: ArchiveScreen[None], draft: Draft) -> bool:
    """Whether the record that the draft changes is still in the archive; it is said where it is not."""
    table = "customers" if draft.table.startswith("line:") else draft.table
    return (
        not draft.uid or screen.owner.tried(lambda: screen.archive.get(STORED[table], draft.uid)) is not None
    )


def _form(draft: Draft) -> Screen[str | None] | Screen[str]:
    from archive.ui.screens.form import FormScreen
    from archive.ui.screens.one_line import OneLineScreen

    if draft.table.startswith("line:"):
        return OneLineScreen(draft.table.removeprefix("line:"), draft.uid, str(draft.texts.get("line", "")))
    group = next((group for group in STORED[draft.table].GROUPS if group.key == draft.group), None)
    return FormScreen(draft.table, draft.uid, group=group, draft=draft)
