"""Generate activities: calls, visits and messages, with their outcomes and follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.service.demo import SAMPLE_DAY
from sample_data import texts
from sample_data.dice import FIRST_DAY, Dice, ago, workday
from sample_data.people import language_of
from sample_data.stories import Plan

# Usual days between activities, by the first part of the segment's key.
_RHYTHM = {
    "round": 66,
    "shop": 150,
    "web": 170,
    "table": 44,
    "trade": 42,
    "once": 380,
    "asking": 32,
    "curious": 80,
}
_CHANNELS = {"phone": 62, "message": 14, "visit": 12, "email": 9, "video": 2, "letter": 1}
_HOURS = {9: 3, 10: 4, 11: 3, 14: 3, 15: 3, 16: 3, 17: 2, 18: 3, 19: 2}
_MOODS = {
    "gone": {"uneasy": 6, "neutral": 4},
    "growing": {"pleased": 6, "neutral": 4},
    "usual": {"pleased": 4, "neutral": 6, "uneasy": 1},
}


class Log:
    """Generate the activities with a customer and its staff."""

    def __init__(self, plan: Plan, customer: Customer, staff: list[Customer]) -> None:
        self.plan = plan
        self.customer = customer
        self.staff = staff
        self.dice = Dice(f"contacts {plan.purpose}")
        self.language = language_of(plan)

    def filled(self) -> list[Interaction]:
        """Return all activities since the first day; the last may have an open follow-up."""
        made = self._in_rhythm([self._contact(day) for day in self._days()])
        made += self._with_staff(made)
        due = self.plan.agenda.follow_up
        return [*made, self._pending(due)] if due else made

    def _in_rhythm(self, made: list[Interaction]) -> list[Interaction]:
        """Add the last regular contact, so that the next one is due when planned, else not for at least two weeks."""
        plan, rhythm = self.plan, self.plan.rhythm
        if not rhythm or self.customer.status != "active":
            return made
        if plan.agenda.regular:
            last = plan.agenda.regular - timedelta(days=rhythm)
            before = [contact for contact in made if contact.at and contact.at.date() < last]
            return [*before, self._met(last)]
        recent = ago(rhythm - 15)
        theirs = [contact for contact in made if contact.customer.uid == self.customer.uid and contact.at]
        if any(contact.at.date() >= recent for contact in theirs if contact.at):
            return made
        return [*made, self._met(workday(self.dice.day(max(recent, plan.start), ago(2))))]

    def _with_staff(self, made: list[Interaction]) -> list[Interaction]:
        """Return an activity with each member of staff who was not contacted for half a year."""
        since = max(ago(180), self.plan.start)
        if self.customer.status not in ("active", "prospect") or since > ago(2):
            return []
        seen = {contact.customer.uid for contact in made if contact.at and contact.at.date() >= since}
        days = {
            person.uid: workday(self.dice.day(since, ago(2)))
            for person in self.staff
            if person.uid not in seen
        }
        return [self._met(day).with_values(customer=Ref(uid=uid)) for uid, day in days.items()]

    def _met(self, day: date) -> Interaction:
        """Return an activity with the customer who was reached."""
        mood = self.dice.weighted(_MOODS[self._temper(day)])
        return self._contact(day).with_values(
            customer=Ref(uid=self.customer.uid),
            outcome="reached",
            mood=mood,
            summary=self.dice.choice(texts.talk(self.language, mood, self.plan.segment.kind)),
        )

    def _days(self) -> Iterator[date]:
        plan, dice = self.plan, self.dice
        usual = _RHYTHM[plan.segment.key.partition("_")[0]] * (1.5 if plan.manager == "moreau" else 1)
        day = max(plan.start, FIRST_DAY) - timedelta(days=1)
        last = min(plan.lost_on or SAMPLE_DAY, SAMPLE_DAY) if not plan.away else SAMPLE_DAY
        while day < last:
            yield workday(day) + timedelta(days=dice.randrange(3) if day.weekday() > 4 else 0)
            silent = plan.lost_reason == "service" and not plan.away and day > plan.end - timedelta(days=200)
            day += timedelta(days=max(5, round(dice.about(usual, usual * 0.5) * (2 if silent else 1))))

    def _contact(self, day: date) -> Interaction:
        dice = self.dice
        day = min(day, ago(1))
        channel = dice.weighted(_CHANNELS)
        at = datetime.combine(day, time(dice.weighted(_HOURS), dice.randrange(0, 60, 5)))
        outcome = self._outcome(channel, at)
        contact = Interaction(
            uid=dice.uid(),
            customer=Ref(uid=self._whom().uid),
            at=at,
            channel=channel,
            direction="in" if dice.chance(0.22) else "out",
            outcome=outcome,
            minutes=dice.randrange(2, 20) if outcome == "reached" and channel in ("phone", "video") else None,
            by=self.plan.manager,
        )
        return self._talk(contact, day) if outcome == "reached" else contact

    def _whom(self) -> Customer:
        return self.dice.choice(self.staff) if self.staff and self.dice.chance(0.4) else self.customer

    def _outcome(self, channel: str, at: datetime) -> str:
        """Choose an outcome. Households answer in the evening, kitchens in the afternoon, offices in the morning."""
        if channel != "phone":
            return "reached"
        best = {"person": range(17, 20), "table": range(14, 17)}
        hours = best.get("table" if self.plan.segment.key.startswith("table") else self.plan.segment.kind)
        good = at.hour in (hours or range(9, 12))
        return self.dice.weighted(
            {"reached": 90, "no_answer": 7, "left_word": 3}
            if good
            else {"reached": 55, "no_answer": 33, "left_word": 12}
        )

    def _talk(self, contact: Interaction, day: date) -> Interaction:
        dice = self.dice
        mood = dice.weighted(_MOODS[self._temper(day)])
        talked = contact.with_values(
            mood=mood if dice.chance(0.7) else "",
            summary=dice.choice(texts.talk(self.language, mood, self.plan.segment.kind)),
            place=self.customer.addresses[0].city if contact.channel == "visit" else "",
        )
        due = workday(day + timedelta(days=dice.randrange(3, 22)))
        if due > ago(12) or not dice.chance(0.28):
            return talked
        return talked.with_values(
            follow_up=dice.choice(texts.FOLLOW_UPS[self.language]),
            follow_up_on=due,
            follow_up_done_on=due + timedelta(days=dice.weighted({0: 6, 1: 2, 3: 1, 7: 1})),
        )

    def _temper(self, day: date) -> str:
        leaving = self.plan.lost_on is not None or self.plan.story == "fading"
        if leaving and self.plan.end - timedelta(days=150) < day:
            return "gone"
        return "growing" if self.plan.story == "growing" else "usual"

    def _pending(self, due: date) -> Interaction:
        """Return a recent activity with an open follow-up."""
        dice = self.dice
        before = workday(max(min(due, ago(2)) - timedelta(days=dice.randrange(4, 15)), self.plan.start))
        return self._met(before).with_values(
            follow_up=dice.choice(texts.FOLLOW_UPS[self.language]),
            follow_up_on=max(due, before + timedelta(days=1)),
            follow_up_done_on=None,
        )
