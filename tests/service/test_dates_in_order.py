"""Test that dates in the wrong order are refused in forms, quick entry, commands and imports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from imported import bring

from archive.errors import BadValue
from archive.model.contact_details import Absence, Position, Provenance
from archive.model.field_types.base import Context, Ref
from archive.model.fields import Record, order_problem, problems
from archive.model.losses import Loss
from archive.model.records.campaign import Campaign
from archive.model.records.contract import Contract
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.model.records.wallet import Wallet
from archive.service.archive import Archive
from archive.store import Change

EARLY, LATE = date(2026, 1, 1), date(2026, 12, 31)
ANN = {"kind": "person", "full_name": "Ann Bell"}


def of(customer: str, cls: type[Record], **values: Any) -> Record:
    return cls(customer=Ref(customer), **values)


def position(**values: Any) -> Record:
    return Customer(**ANN, positions=(Position(organisation=Ref(name="North Trade"), **values),))


PAIRS: list[tuple[Callable[[str, date, date], Record], str]] = [
    (
        lambda ann, first, last: of(ann, Contract, number="K", start=first, end=last),
        "The end date 2026-01-01 is before the start date 2026-12-31. Change one of them.",
    ),
    (
        lambda ann, first, last: Customer(**ANN, exceptions=(Absence(first=first, last=last),)),
        "Days off: The last day 2026-01-01 is before the first day 2026-12-31. Change one of them.",
    ),
    (
        lambda ann, first, last: of(ann, Wallet, category="Rice", period_from=first, period_to=last),
        "The last day of the period 2026-01-01 is before the first day of the period 2026-12-31."
        " Change one of them.",
    ),
    (
        lambda ann, first, last: Campaign(name="Spring", start=first, end=last),
        "The end date 2026-01-01 is before the start date 2026-12-31. Change one of them.",
    ),
    (
        lambda ann, first, last: position(since=first, until=last),
        "Position: The end date 2026-01-01 is before the start date 2026-12-31. Change one of them.",
    ),
    (
        lambda ann, first, last: Customer(**ANN, provenance=(learnt(first, last),)),
        "Provenance: The verification date 2026-01-01 is before the date obtained 2026-12-31."
        " Change one of them.",
    ),
    (
        lambda ann, first, last: Customer(**ANN, customer_since=first, lost_on=last),
        'The lost date 2026-01-01 is before the "customer since" date 2026-12-31. Change one of them.',
    ),
    (
        lambda ann, first, last: of(ann, Transaction, on=first, type="invoice", due_on=last),
        "The due date 2026-01-01 is before the date 2026-12-31. Change one of them.",
    ),
    (
        lambda ann, first, last: of(ann, Transaction, on=first, type="quotation", expected_on=last),
        "The expected date 2026-01-01 is before the date 2026-12-31. Change one of them.",
    ),
    (
        lambda ann, first, last: of(ann, Interaction, at=noon(first), follow_up_done_on=last),
        "The follow-up completion date 2026-01-01 is before the date 2026-12-31. Change one of them.",
    ),
    (
        lambda ann, first, last: of(
            ann, Contract, number="K", start=EARLY, signed_on=first, cancelled_on=last
        ),
        "The cancellation date 2026-01-01 is before the signing date 2026-12-31. Change one of them.",
    ),
    (
        lambda ann, first, last: of(ann, Interaction, at=noon(first), follow_up_on=last),
        "The follow-up date 2026-01-01 is before the date 2026-12-31. Change one of them.",
    ),
]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001


def learnt(first: date, last: date) -> Provenance:
    return Provenance(group="personal", how="phone", on=first, verified_on=last)


@pytest.fixture
def ann(archive: Archive) -> str:
    archive.save(Customer(**ANN, code="ann"))
    return archive.select("customers", "ann")[0]


@pytest.mark.parametrize(("make", "sentence"), PAIRS)
def test_dates_in_the_wrong_order_are_not_saved(archive: Archive, ann: str, make: Any, sentence: str) -> None:
    with pytest.raises(BadValue) as error:
        archive.save(make(ann, LATE, EARLY))
    assert error.value.message == sentence
    assert archive.save(make(ann, EARLY, LATE))
    assert archive.save(make(ann, EARLY, EARLY))


@pytest.mark.parametrize(("make", "sentence"), PAIRS)
def test_stored_records_are_checked_by_the_same_rules(make: Any, sentence: str) -> None:
    wrong, right = make("u", LATE, EARLY), make("u", EARLY, LATE)
    assert order_problem(type(wrong), wrong.dump())[1] == sentence == problems(wrong)[problem_key(wrong)]
    assert order_problem(type(right), right.dump()) == ("", "")


def problem_key(record: Record) -> str:
    return order_problem(type(record), record.dump())[0]


@pytest.mark.parametrize(
    ("table", "header", "wrong", "right"),
    [
        (
            "contracts",
            "customer.code,number,start,end",
            "ann,K,2026-12-31,2026-01-01",
            "ann,L,2026-01-01,2026-12-31",
        ),
        (
            "wallets",
            "customer.code,category,period_from,period_to",
            "ann,Rice,2026-12-31,2026-01-01",
            "ann,Tea,2026-01-01,2026-12-31",
        ),
        (
            "transactions",
            "customer.code,type,on,due_on,amount",
            "ann,invoice,2026-12-31,2026-01-01,5",
            "ann,invoice,2026-01-01,2026-12-31,5",
        ),
        (
            "customers",
            "kind,full_name,customer_since,lost_on",
            "person,Ben,2026-12-31,2026-01-01",
            "person,Cem,2026-01-01,2026-12-31",
        ),
        (
            "customers",
            "kind,full_name,positions.1.organisation.name,positions.1.since,positions.1.until",
            "person,Ben,North Trade,2026-12-31,2026-01-01",
            "person,Cem,North Trade,2026-01-01,2026-12-31",
        ),
    ],
)
def test_a_row_with_dates_in_the_wrong_order_is_rejected(
    archive: Archive, ann: str, table: str, header: str, wrong: str, right: str
) -> None:
    plan = bring(archive, header, wrong, right, table=table)
    assert (plan.created, plan.rejected) == (1, 1)
    (reject,) = plan.rejects
    assert (reject.line, "is before" in reject.error.sentence) == (2, True)


def test_a_cell_with_dates_in_the_wrong_order_is_kept_as_extra(archive: Archive) -> None:
    plan = bring(archive, "kind,full_name,exceptions", "person,Ben,2027-01-02..2026-12-24")
    (warning,) = plan.warnings
    assert warning.sentence == (
        "The last day 2026-12-24 is before the first day 2027-01-02. Change one of them. It is kept as extra."
    )
    assert archive.find(Customer, "Ben").extra == {"exceptions": "2027-01-02..2026-12-24"}


def test_an_update_that_would_put_dates_out_of_order_is_rejected(archive: Archive, ann: str) -> None:
    archive.save(of(ann, Contract, number="K", start=date(2026, 6, 1), end=LATE))
    rows = ("customer.code,number,end", "ann,K,2026-05-31")
    plan = bring(archive, *rows, table="contracts", merge="overwrite")
    assert [reject.error.sentence for reject in plan.rejects] == [
        "The end date 2026-05-31 is before the start date 2026-06-01. Change one of them."
    ]
    assert archive.find(Contract, "K").end == LATE


def test_an_old_record_with_dates_in_the_wrong_order_can_still_be_edited(archive: Archive, ann: str) -> None:
    old = of(ann, Contract, uid="c", number="K", start=LATE, end=EARLY)
    archive.apply("older version", [Change("contracts", "c", old.dump(), None)])
    archive.edit("contracts", "c", title="Rice")
    with pytest.raises(BadValue, match="is before"):
        archive.edit("contracts", "c", end=date(2026, 2, 1))
    plan = bring(archive, "customer.code,number,signee", "ann,K,Li", table="contracts")
    assert plan.updated == 1
    kept = archive.find(Contract, "K")
    assert (kept.title, kept.signee, kept.end) == ("Rice", "Li", EARLY)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"customer_since": LATE, "earlier_losses": (Loss(lost_on=EARLY, won_back_on=LATE),)},
            'The earlier lost date 2026-01-01 is before the "customer since" date 2026-12-31. Change one of them.',
        ),
        (
            {"lost_on": EARLY, "earlier_losses": (Loss(lost_on=EARLY, won_back_on=LATE),)},
            "The lost date 2026-01-01 is before the earlier won-back date 2026-12-31. Change one of them.",
        ),
    ],
)
def test_earlier_losses_must_lie_between_customer_since_and_the_last_loss(
    archive: Archive, values: dict[str, Any], sentence: str
) -> None:
    wrong = Customer(**ANN, **values)
    with pytest.raises(BadValue) as error:
        archive.save(wrong)
    assert error.value.message == sentence
    assert order_problem(Customer, wrong.dump()) == ("earlier_losses", sentence)


@pytest.mark.parametrize(
    ("line", "first", "last", "reason"),
    [
        ("2026-12-24..2027-01-02 holidays", "2026-12-24", "2027-01-02", "holidays"),
        ("2026-12-24 - 2027-01-02 holidays", "2026-12-24", "2027-01-02", "holidays"),
        ("2026-12-24–2027-01-02", "2026-12-24", "2027-01-02", ""),
        ("24 Dec to 2 Jan holidays", "2026-12-24", "2027-01-02", "holidays"),
        ("24.12. bis 2.1.", "2026-12-24", "2027-01-02", ""),
        ("24 Dec 2026..2 Jan 2027 at home", "2026-12-24", "2027-01-02", "at home"),
        ("2026年12月24日至2027年1月2日 放假", "2026-12-24", "2027-01-02", "放假"),
        ("2026-12-24 - shut", "2026-12-24", "2026-12-24", "- shut"),
        ("24 Dec shut", "2026-12-24", "2026-12-24", "shut"),
    ],
)
def test_both_dates_of_an_absence_are_parsed(line: str, first: str, last: str, reason: str) -> None:
    found = Absence.from_line(line, Context(noon(date(2026, 11, 30))))
    assert (str(found.first), str(found.last), found.reason) == (first, last, reason)


@pytest.mark.parametrize("line", ["2026-12-24..", "2026-12-24..soon", "2026-12-24...soon", "soon"])
def test_an_absence_with_invalid_dates_is_refused(line: str) -> None:
    with pytest.raises(BadValue):
        Absence.from_line(line, Context(noon(date(2026, 11, 30))))


@pytest.mark.parametrize("sign", [" - ", "–", " to ", ".."])
def test_an_absence_in_the_wrong_order_is_refused_with_any_separator(archive: Archive, sign: str) -> None:
    ctx = Context(noon(date(2026, 11, 30)))
    with pytest.raises(BadValue, match="is before the first day"):
        archive.save(Customer(**ANN, exceptions=(Absence.from_line(f"2027-01-02{sign}2026-12-24", ctx),)))
