"""Hand customers over from one account manager to another, with their open work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archive.errors import BadValue
from archive.model.contract_status import contract_status
from archive.model.field_types.base import Context
from archive.model.fields import Record
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.service.archive import Archive
from archive.service.bulk_change import Edit, Operation
from archive.text import _, fold, plural

_OVER = ("ended", "cancelled")


class HandOver(Operation):
    """Give the customers of one account manager to another.

    Tasks, follow-ups and contracts belong to the customer and go along. Planned activities change hands, too; who made
    past contacts are unchanged.
    """

    def __init__(self, giver: str, taker: str) -> None:
        """Take the names of the two managers; an empty `giver` stands for any manager."""
        self._giver, self._taker = giver, taker

    def changed(self, record: Record, archive: Archive) -> Record:
        assert isinstance(record, Customer)
        manager = record.account_manager
        if fold(manager) == fold(self._taker):
            return record
        if self._giver and fold(manager) != fold(self._giver):
            words = _("The account manager is {name}.") if manager else _("There is no account manager.")
            raise BadValue(words.format(name=manager))
        return record.with_values(account_manager=self._taker)

    def shown(self, record: Record, ctx: Context) -> str:
        assert isinstance(record, Customer)
        return record.account_manager or _("(empty)")

    def label(self, records: str) -> str:
        return _("Handed over to {name}: {records}").format(name=self._taker, records=records)

    def also(self, record: Record, archive: Archive) -> Iterable[Record]:
        """Return the planned activities of the former manager, now of the new one."""
        old = archive.raw("customers", record.uid) or {}
        former = fold(str(old.get("account_manager", "")))
        for raw in _rows(archive, "interactions", record.uid):
            if (
                former
                and raw["at"][:10] > archive.ctx.today.isoformat()
                and fold(raw.get("by", "")) == former
            ):
                yield Interaction.load(raw).with_values(by=self._taker)

    def notes(self, archive: Archive, edits: Sequence[Edit]) -> tuple[str, ...]:
        """Return a sentence that counts the open work of the customers."""
        tasks = follow_ups = contracts = 0
        for edit in edits:
            tasks += sum("done_on" not in raw for raw in _rows(archive, "plans", edit.uid))
            follow_ups += sum(map(_is_open, _rows(archive, "interactions", edit.uid)))
            contracts += sum(
                contract_status(Contract.load(raw), archive.ctx.today) not in _OVER
                for raw in _rows(archive, "contracts", edit.uid)
            )
        parts = [
            plural("{n} open task", "{n} open tasks", tasks) if tasks else "",
            plural("{n} open follow-up", "{n} open follow-ups", follow_ups) if follow_ups else "",
            plural("{n} contract", "{n} contracts", contracts) if contracts else "",
        ]
        work = ", ".join(filter(None, parts))
        return (_("This includes {work}.").format(work=work),) if work else ()


def _rows(archive: Archive, table: str, customer: str) -> Iterator[dict[str, str]]:
    rows = (archive.raw(table, uid) for uid in archive.children(table, customer))
    return (dict(raw) for raw in rows if raw is not None)


def _is_open(contact: dict[str, str]) -> bool:
    return "follow_up_on" in contact and "follow_up_done_on" not in contact
