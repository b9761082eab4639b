"""The interaction record: a call, visit, letter or message, and its follow-up."""

from __future__ import annotations

from datetime import date, datetime

from archive.model.contact_details import CHANNEL
from archive.model.date_rules import InOrder
from archive.model.field_types.base import Ref
from archive.model.field_types.standard import (
    COMING_DATE,
    DATE,
    LONG_TEXT,
    PAST_TIME,
    TEXT,
    Choice,
    Link,
    Whole,
)
from archive.model.fields import Record, field, record
from archive.text import N_

DIRECTION = Choice(out=N_("we contacted them"), in_=N_("they contacted us"))
REACHED = Choice(reached=N_("reached"), no_answer=N_("no answer"), left_word=N_("left message")).also(
    left_word="left word"
)
MOOD = Choice(pleased=N_("pleased"), neutral=N_("neutral"), uneasy=N_("uneasy"))


@record
class Interaction(Record):
    """An activity: a call, visit, letter or message."""

    TABLE = "interactions"
    ALIAS = "activities"
    LABEL = N_("Activities")
    NOUN = N_("activity")
    RANK = 30
    LETTER = "k"
    ADD = ("k", N_("an activity"))
    COLUMNS = ("at", "customer", "channel", "summary", "follow_up_on", "by")
    PROFILE_COLUMNS = ("at", "channel", "summary", "follow_up_on", "outcome", "minutes", "by")
    EXAMPLE = N_("search, or channel:visit at:>=2026 has:follow_up_on")
    EMPTY = N_("No activities yet.\n\n[b]l[/b] on a customer logs one.")
    DAY = "at"
    SNOOZED = "follow_up_on"
    RULES = (
        InOrder("at", N_("date"), "follow_up_on", N_("follow-up date")),
        InOrder("at", N_("date"), "follow_up_done_on", N_("follow-up completion date")),
    )
    SYNONYMS = """
at: at, date, time, date and time, when, datum, zeitpunkt, fecha, 日期, 时间, 联系时间
channel: channel, type, activity type, kanal, canal, 渠道, 方式, 联系方式
summary: summary, subject, note, notes, text, description, content, comment, betreff, inhalt, notiz,
 résumé, resumen, 摘要, 内容, 备注
follow_up_on: follow up, follow up on, follow up date, next contact, wiedervorlage, 跟进日期
outcome: outcome, result, ergebnis, résultat, resultado, 结果
follow_up_done_on: follow up done on
minutes: minutes, duration, dauer, durée, duración, 分钟, 时长
place: place, location, ort, lieu, lugar, 地点
by: by, user, owner, author, von, 经手人, 业务员
direction: direction, richtung, 方向
"""

    customer: Ref = field(Link("customers"), N_("Customer"), required=True)
    at: datetime | None = field(PAST_TIME, N_("Date and time"), required=True)
    channel: str = field(CHANNEL, N_("Channel"))
    summary: str = field(LONG_TEXT, N_("Summary"), private=True)
    follow_up_on: date | None = field(COMING_DATE, N_("Follow-up date"), ahead=True)
    follow_up: str = field(TEXT, N_("Follow-up"))
    follow_up_done_on: date | None = field(DATE, N_("Follow-up done on"))
    not_before: date | None = field(
        COMING_DATE,
        N_("Follow-up snoozed to"),
        ahead=True,
        hint=N_("set by Snooze: hidden from Today until this day"),
    )
    outcome: str = field(REACHED, N_("Outcome"))
    minutes: int | None = field(Whole(0, 1440), N_("Minutes"))
    place: str = field(TEXT, N_("Place"))
    mood: str = field(MOOD, N_("Mood"))
    direction: str = field(DIRECTION, N_("Direction"))
    by: str = field(TEXT, N_("By"))
