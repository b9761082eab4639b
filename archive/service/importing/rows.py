"""Match imported rows to existing records, and create or update records in the draft. Nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Protocol

from archive.exchange.cells import ODD_VALUE
from archive.exchange.reading import Checked, Issue
from archive.model.archive_settings import UID, ArchiveSettings
from archive.model.field_types.standard import MONEY
from archive.model.records.transaction import Transaction, worked_out_amount
from archive.model.tables import OF_A_CUSTOMER
from archive.service.defaults import currency_for
from archive.service.importing.draft import Draft
from archive.service.importing.match import CustomerIndex, Match
from archive.service.importing.merge import says_nothing_new
from archive.service.importing.named import NamedRows
from archive.service.importing.people import complete_customer, name_customer
from archive.service.importing.plan import Suggestion
from archive.store import Change
from archive.text import _, fold, plural

Raw = Mapping[str, Any]
CODE_TAKEN, SECOND_ROW, NO_SETTING = "code-taken", "second-row", "no-setting"
# Keys for the default currency of a row that has none, and for the amount calculated in it; no field has these keys.
# Matching ignores both values, because they may differ when the same file is imported again.
_ASSUMED = "+currency"
_COMPUTED = "+amount"
_APART = ("extra", _ASSUMED, _COMPUTED)


class Rows(Protocol):
    """How the rows of a table are matched to records. Rows are added one by one; `finish` returns the changes."""

    def add(self, checked: Checked, values: dict[str, Any]) -> Issue | None:
        """Add a row; return an issue if it is rejected."""

    def finish(self) -> Iterator[Change]:
        """Yield the changes. Afterwards the plan's counts are complete."""


class KeyedRows:
    """Customers and products, which have a code and a name."""

    def __init__(self, draft: Draft, region: str, planned: Mapping[str, str]) -> None:
        self._draft = draft
        self._plan = draft.plan
        self._planned = planned
        self._match = draft.plan.options.match
        self._codes: dict[str, str] = {}
        self._index: CustomerIndex | None = None
        self._names: dict[str, str] = {}
        if draft.plan.table == "customers":
            archive = draft.archive
            customers = (archive.raw("customers", uid) for uid in archive.uids("customers"))
            self._index = CustomerIndex((raw for raw in customers if raw is not None), region, self._match)

    def add(self, checked: Checked, values: dict[str, Any]) -> Issue | None:
        """Add a row; return an issue if it is rejected."""
        if self._index is not None:
            name_customer(values)
        if checked.id and "id" in self._match:
            return self._by_id(checked, values)
        uid, issue = self._by_code(checked, values)
        if issue:
            return issue
        match = Match(uid, {}) if uid else self._by_content(values, checked.extra)
        if match.uid:
            return self._update(checked, match.uid, values)
        return self._create(checked, values, match.maybe)

    def _by_id(self, checked: Checked, values: dict[str, Any]) -> Issue | None:
        uid = checked.id
        if issue := self._draft.named_by_id(checked):
            return issue
        if self._draft.get(uid) is not None:
            return self._update(checked, uid, values)
        return self._create(checked, values, {}, uid)

    def _holder(self, code: str) -> str:
        return self._codes.get(code) or self._draft.archive.codes(self._plan.table).get(code, "")

    def _by_code(self, checked: Checked, values: Raw) -> tuple[str, Issue | None]:
        """Match a row by its code. If the names differ, reject the row, and suggest the record as a duplicate."""
        code = values.get("code", "")
        uid = self._holder(code) if code and "code" in self._match else ""
        if not uid:
            return "", None
        other, name = self._name(self._draft.get(uid) or {}), self._name(values)
        if not name or not other or fold(name) == fold(other):
            return uid, None
        return "", self._code_conflict(checked, code, other, name)

    def _code_conflict(self, checked: Checked, code: str, other: str, name: str) -> Issue:
        self._plan.suggestions.append(Suggestion(checked.line, name, other, _("same code")))
        sentence = _("The code {code} belongs to {other} in the archive, but to {name} in this row.")
        return Issue(
            checked.line, "code", CODE_TAKEN, sentence.format(code=code, other=other, name=name or "-")
        )

    @staticmethod
    def _name(raw: Raw) -> str:
        return str(raw.get("full_name") or raw.get("name") or "")

    def _by_content(self, values: Raw, extra: Mapping[str, str]) -> Match:
        if self._index is not None:
            return self._index.find({**values, "extra": extra})
        name = self._name(values)
        if values.get("code") or not name or "name" not in self._match:
            return Match("", {})
        named = self._draft.archive.named(self._plan.table, name)
        uid = next(iter(named)) if len(named) == 1 else self._names.get(fold(name), "")
        return Match(uid, {})

    def _update(self, checked: Checked, uid: str, values: dict[str, Any]) -> Issue | None:
        code, extra = values.get("code", ""), checked.extra
        old = self._draft.get(uid) or {}
        if code and old.get("code") not in (None, code) and not checked.id:
            extra = {**extra, "code": values.pop("code")}  # keep the file's code as an extra column
        elif code and self._holder(code) not in ("", uid):
            holder = self._draft.get(self._holder(code)) or {}
            return self._code_conflict(checked, code, self._name(holder), self._name(values))
        if issue := self._draft.update(checked, uid, values, extra):
            return issue
        self._know(self._draft.get(uid) or {})
        return None

    def _create(
        self, checked: Checked, values: dict[str, Any], possible: Mapping[str, str], uid: str = ""
    ) -> Issue | None:
        code = values.get("code", "")
        if code and (holder := self._holder(code)):
            other = self._name(self._draft.get(holder) or {})
            return self._code_conflict(checked, code, other, self._name(values))
        if self._plan.table == "customers":
            complete_customer(values)
        if issue := self._draft.unfit(checked, values):
            return issue
        raw = self._draft.create(values, checked.extra, uid or self._planned.get(code, ""))
        self._know(raw)
        for other_uid, why in possible.items():
            other = self._name(self._draft.get(other_uid) or {})
            self._plan.suggestions.append(Suggestion(checked.line, self._name(raw), other, why))
        return None

    def _know(self, raw: Raw) -> None:
        if code := raw.get("code", ""):
            self._codes[code] = raw["uid"]
        if self._index is not None:
            self._index.add(raw)
        else:
            self._names[fold(self._name(raw))] = raw["uid"]

    def finish(self) -> Iterator[Change]:
        """Yield the changes."""
        return self._draft.finish()


class DealingRows:
    """Transactions, activities and tasks, which have no unique key.

    A row matches a record that contains all its values. Each record is matched by at most one row.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._plan = draft.plan
        self._day = draft.cls.DAY
        self._waiting: dict[tuple[str, str], list[Raw]] = {}
        self._code_conflict: set[str] = set()  # records that were matched by id
        self._assumed: Counter[str] = Counter()  # rows without a currency, by the default used
        self._usual: dict[tuple[str, str], str] = {}  # default currencies by customer and product

    def add(self, checked: Checked, values: dict[str, Any]) -> Issue | None:
        """Add a row; return an issue if it is rejected."""
        exists = checked.id and self._draft.get(checked.id) is not None
        if not exists and (issue := self._draft.unfit(checked, values)):
            return issue
        if checked.id and (issue := self._draft.named_by_id(checked)):
            return issue
        if exists:
            self._code_conflict.add(checked.id)
            return self._draft.update(checked, checked.id, values, checked.extra)
        if issue := self._completed(checked, values):
            return issue
        if checked.id:
            self._create(values, checked.extra, checked.id)
        else:
            row = {**values, "extra": checked.extra}
            self._waiting.setdefault((values.get("customer", ""), values.get(self._day, "")), []).append(row)
        return None

    def _completed(self, checked: Checked, values: dict[str, Any]) -> Issue | None:
        """Fill in a transaction's defaults; return an issue if the calculated amount cannot be stored."""
        if self._plan.table != "transactions":
            return None
        values.setdefault("type", "order")
        currency = values.get("currency") or self._usual_currency(values)
        amount = None if "amount" in values else _amount(values, currency)
        if fault := MONEY.fault(amount):
            return Issue(checked.line, "amount", ODD_VALUE, fault)
        is_assumed = "currency" not in values and ("amount" in values or "unit_price" in values)
        if is_assumed:
            values[_ASSUMED] = currency
        if amount is not None:
            values[_COMPUTED if is_assumed else "amount"] = MONEY.dump(amount)
        return None

    def _usual_currency(self, values: Raw) -> str:
        product = values.get("product", "")
        key = values.get("customer", ""), product if isinstance(product, str) else ""
        if key not in self._usual:
            self._usual[key] = currency_for(self._draft.archive, *key)
        return self._usual[key]

    def _create(self, row: Raw, extra: Mapping[str, str], uid: str = "") -> None:
        """Create a record from a row, with the default currency if the row has none."""
        values = {key: value for key, value in row.items() if key not in _APART}
        if _ASSUMED in row:
            self._assumed[row[_ASSUMED]] += 1
            values |= {"currency": row[_ASSUMED]} if row[_ASSUMED] else {}
            values |= {"amount": row[_COMPUTED]} if _COMPUTED in row else {}
        self._draft.create(values, extra, uid)

    def finish(self) -> Iterator[Change]:
        """Yield the changes: if n rows equal m existing records, n - m records are created."""
        for (customer, day), rows in self._waiting.items():
            candidates = list(self._of_day(customer, day))
            for exact in (True, False):
                rows = [row for row in rows if not self._remove_match(row, candidates, exact)]
            for row in rows:
                self._create(row, row["extra"])
        yield from self._draft.finish()
        self._plan.notes += [_currency_note(currency, n) for currency, n in sorted(self._assumed.items())]

    def _of_day(self, customer: str, day: str) -> Iterator[Raw]:
        archive, table = self._draft.archive, self._plan.table
        for uid in archive.children(table, customer):
            raw = archive.raw(table, uid)
            if raw and raw.get(self._day, "") == day and uid not in self._code_conflict:
                yield raw

    def _remove_match(self, row: Raw, candidates: list[Raw], exact: bool) -> bool:
        """Match a row to a candidate with all its values (and no others if `exact`), and remove the candidate."""
        for number, stored in enumerate(candidates):
            if self._contains(stored, row) and (
                not exact or len(stored) - ("extra" in stored) == len(row) - (row.get(_ASSUMED) == "")
            ):
                self._plan.same += 1
                del candidates[number]
                return True
        return False

    def _contains(self, stored: Raw, row: Raw) -> bool:
        fields = self._draft.cls.FIELDS
        return (
            all(
                key in stored
                and (stored[key] == value or says_nothing_new(fields[key].type, stored[key], value))
                for key, value in row.items()
                if key not in _APART
            )
            and row["extra"].items() <= stored.get("extra", {}).items()
        )


def _currency_note(currency: str, n: int) -> str:
    unnamed = plural("{n} row has no currency:", "{n} rows have no currency:", n)
    if not currency:
        return unnamed + " " + _("set a home currency with `archive settings currency=EUR`.")
    return unnamed + " " + _("{currency} is used.").format(currency=currency)


def _amount(values: Raw, currency: str) -> Decimal | None:
    factors: dict[str, Any] = {
        key: Decimal(values[key]) for key in ("quantity", "unit_price", "discount") if key in values
    }
    return worked_out_amount(Transaction(currency=currency, **factors))


class SettingsRows:
    """The archive's own settings, a single row."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._line = 0

    def add(self, checked: Checked, values: dict[str, Any]) -> Issue | None:
        """Add the row; return an issue if it is the second row or has a column that is not a setting."""
        if self._line:
            sentence = _("The settings are a single row, and line {line} already has it. Delete this row.")
            return Issue(checked.line, "", SECOND_ROW, sentence.format(line=self._line))
        if unknown := next(iter(checked.extra), ""):
            sentence = _("There is no setting {name}.").format(name=unknown)
            return Issue(checked.line, unknown, NO_SETTING, sentence)
        self._line = checked.line
        if self._draft.get(UID):
            return self._draft.update(checked, UID, values, {})
        self._draft.create(values, {}, UID)
        return None

    def finish(self) -> Iterator[Change]:
        """Yield the change."""
        return self._draft.finish()


def rows_for(draft: Draft, region: str, planned: Mapping[str, str]) -> Rows:
    """Return the object that matches the rows of the draft's table.

    Args:
        draft: The records of the import.
        region: The default country of phone numbers.
        planned: The uid of each new code in the file.
    """
    table = draft.plan.table
    if table == ArchiveSettings.TABLE:
        return SettingsRows(draft)
    if draft.cls.IDENTITY:
        return NamedRows(draft)
    return DealingRows(draft) if table in OF_A_CUSTOMER else KeyedRows(draft, region, planned)
