"""Import: read a file into a plan, which can be previewed, and apply the plan as a single change."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from archive.collector import at_rest
from archive.errors import ArchiveError, CannotWrite
from archive.exchange.paths import ID
from archive.exchange.reading import Checked, Issue, RowReader
from archive.model.archive_settings import UID, ArchiveSettings
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.references import relinked
from archive.model.tables import STORED
from archive.service import mapping_store
from archive.service.archive import Archive
from archive.service.change_labels import settled_label
from archive.service.importing.draft import Draft
from archive.service.importing.links import Links, customer_defaults
from archive.service.importing.open import Look, Opened, column_reports, look, samples_of
from archive.service.importing.plan import (
    Cancelled,
    ColumnReport,
    Difference,
    ImportOptions,
    Plan,
    Reject,
    Suggestion,
)
from archive.service.importing.rows import Rows, rows_for
from archive.service.importing.survey import Survey, survey
from archive.service.settling import settled_by
from archive.store import Change, Entry
from archive.text import _, plural

__all__ = [
    "Cancelled",
    "ColumnReport",
    "Difference",
    "ImportOptions",
    "Look",
    "Plan",
    "Suggestion",
    "apply",
    "look",
    "read_plan",
]

OnStep = Callable[[int, int], None]
BAD_ID = "bad-id"
_STEP = 1_000  # rows between two progress reports


def _no_step(done: int, total: int) -> None:
    """Ignore progress."""


def read_plan(
    archive: Archive,
    data: bytes,
    options: ImportOptions = ImportOptions(),  # noqa: B008 - it is frozen
    on_step: OnStep = _no_step,
    cancelled: Callable[[], bool] = lambda: False,
    name: str = "",
) -> Plan:
    """Read a whole file and plan its changes, without writing anything.

    Args:
        archive: The archive.
        data: The contents of the file.
        options: How to read it.
        on_step: Called with the number of rows read and the total, which is 0 during the first pass.
        cancelled: Polled; whether to stop.
        name: The name of the file, for the history. Its suffix helps to detect the format.

    Raises:
        Ambiguous: The user has to decide how to read a column.
        UsageError: An option is invalid.
        Cancelled: `cancelled` returned true.
        ArchiveError: The file is not a table, or has more than `max_errors` errors.
    """
    with at_rest():
        opened = Opened(data, options, name)
        return _Reading(archive, opened, options, on_step, cancelled, name).plan()


class _Reading:
    """Reads a file into a plan."""

    def __init__(
        self,
        archive: Archive,
        opened: Opened,
        options: ImportOptions,
        on_step: OnStep,
        cancelled: Callable[[], bool],
        name: str,
    ) -> None:
        self._archive, self._opened, self._options = archive, opened, options
        self._on_step, self._cancelled = on_step, cancelled
        source = opened.source
        self._plan = Plan(
            name,
            opened.mapped,
            options,
            source.header,
            opened.format,
            source.encoding,
            source.delimiter,
            source.sheets,
        )
        self._plan.columns = column_reports(opened.mapped, opened.width)

    def plan(self) -> Plan:
        """Survey the file, read its rows, and plan the changes."""
        opened, plan = self._opened, self._plan
        file_survey = survey(opened.source, opened.mapped, lambda rows: self._step(rows, 0))
        region = self._options.region or self._archive.settings.region
        planned = self._planned(file_survey)
        create = self._options.create_customers
        self._links = Links(self._archive, plan.table, planned, create=create)
        self._links.defaults |= customer_defaults(opened.customer, self._archive.ctx)
        reader = RowReader(
            opened.mapped,
            self._archive.ctx._replace(region=region, order="ymd", decimal="."),
            self._links,
            file_survey.texts,
            (self._options.date_order, self._options.decimal),
            opened.constants,
            self._has_own_ids(file_survey),
        )
        rows = rows_for(Draft(self._archive, plan), region, planned)
        self._take_rows(reader, rows, file_survey.rows)
        plan.ignored = list(opened.source.ignored)
        plan.notes[:0] = opened.source.notes
        self._report_columns(file_survey)
        self._finish(rows, planned)
        return plan

    def _step(self, done: int, total: int) -> None:
        if done % _STEP == 0 or done == total:
            self._on_step(done, total)
            if self._cancelled():
                raise Cancelled(_("The import was cancelled. Nothing was imported."))

    def _has_own_ids(self, file_survey: Survey) -> bool:
        """Return whether the column `id` has ids of this archive, or of another archive of this program."""
        table = self._plan.table
        if any(self._archive.has(table, uid) for uid in file_survey.ids):
            return True
        return self._opened.mapped.ours and bool(file_survey.ids) and all(map(self._is_id, file_survey.ids))

    def _planned(self, file_survey: Survey) -> dict[str, str]:
        """Assign a uid to each new code in the file, so that its records can refer to each other."""
        codes = self._archive.codes(self._plan.table)
        own = self._has_own_ids(file_survey)
        return {
            code: uid if own and uid else secrets.token_hex(8)
            for code, uid in file_survey.codes.items()
            if code not in codes
        }

    def _take_rows(self, reader: RowReader, rows: Rows, total: int) -> None:
        done = 0
        for row in self._opened.source.rows:
            if row.is_blank:
                continue
            done += 1
            self._step(done, total)
            if row.error:
                self._reject(Issue(row.line, "", row.error, row.sentence), row.cells)
                continue
            checked = reader.read(row)
            if row.warning:
                checked.warnings.append(Issue(row.line, "", row.warning, row.sentence))
            self._take(checked, rows)

    def _take(self, checked: Checked, rows: Rows) -> None:
        issue = checked.error or self._bad_id(checked) or self._added(checked, rows)
        if issue:
            self._reject(issue, checked.cells)
        else:
            self._plan.warnings.extend(checked.warnings)

    def _bad_id(self, checked: Checked) -> Issue | None:
        if not checked.id or self._is_id(checked.id) or self._archive.has(self._plan.table, checked.id):
            return None
        sentence = _("{text} is not an id of this program. An id has 16 characters from 0-9 and a-f.").format(
            text=checked.id[:40]
        )
        return Issue(checked.line, ID, BAD_ID, sentence)

    def _is_id(self, text: str) -> bool:
        if self._plan.table == ArchiveSettings.TABLE:
            return text == UID
        return len(text) == 16 and set(text) <= set("0123456789abcdef")

    def _added(self, checked: Checked, rows: Rows) -> Issue | None:
        values = checked.values
        for key, text in self._opened.mapped.constants.items():
            values.setdefault(key, text)
        return rows.add(checked, values)

    def _reject(self, issue: Issue, cells: Sequence[str]) -> None:
        self._plan.rejects.append(Reject(issue.line, issue, list(cells)))
        most = self._options.max_errors
        if most is not None and len(self._plan.rejects) > most:
            raise ArchiveError(
                _("More than {n} rows are rejected; the last is line {line}: {reason}").format(
                    n=most, line=issue.line, reason=issue.sentence
                ),
                _("Nothing was imported."),
            )

    def _report_columns(self, file_survey: Survey) -> None:
        errors: dict[str, int] = {}
        for issue in [*self._plan.warnings, *(reject.error for reject in self._plan.rejects)]:
            errors[issue.column] = errors.get(issue.column, 0) + 1
        for number, column in enumerate(self._plan.columns):
            column.filled = file_survey.filled[number]
            column.samples = samples_of(cells.cells[number] for cells in self._opened.head if not cells.error)
            column.errors = errors.get(column.header, 0)

    def _finish(self, rows: Rows, planned: Mapping[str, str]) -> None:
        """Plan the changes, new customers first. Links to rejected rows become plain names."""
        changes = list(rows.finish())
        used = {change.new.get("customer") for change in changes if change.new}
        created = [
            Change("customers", uid, raw, None) for uid, raw in self._links.made.items() if uid in used
        ]
        self._plan.customers_created = len(created)
        coming = {change.uid for change in changes}
        rejected = {uid: code for code, uid in planned.items() if uid not in coming}
        changes = created + [self._without_lost_links(change, rejected) for change in changes]
        self._plan.changes = changes + self._settled(changes)

    def _settled(self, changes: Sequence[Change]) -> list[Change]:
        """Return the changes that new activities settle, and announce their number in the plan."""
        plan = self._plan
        settled = settled_by(self._archive, changes, self._archive.ctx.today)
        plan.settled = len(settled)
        if settled:
            sentence = plural(
                "These activities settle {n} due follow-up or next contact.",
                "These activities settle {n} due follow-ups and next contacts.",
                plan.settled,
            )
            plan.notes.append(sentence)
        return settled

    def _without_lost_links(self, change: Change, rejected: Mapping[str, str]) -> Change:
        cls, table = STORED[change.table], self._plan.table
        new = change.new
        for uid in set(_linked(cls, new or {})) & rejected.keys() if rejected else ():
            new = relinked(cls, new or {}, table, uid, rejected[uid]) or new
        return change._replace(new=new)


def _linked(cls: type[Any], raw: Mapping[str, Any]) -> Iterator[str]:
    for key, field in cls.FIELDS.items():
        if isinstance(field.type, Link) and isinstance(raw.get(key), str):
            yield raw[key]
        elif isinstance(field.type, ListOf):
            for part in raw.get(key, ()):
                yield from _linked(field.type.part, part)


def apply(archive: Archive, plan: Plan) -> Entry | None:
    """Write the changes of a plan in a single undo step; return None if there are none.

    Records that were edited or created since the plan was read are not changed; their names are added to
    `plan.skipped`. The user's choice of columns is stored for the next file with the same header.
    """
    changes = list(_still_fitting(archive, plan))
    entry = archive.apply(_label(plan), changes)
    if plan.options.maps:
        try:
            mapping_store.save_mapping(plan.table, plan.header, plan.options.maps)
        except CannotWrite as error:
            plan.notes.append(str(error))
    return entry


def _still_fitting(archive: Archive, plan: Plan) -> Iterator[Change]:
    imported = {change.new["code"] for change in plan.changes if change.new and "code" in change.new}
    codes = (code for code in archive.free_codes() if code not in imported)
    for change in plan.changes:
        new = change.new or {}
        holder = archive.codes(change.table).get(new.get("code", ""), change.uid)
        if archive.raw(change.table, change.uid) != change.old or holder != change.uid:
            plan.skipped.append(str(new.get("full_name") or new.get("name") or change.uid))
        elif change.table == "customers" and "code" not in new:
            yield change._replace(new={"uid": change.uid, "code": next(codes), **new})
        else:
            yield change


def _label(plan: Plan) -> str:
    created = plural("{n} new", "{n} new", plan.created) if plan.created else ""
    updated = plural("{n} updated", "{n} updated", plan.updated) if plan.updated else ""
    counts = ", ".join(filter(None, (created, updated)))
    label = _("Imported {name}: {counts}").format(
        name=plan.name or _(STORED[plan.table].LABEL), counts=counts
    )
    return settled_label(label, plan.settled)
