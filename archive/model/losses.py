"""When a customer was lost and won back: the latest loss in fields of the record, earlier ones in a list."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, Self

from archive.errors import BadValue
from archive.model.date_rules import InOrder
from archive.model.field_types.base import Context, Json
from archive.model.field_types.dates import leading_days
from archive.model.field_types.lists import ListOf, OneLine
from archive.model.field_types.standard import DATE, TEXT, Choice
from archive.model.fields import field, record
from archive.text import N_, _

LOST_REASON = Choice(
    died=N_("died"),
    moved=N_("moved away"),
    changed=N_("preferences changed"),
    advice=N_("friend's advice"),
    cheaper=N_("cheaper elsewhere"),
    product=N_("dissatisfied with the product"),
    service=N_("indifferent service"),
    other=N_("other"),
)


@record
class Loss(OneLine):
    """An earlier loss: the dates of loss and win-back, the reason and the competitor."""

    RULES = (InOrder("lost_on", N_("lost date"), "won_back_on", N_("won-back date")),)

    lost_on: date | None = field(DATE, N_("Lost date"), required=True)
    won_back_on: date | None = field(DATE, N_("Won-back date"), required=True)
    lost_reason: str = field(LOST_REASON, N_("Lost reason"))
    lost_to: str = field(TEXT, N_("Lost to"))
    lost_on_advice_of: str = field(TEXT, N_("Advised to switch by"))

    @classmethod
    def understood(cls, text: str, ctx: Context) -> Self:
        try:
            lost_on, won_back_on, words = leading_days(text.strip(), ctx)
        except BadValue:
            if text.strip(" .") != text.partition("..")[0].strip(" ."):  # a range with an invalid date
                raise
            won_back_on = None
        if won_back_on is None:
            raise BadValue(
                _("An earlier loss needs two dates, the lost date and the won-back date: {text}").format(
                    text=text
                ),
                _("Write for example 2024-03-01..2024-06-01 cheaper elsewhere."),
            )
        reason, to = _reason_first(words, ctx)
        return cls(lost_on=lost_on, won_back_on=won_back_on, lost_reason=reason, lost_to=to)

    def display(self, ctx: Context) -> str:
        days = f"{DATE.cell(self.lost_on)}..{DATE.cell(self.won_back_on)}"
        return " ".join(filter(None, (days, LOST_REASON.show(self.lost_reason, ctx), self.lost_to)))


def _reason_first(text: str, ctx: Context) -> tuple[str, str]:
    """Split "cheaper elsewhere Globex" into reason and competitor; "Globex" alone is a competitor."""
    words = text.split()
    for n in range(len(words), 0, -1):
        try:
            return LOST_REASON.parse(" ".join(words[:n]), ctx), TEXT.parse(" ".join(words[n:]), ctx)
        except BadValue:
            continue
    return "", TEXT.parse(text, ctx)


class Losses(ListOf[Loss]):
    """Earlier losses. A search looks at their dates too."""

    def words(self, raw: Json) -> Iterable[str]:
        yield from super().words(raw)
        for loss in raw:
            yield from (loss[key] for key in MOVED[:2] if key in loss)


LOSSES = Losses(Loss, N_("loss"))
EARLIER = "earlier_losses"
MOVED = ("lost_on", "won_back_on", "lost_reason", "lost_to", "lost_on_advice_of")


def keep_earlier_loss(
    old: Mapping[str, Any], new: Mapping[str, Any], explicit: Container[str] = ()
) -> Mapping[str, Any]:
    """Move the loss of `old` to the earlier losses if `new` records another loss.

    It is another loss if the new lost date is not before the old won-back date; any other change of the dates is a
    correction. The won-back date, reason, competitor and adviser move too: `new` keeps them only if they changed or,
    except for the won-back date, were entered again.

    Args:
        old: The stored record.
        new: The record to store, as JSON.
        explicit: The fields that were entered.

    Returns:
        The record to store.
    """
    lost_on, won_back_on, lost_again_on = (
        row.get(key, "") for row, key in ((old, MOVED[0]), (old, MOVED[1]), (new, MOVED[0]))
    )
    if not lost_on or not lost_on <= won_back_on <= lost_again_on or lost_again_on == lost_on:
        return new
    moved = {key: old[key] for key in MOVED if key in old}
    earlier = new.get(EARLIER, [])
    if all(loss.get("lost_on") != lost_on for loss in earlier):
        details = [key for key in MOVED[2:] if key not in explicit and new.get(key) == old.get(key)]
        new = {key: value for key, value in new.items() if key not in details}
        new[EARLIER] = [*earlier, moved]
    return {key: value for key, value in new.items() if key != MOVED[1] or value != won_back_on}


def is_lost(lost_on: str, won_back_on: str, today: str) -> bool:
    """Return whether a customer with these dates (ISO or "") is lost at the end of `today`, whatever the status."""
    return "" < lost_on <= today and not lost_on <= won_back_on <= today


class Spell(NamedTuple):
    """A period without the customer: lost on `lost` to the competitor `to`, won back on `back`.

    Days are ISO text; "" if not recorded.
    """

    lost: str
    back: str
    reason: str
    to: str = ""


class Spells(NamedTuple):
    """The spells of a customer, oldest first, and how many were left out because they start within another one."""

    all: tuple[Spell, ...] = ()
    left_out: int = 0


def spells(
    earlier: Iterable[Mapping[str, Any]], lost_on: str, won_back_on: str, reason: str, to: str = ""
) -> Spells:
    """Combine the earlier losses with the dates on the record itself.

    A won-back date before its lost date is ignored. A loss that starts before the previous win-back is left out.
    """
    every = [Spell(*(loss.get(key, "") for key in MOVED[:4])) for loss in earlier if loss.get("lost_on")]
    if lost_on:
        every.append(Spell(lost_on, won_back_on, reason, to))
    distinct = {spell[:3]: spell for spell in sorted(every)}  # the same loss may be recorded in both places
    separate: list[Spell] = []
    for spell in distinct.values():
        spell = spell if spell.back >= spell.lost else spell._replace(back="")
        if not separate or (separate[-1].back and separate[-1].back <= spell.lost):
            separate.append(spell)
    return Spells(tuple(separate), len(distinct) - len(separate))
