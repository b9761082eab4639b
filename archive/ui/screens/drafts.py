"""Offer drafts that were left unsaved when the program ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from textual.app import App
from textual.screen import Screen

from archive.errors import ArchiveError
from archive.model.tables import STORED
from archive.service.drafts import Draft
from archive.text import _
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import DecideScreen

_MOST = 40  # characters of typed text shown


def offer_drafts(screen: ArchiveScreen[Any], drafts: list[Draft]) -> None:
    """Ask what to do with each draft in turn."""
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

    question = _("You have an unsaved draft: {draft} ({since})").format(
        draft=_described(draft), since=_said_since(draft, screen.archive.ctx.today)
    )
    answers = {
        "enter": _("Resume draft"),
        "d": _("Discard draft"),
        "escape": _("Ask again at the next start"),
    }
    screen.app.push_screen(DecideScreen(question, answers), decided)


def _described(draft: Draft) -> str:
    """Return the title of a draft with the name or the line typed into it: New customer “Draft Person”."""
    cls = STORED.get(draft.table)
    key = "line" if cls is None else "" if draft.uid else cls.NAMED_BY
    text = " ".join(str(draft.texts.get(key, "")).split())
    return f"{draft.title} “{text[:_MOST]}”" if text else draft.title


def _said_since(draft: Draft, today: date) -> str:
    """Return when the draft was typed: "today 07:46", or the date and time."""
    day, _t, time = draft.since.partition("T")
    return _("today {time}").format(time=time) if day == today.isoformat() else f"{day} {time}".strip()


class LeaveScreen(DecideScreen):
    """Asks whether to quit although unsaved input would be lost."""


def ask_to_leave(app: App[None], unkept: ArchiveError) -> None:
    """Ask before unsaved input is lost; only once, however often the quit key is pressed."""

    def decided(answer: str | None) -> None:
        if answer == "l":
            app.exit()

    if not isinstance(app.screen, LeaveScreen):
        question = _("Your input is not saved, and it cannot be kept as a draft. {why}")
        answers = {"l": _("Quit and lose the input"), "escape": _("Cancel")}
        app.clear_notifications()  # they show the same error and would cover the answers
        app.push_screen(LeaveScreen(question.format(why=unkept), answers), decided)


def _is_there(screen: ArchiveScreen[Any], draft: Draft) -> bool:
    """Return whether the record of a draft still exists; show an error if it does not."""
    about = "contracts" if draft.table == "line:delivery" else "customers"
    table = about if draft.table.startswith("line:") else draft.table
    return (
        not draft.uid or screen.owner.tried(lambda: screen.archive.get(STORED[table], draft.uid)) is not None
    )


def _form(draft: Draft) -> Screen[str | None] | Screen[str]:
    from archive.ui.screens.form import FormScreen
    from archive.ui.screens.one_line import OneLineScreen

    if draft.table.startswith("line:"):
        return OneLineScreen(
            draft.table.removeprefix("line:"), draft.uid, str(draft.texts.get("line", "")), draft.group
        )
    group = next((group for group in STORED[draft.table].GROUPS if group.key == draft.group), None)
    return FormScreen(draft.table, draft.uid, group=group, draft=draft)
