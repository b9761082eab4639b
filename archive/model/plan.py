"""The task record: a planned action for a customer, which may be promised."""

from __future__ import annotations

from datetime import date

from archive.model.fields import Record, Ref, fact, record
from archive.model.kinds import COMING_DATE, DATE, FLAG, LONG_TEXT, TEXT, Link
from archive.text import N_


@record
class Plan(Record):
    """A task, optionally part of a plan with a goal, and optionally promised to the customer."""

    TABLE = "plans"
    LABEL = N_("Plans")
    NOUN = N_("plan")
    DAY = "due_on"
    SNOOZED = "due_on"

    customer: Ref = fact(Link("customers"), N_("Customer"))
    step: str = fact(TEXT, N_("Step"), required=True)
    due_on: date | None = fact(DATE, N_("Due on"), ahead=True)
    promised: bool = fact(FLAG, N_("Promised to customer"))
    done_on: date | None = fact(DATE, N_("Done on"))
    not_before: date | None = fact(
        COMING_DATE, N_("Snoozed to"), ahead=True, hint=N_("set by Snooze: Today shows it from this day on")
    )
    goal: str = fact(TEXT, N_("Goal"))
    stage: str = fact(TEXT, N_("Stage"))
    resources: str = fact(TEXT, N_("Resources"), hint=N_("people, money, time"))
    note: str = fact(LONG_TEXT, N_("Note"))
