"""What the reports have to find is in the sample: losses, silence, contracts, competitors, campaigns, promises."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from committed import COMMITTED

from archive.model.contract_status import (
    contract_status,
    fulfilment,
    notice_deadline,
    stopped_on,
)
from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract
from archive.model.tied_deliveries import tied
from archive.service.archive import Archive
from archive.service.demo import SAMPLE_DAY
from archive.service.today import due


def test_nothing_has_happened_after_the_samples_today(records):
    assert max(row.on for row in records["transactions"]) <= SAMPLE_DAY
    assert max(row.at.date() for row in records["interactions"]) <= SAMPLE_DAY


def test_all_business_is_done_from_monday_to_friday(records):
    days = [row.on for row in records["transactions"]] + [row.at for row in records["interactions"]]
    assert [day for day in days if day.weekday() > 4] == []


def test_follow_ups_are_mostly_done_some_overdue_and_some_due_now(records):
    asked = [row for row in records["interactions"] if row.follow_up_on]
    left = [(row.follow_up_on - SAMPLE_DAY).days for row in asked if not row.follow_up_done_on]
    assert len(left) < len(asked) / 3
    assert sum(days < 0 for days in left) >= 2
    assert sum(days == 0 for days in left) >= 2
    assert sum(days > 0 for days in left) >= 15


@pytest.mark.parametrize("days", range(7))
def test_on_any_demo_day_little_is_due_and_nothing_is_old(days):
    today = SAMPLE_DAY + timedelta(days=days)
    path = COMMITTED / "sample.archive.json"
    archive = Archive.open(path, write=False, clock=lambda: datetime.combine(today, time(9)))
    now = [item for item in due(archive, today) if item.on <= today]
    assert 10 <= len(now) <= 30
    assert min(item.on for item in now) > today - timedelta(days=92)
    assert len({item.kind for item in now}) >= 5


def test_two_thirds_left_for_indifferent_service_and_some_came_back(records):
    gone = [row for row in records["customers"] if row.lost_on]
    reasons = Counter(row.lost_reason for row in gone)
    assert 0.6 < reasons["service"] / len(gone) < 0.75
    assert set(reasons) == {"service", "product", "cheaper", "advice", "changed", "moved", "died"}
    assert all(row.won_back_on > row.lost_on for row in gone if row.won_back_on)
    assert sum(row.won_back_on is not None for row in gone) >= 4


def test_rice_customers_buy_what_they_use(records):
    round_ = [row for row in records["customers"] if row.product_use]
    assert len(round_) >= 30
    for customer in round_:
        use = customer.product_use[0]
        told = use.daily_use or use.use_per_head * (use.adults + use.children)
        assert abs(daily_use(records, customer) / float(told) - 1) < 0.35, customer.full_name


def daily_use(records: dict[str, list[Any]], customer: Any) -> float:
    """Kilograms a day between the first and the last order, less a time away."""
    orders = [
        row for row in records["transactions"] if row.customer.uid == customer.uid and row.type == "order"
    ]
    gaps = [(b.on - a.on).days for a, b in pairwise(orders)]
    eaten = sum(float(a.quantity) for a, gap in zip(orders, gaps, strict=False) if gap < 60)
    return eaten / sum(gap for gap in gaps if gap < 60)


def test_some_active_customers_have_fallen_silent(records):
    last: dict[str, list[date]] = {}
    for row in records["transactions"]:
        if row.type == "order":
            last.setdefault(row.customer.uid, []).append(row.on)
    active = {row.uid for row in records["customers"] if row.status == "active"}
    silent = [
        uid
        for uid, days in last.items()
        if uid in active
        and len(days) > 5
        and (SAMPLE_DAY - days[-1]) > 2 * (days[-1] - days[0]) / (len(days) - 1)
    ]
    assert 8 <= len(silent) <= 30


def test_contracts_are_in_every_state_and_some_need_notice_soon(records):
    states = Counter(contract_status(contract, SAMPLE_DAY) for contract in records["contracts"])
    assert set(states) == {"unsigned", "active", "ended", "cancelled"}
    assert states["active"] > 20
    deadlines = [notice_deadline(contract, SAMPLE_DAY) for contract in records["contracts"]]
    near = [day for day in deadlines if day and date(2026, 11, 15) <= day <= date(2027, 1, 31)]
    assert len(near) > 12


def fulfilled(records: dict[str, list[Any]]) -> Iterator[tuple[Contract, Any, Any]]:
    """Each term of a signed contract with how far it is fulfilled."""
    for contract in records["contracts"]:
        deliveries = tied(contract, records["transactions"]).deliveries
        for term in contract.terms if contract.signed_on else ():
            stopped = stopped_on(contract, SAMPLE_DAY)
            yield contract, term, fulfilment(term, deliveries.get(term.key, []), SAMPLE_DAY, stopped)


def test_about_three_in_four_of_our_terms_are_on_time_and_in_full(records):
    ours = [found.status for _contract, term, found in fulfilled(records) if term.duty == "ours"]
    due = Counter(status for status in ours if status in ("on_time", "late", "overdue"))
    assert 0.7 <= due["on_time"] / due.total() <= 0.85
    assert due["late"] > due["overdue"] >= 3
    assert {"open", "part", "lapsed"} <= set(ours)
    tied = [found for _contract, _term, found in fulfilled(records) if found.deliveries]
    assert len(tied) > 50


def test_one_competitor_gains_and_some_large_customers_buy_little_from_us(records):
    def share_of(name: str, year: int) -> Decimal:
        wallets = [w for w in records["wallets"] if w.period_to.year == year and w.total]
        amounts = [s.amount or 0 for w in wallets for s in w.suppliers if s.name == name]
        return Decimal(sum(amounts)) / sum(w.total for w in wallets)

    assert share_of("Golden Paddy 金穗", 2026) > share_of("Golden Paddy 金穗", 2025) * Decimal("1.5")
    assert any(s.rank and not s.amount for w in records["wallets"] for s in w.suppliers)
    totals = sorted((w.total for w in records["wallets"] if w.total), reverse=True)
    small = [
        w
        for w in records["wallets"]
        if w.total
        and w.total >= totals[10]
        and sum(s.amount or 0 for s in w.suppliers) > w.total * Decimal("0.7")
    ]
    assert len(small) >= 3


def test_one_campaign_had_an_effect_and_one_had_none(records):
    def ordered(campaign: Any, refs: tuple[Ref, ...]) -> float:
        last = campaign.end + timedelta(days=30)
        uids = {
            row.customer.uid
            for row in records["transactions"]
            if row.type == "order" and campaign.start <= row.on <= last
        }
        return sum(ref.uid in uids for ref in refs) / len(refs)

    lifts = {
        campaign.name: ordered(campaign, campaign.audience) - ordered(campaign, campaign.held_back)
        for campaign in records["campaigns"]
        if campaign.held_back
    }
    assert lifts["Harvest Mailing 2026"] > 0.25
    assert abs(lifts["Summer coupon"]) < 0.1
    named = Counter(row.type for row in records["transactions"] if row.campaign.uid)
    assert all(named[kind] >= 5 for kind in ("enquiry", "quotation", "order"))


def test_most_promised_tasks_are_done_and_some_are_overdue(records):
    promised = [plan for plan in records["plans"] if plan.promised and plan.due_on <= SAMPLE_DAY]
    kept = [plan for plan in promised if plan.done_on and plan.done_on <= plan.due_on]
    assert 0.6 < len(kept) / len(promised) < 0.9
    assert any(plan.done_on is None for plan in promised)
