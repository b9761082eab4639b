"""Generate tasks for customers, some of them promised to the customer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from archive.model.field_types.base import Ref
from archive.model.records.plan import Plan
from archive.service.demo import SAMPLE_DAY
from sample_data.cast import Actor
from sample_data.dice import Dice, ago, workday

# A goal and its tasks; * marks a promise to the customer.
_GOALS = {
    "zh": (
        ("做到主要供应商", ("了解现在的用量", "*带三种米上门试吃", "谈全年框架价", "签合同")),
        ("挽留", ("弄清为什么订得少了", "*老板亲自上门道歉", "给出新的送货时间")),
        ("多供一个品类", ("介绍食用油", "*免费送两桶试用", "报价")),
    ),
    "en": (
        ("become the main supplier", ("find out their yearly needs", "*tasting of three varieties in the kitchen",
                                      "quote a price for the year", "sign a contract")),
        ("keep the customer", ("find out why they order less", "*a visit by the owner", "offer another delivery day")),
        ("sell a second category", ("show them our oil", "*two free cans to try", "send a quotation")),
    ),
}  # fmt: skip
_RESOURCES = (
    ("one visit, samples", "上门一次，样品"),
    ("an hour on the phone", "电话一小时"),
    ("the van for a morning", "货车一上午"),
)
_STAGES = (("begun", "刚开始"), ("under way", "进行中"), ("nearly there", "快成了"))


def plans(actors: Iterable[Actor]) -> list[Plan]:
    """Return the tasks for companies, depending on how their purchases develop."""
    return [plan for actor in actors for plan in _of(actor)]


def _of(actor: Actor) -> Iterator[Plan]:
    dice = Dice(f"promises {actor.plan.purpose}")
    shares = {"growing": 0.8, "fading": 0.7, "steady": 0.35, "new": 0.4}
    if actor.plan.segment.kind == "person" or not dice.chance(shares.get(actor.plan.story, 0.0)):
        return
    goals = _GOALS["zh" if actor.zh else "en"]
    goal, steps = goals[1] if actor.plan.story == "fading" else goals[dice.choice((0, 2))]
    day = ago(dice.randrange(20, 150))
    late = False
    for number, step in enumerate(steps):
        due = workday(day)
        mark, slip = dice.random(), dice.randrange(2, 15)
        done = workday(
            due - timedelta(days=dice.randrange(0, 5)) if mark < 0.76 else due + timedelta(days=slip)
        )
        late = late or (mark > 0.85 and due > ago(30)) or done > SAMPLE_DAY
        yield Plan(
            uid=dice.uid(),
            customer=Ref(uid=actor.customer.uid),
            step=step.removeprefix("*"),
            due_on=due,
            promised=step.startswith("*"),
            done_on=None if late else done,
            goal=goal,
            stage=actor.say(*_STAGES[min(number, 2)]),
            resources=actor.say(*dice.choice(_RESOURCES)) if dice.chance(0.4) else "",
        )
        day = due + timedelta(days=dice.randrange(14, 45))
