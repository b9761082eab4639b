"""The task record: a planned action for a customer, which may be promised."""

from __future__ import annotations

from datetime import date

from archive.model.field_types.base import Ref
from archive.model.field_types.standard import COMING_DATE, DATE, FLAG, LONG_TEXT, TEXT, Link
from archive.model.fields import Record, field, record
from archive.text import N_


@record
class Plan(Record):
    """A task, optionally part of a plan with a goal, and optionally promised to the customer."""

    TABLE = "plans"
    ALIAS = "tasks"
    LABEL = N_("Tasks")
    NOUN = N_("task")
    RANK = 80
    LETTER = "s"
    ADD = ("p", N_("a task or a promise"))
    COLUMNS = ("due_on", "customer", "step", "promised", "done_on", "goal")
    EMPTY = N_("No tasks yet.\n\n[b]n[/b] adds one.")
    DAY = "due_on"
    SNOOZED = "due_on"
    SYNONYMS = """
step: step, task, action, activity, to do, todo, subject, schritt, aufgabe, étape, tâche, paso, tarea, 步骤,
 任务, 事项, 行动
goal: goal, objective, target, ziel, objectif, objetivo, 目标, 目的
stage: stage, phase, status, stadium, étape du plan, fase, 阶段
resources: resources, needs, mittel, ressourcen, ressources, recursos, 资源
due_on: due, due date, due on, deadline, by, fällig am, termin, échéance, vencimiento, 到期日, 截止日期
promised: promised, promised to the customer, promise, commitment, versprochen, zugesagt, promis, prometido,
 已承诺, 承诺
done_on: done, done on, completed, completed on, finished on, erledigt am, terminé le, hecho el, 完成日期
note: note, notes, comment, comments, bemerkung, notiz, remarque, nota, 备注, 说明
"""

    customer: Ref = field(Link("customers"), N_("Customer"))
    step: str = field(TEXT, N_("Task"), required=True)
    due_on: date | None = field(DATE, N_("Due date"), ahead=True)
    promised: bool = field(FLAG, N_("Promised to customer"))
    done_on: date | None = field(DATE, N_("Completed on"))
    not_before: date | None = field(
        COMING_DATE, N_("Snoozed to"), ahead=True, hint=N_("set by Snooze: hidden from Today until this day")
    )
    goal: str = field(TEXT, N_("Goal"))
    stage: str = field(TEXT, N_("Stage"))
    resources: str = field(TEXT, N_("Resources"), hint=N_("people, money, time"))
    note: str = field(LONG_TEXT, N_("Note"))
