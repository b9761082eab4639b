"""The campaign record: a marketing effort, its audience and its control group."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from archive.model.date_rules import InOrder
from archive.model.field_types.base import Ref
from archive.model.field_types.links import Links
from archive.model.field_types.standard import CURRENCY, DATE, LONG_TEXT, MONEY, Choice, Text
from archive.model.fields import Record, field, record
from archive.text import N_

MEDIUM = Choice(
    press=N_("trade press"),
    advertisement=N_("advertisement"),
    sponsoring=N_("sponsoring"),
    relations=N_("public relations"),
    mail=N_("mail"),
    phone=N_("phone"),
    web=N_("web"),
    event=N_("event"),
)
GOAL = Choice(sell=N_("sell"), win_back=N_("win back"), notice=N_("notify customers")).also(
    notice="notice to all concerned"
)

AUDIENCE, CONTROL_GROUP = "audience", "held_back"  # keys of the two groups of customers


@record
class Campaign(Record):
    """A marketing campaign. Transactions refer to it; `held_back` is the control group for measuring its effect."""

    TABLE = "campaigns"
    LABEL = N_("Campaigns")
    NOUN = N_("campaign")
    RANK = 70
    LETTER = "m"
    IDENTITY = ("name",)
    COLUMNS = ("name", "channel", "goal", "start", "end", "cost", "currency")
    EMPTY = N_("No campaigns yet.\n\n[b]n[/b] adds one.")
    DAY = "start"
    RULES = (InOrder("start", N_("start date"), "end", N_("end date")),)
    SYNONYMS = """
name: name, campaign, campaign name, title, kampagne, campagne, campaña, 活动, 活动名称, 名称
channel: channel, medium, type, campaign type, kanal, canal, 渠道, 媒介, 类型
goal: goal, objective, purpose, aim, ziel, objectif, objetivo, 目标, 目的
start: start, start date, begin, begins on, from, beginn, début, inicio, 开始日期, 开始时间
end: end, end date, ends on, until, to, ende, fin, 结束日期, 结束时间
cost: cost, costs, actual cost, budget, spend, kosten, coût, coste, 费用, 成本, 预算
currency: currency, währung, devise, moneda, 币种, 货币
audience: audience, members, recipients, targets, zielgruppe, empfänger, cible, público, 受众, 名单, 目标客户
held_back: held back, control group, control, holdout, kontrollgruppe, groupe témoin, grupo de control,
 对照客户, 对照组
note: note, notes, description, comment, bemerkung, notiz, remarque, nota, 备注, 说明
"""

    name: str = field(Text(24), N_("Name"), required=True)
    channel: str = field(MEDIUM, N_("Channel"))
    goal: str = field(GOAL, N_("Goal"))
    start: date | None = field(DATE, N_("Start date"), required=True)
    end: date | None = field(DATE, N_("End date"), ahead=True)
    cost: Decimal | None = field(MONEY, N_("Cost"))
    currency: str = field(CURRENCY, N_("Currency"))
    audience: tuple[Ref, ...] = field(
        Links("customers"), N_("Audience"), hint=N_("codes or names, separated by semicolons")
    )
    held_back: tuple[Ref, ...] = field(
        Links("customers"),
        N_("Control group"),
        hint=N_("customers deliberately not contacted, for comparison"),
    )
    note: str = field(LONG_TEXT, N_("Note"))
