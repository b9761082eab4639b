"""Change the marked rows: choose what to change, enter the value, look at the preview, apply it as one change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from archive.analysis.report import Opens
from archive.errors import BadValue
from archive.model.field_types.standard import COMING_DATE
from archive.model.fields import Field
from archive.model.records.campaign import AUDIENCE, CONTROL_GROUP, Campaign
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.bulk_change import (
    AddTags,
    Applied,
    BulkChange,
    Done,
    Operation,
    RecordsChange,
    RemoveTags,
    SetField,
    Snooze,
    Target,
    settable_fields,
    table_words,
)
from archive.service.campaign_members import AddMembers
from archive.service.change_labels import subject
from archive.service.completing import COMPLETED
from archive.service.handover import HandOver
from archive.store import Sort
from archive.text import _, plural
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.bulk_preview import BulkPreviewScreen
from archive.ui.screens.bulk_value import BulkValueScreen, Make
from archive.ui.screens.dialogs import PickScreen
from archive.ui.screens.find import FindScreen
from archive.ui.screens.marking import chosen_rows, clear_marks
from archive.ui.widgets.table import RecordTable

SNOOZABLE = ("plans", "interactions", "customers", "transactions")
Screen = ArchiveScreen[Any]


class Rows(NamedTuple):
    """What a change applies to.

    Attributes:
        records: The records of the rows.
        customers: The uids of their customers, if the records themselves are not customers.
        ignored: The number of rows without a record that can be changed.
        clear: Called after a change, to clear the marks.
    """

    records: Sequence[Target]
    customers: Sequence[str]
    clear: Callable[[], object]
    ignored: int = 0

    @property
    def tables(self) -> list[str]:
        """The tables of the records."""
        return list(dict.fromkeys(table for table, _uid in self.records))

    @property
    def people(self) -> list[Target]:
        """The customers of all rows, as records."""
        own = [uid for table, uid in self.records if table == "customers"]
        return [("customers", uid) for uid in dict.fromkeys([*self.customers, *own])]


class _Choice(NamedTuple):
    key: str  # the letter that chooses it
    label: str
    begin: Callable[[], None]


def change_rows(screen: Screen, rows: Rows) -> None:
    """Ask what to change about the rows, and change it."""
    choices = [*_of_records(screen, rows), *_of_customers(screen, rows)]
    if not choices:
        screen.owner.say(_("Nothing about these rows can be changed together."))
        return

    def take(key: str | None) -> None:
        chosen = next((choice for choice in choices if choice.key == key), None)
        if chosen:
            chosen.begin()

    listed = [(choice.key, f"{choice.key}  {choice.label}") for choice in choices]
    title = _("Change {records}").format(records=_rows_words(screen.archive, rows))
    screen.app.push_screen(
        PickScreen(title, listed, keys={choice.key: choice.key for choice in choices}), take
    )


def change_records(screen: Screen, table: str, rows: RecordTable) -> None:
    """Change the marked records of a list, or the record under the cursor."""
    chosen = chosen_rows(rows)
    raws = (screen.archive.raw(table, uid) or {} for uid in chosen)
    customers = [str(customer) for raw in raws if (customer := raw.get("customer"))]

    def clear() -> None:
        rows.marks = rows.marks.difference(chosen)

    if chosen:
        change_rows(screen, Rows([(table, uid) for uid in chosen], customers, clear))


def change_opened(screen: Screen, opened: Sequence[Opens | None], rows: RecordTable) -> None:
    """Change the records behind rows of a report."""
    records = [(opens.table, uid) for opens in opened if opens for uid in opens.uids]
    raws = (screen.archive.raw(table, uid) or {} for table, uid in records)
    customers = [str(customer) for raw in raws if (customer := raw.get("customer"))]
    ignored = sum(opens is None for opens in opened)
    change_rows(screen, Rows(records, customers, partial(clear_marks, [rows]), ignored))


def _words(archive: Archive, targets: Sequence[Target]) -> str:
    if len(targets) == 1:
        table, uid = targets[0]
        return subject(table, dict(archive.raw(table, uid) or {}), archive.ctx)
    return table_words({table for table, _uid in targets}, len(targets))


def _rows_words(archive: Archive, rows: Rows) -> str:
    """Return what the rows are: their records, or "5 rows" if only some of them have such a record."""
    if rows.ignored:
        count = len(rows.records) + rows.ignored
        return plural("{n} row", "{n} rows", count)
    return _words(archive, rows.records)


def _of_records(screen: Screen, rows: Rows) -> Iterator[_Choice]:
    """Yield what can be changed about the records of the rows themselves."""
    for choice in _own_choices(screen, rows, rows.tables):
        label = choice.label
        if rows.ignored:
            total = len(rows.records) + rows.ignored
            label = _("{change} ({n} of {total} rows)").format(change=label, n=len(rows.records), total=total)
        yield choice._replace(label=label)


def _own_choices(screen: Screen, rows: Rows, tables: Sequence[str]) -> Iterator[_Choice]:
    if tables == ["customers"]:
        yield from _of_people(screen, rows, rows.records)
    if tables and set(tables) <= set(COMPLETED):
        label = _("next contact done") if tables == ["customers"] else _("done")
        yield _Choice("d", label, partial(_preview, screen, rows, _("Done"), Done(), rows.records))
    if len(tables) == 1:
        yield _Choice("f", _("set a field"), partial(_set_field, screen, rows, tables[0]))
    if tables and set(tables) <= set(SNOOZABLE):
        label = _("snooze the next contact") if tables == ["customers"] else _("snooze to a day")
        yield _Choice("z", label, partial(_snooze, screen, rows))


def _of_customers(screen: Screen, rows: Rows) -> Iterator[_Choice]:
    """Yield what can be changed about the customers of the rows."""
    if rows.people and rows.tables != ["customers"]:
        for choice in _of_people(screen, rows, rows.people):
            yield choice._replace(label=_("customers: {change}").format(change=choice.label))


def _of_people(screen: Screen, rows: Rows, targets: Sequence[Target]) -> Iterator[_Choice]:
    yield _Choice("t", _("add a tag"), partial(_tags, screen, rows, targets, AddTags))
    yield _Choice("r", _("remove a tag"), partial(_tags, screen, rows, targets, RemoveTags))
    yield _Choice("a", _("assign a manager"), partial(_assign, screen, rows, targets))
    yield _Choice("h", _("hand over to another manager"), partial(_hand_over, screen, rows, targets))
    yield _Choice("c", _("add to a campaign's audience"), partial(_campaign, screen, rows, targets, AUDIENCE))
    yield _Choice(
        "g",
        _("add to a campaign's control group"),
        partial(_campaign, screen, rows, targets, CONTROL_GROUP),
    )


# Steps


def _finish(screen: Screen, rows: Rows, result: Applied | None) -> None:
    if result is None:
        return
    words = result.entry.label if result.entry else _("Nothing was changed.")
    if result.dropped:
        more = plural(
            "{n} was edited or deleted after the preview and is left out.",
            "{n} were edited or deleted after the preview and are left out.",
            result.dropped,
        )
        words = f"{words}. {more}" if result.entry else f"{words} {more}"
    rows.clear()
    screen.owner.say(words)


def _open(screen: Screen, rows: Rows, title: str, change: BulkChange) -> None:
    screen.app.push_screen(BulkPreviewScreen(title, change), partial(_finish, screen, rows))


def _preview(screen: Screen, rows: Rows, what: str, operation: Operation, targets: Sequence[Target]) -> None:
    title = f"{what}: {_words(screen.archive, targets)}"
    _open(screen, rows, title, RecordsChange(operation, targets, rows.ignored))


def _ask(
    screen: Screen,
    rows: Rows,
    title: str,
    table: str,
    fields: Sequence[tuple[Field, Any]],
    make: Make,
    hint: str = "",
) -> None:
    screen.app.push_screen(
        BulkValueScreen(title, table, fields, make, hint=hint), partial(_finish, screen, rows)
    )


def _tags(screen: Screen, rows: Rows, targets: Sequence[Target], operation: type[AddTags]) -> None:
    def make(values: Sequence[Any]) -> BulkChange:
        if not values[0]:
            raise BadValue(_("Enter a tag, or several separated by commas."))
        return RecordsChange(operation(values[0]), targets)

    words = _("Remove a tag: {records}") if operation is RemoveTags else _("Add a tag: {records}")
    title = words.format(records=_words(screen.archive, targets))
    _ask(screen, rows, title, "customers", [(Customer.FIELDS["tags"], ())], make)


def _assign(screen: Screen, rows: Rows, targets: Sequence[Target]) -> None:
    _value(screen, rows, "customers", Customer.FIELDS["account_manager"], targets)


def _hand_over(screen: Screen, rows: Rows, targets: Sequence[Target]) -> None:
    archive = screen.archive
    field = Customer.FIELDS["account_manager"]
    managers = Counter(
        manager
        for _table, uid in targets
        if (manager := str((archive.raw("customers", uid) or {}).get("account_manager", "")))
    )
    giver = managers.most_common(1)[0][0] if managers else ""

    def make(values: Sequence[Any]) -> BulkChange:
        if not values[1]:
            raise BadValue(_("Enter the name of the new account manager."))
        return RecordsChange(HandOver(*values), targets)

    fields = [(field._replace(label=_("From")), giver), (field._replace(label=_("To")), "")]
    title = _("Hand over {records}").format(records=_words(archive, targets))
    hint = _("Open tasks, follow-ups and contracts belong to the customer and go along.")
    _ask(screen, rows, title, "customers", fields, make, hint)


def _snooze(screen: Screen, rows: Rows) -> None:
    today = screen.archive.ctx.today

    def make(values: Sequence[date | None]) -> BulkChange:
        if values[0] is None or values[0] <= today:
            raise BadValue(_("Enter a day after today, such as tomorrow, next mon or +2w."))
        return RecordsChange(Snooze(values[0]), rows.records, rows.ignored)

    field = Field(_("Snooze to"), COMING_DATE, key="not_before")
    title = _("Snooze {records}").format(records=_words(screen.archive, rows.records))
    _ask(screen, rows, title, rows.tables[0], [(field, None)], make, _("tomorrow, next mon, +2w"))


def _set_field(screen: Screen, rows: Rows, table: str) -> None:
    fields = {field.key: field for field in settable_fields(table)}

    def take(key: str | None) -> None:
        if key is not None:
            _value(screen, rows, table, fields[key], rows.records)

    choices = [(key, field.title) for key, field in fields.items()]
    title = _("Set which field of {records}?").format(records=_words(screen.archive, rows.records))
    screen.app.push_screen(FindScreen(title, choices), take)


def _value(screen: Screen, rows: Rows, table: str, field: Field, targets: Sequence[Target]) -> None:
    def make(values: Sequence[Any]) -> BulkChange:
        return RecordsChange(SetField(field, values[0]), targets)

    title = _("{field} of {name}").format(field=field.title, name=_words(screen.archive, targets))
    hint = "" if field.required else _("Leave it blank to clear the field.")
    _ask(screen, rows, title, table, [(field, field.type.empty)], make, hint)


def _campaign(screen: Screen, rows: Rows, targets: Sequence[Target], key: str) -> None:
    archive = screen.archive
    uids = archive.select(Campaign.TABLE, "", Sort("start", True))
    if not uids:
        screen.owner.say(_("There is no campaign yet. Press ctrl+g m, then n, to add one."))
        return

    def take(uid: str | None) -> None:
        if uid is not None:
            group = Campaign.FIELDS[key].title
            title = f"{archive.name(Campaign.TABLE, uid)} · {group}: {_words(archive, targets)}"
            _open(screen, rows, title, AddMembers(uid, key, [target[1] for target in targets]))

    words = _("Add {records} to which campaign?").format(records=_words(archive, targets))
    screen.app.push_screen(
        FindScreen(words, [(uid, archive.name(Campaign.TABLE, uid)) for uid in uids]), take
    )
