"""The sample archive, the sample sheets, and the demo made of them."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from archive.errors import InUse, NotFound
from archive.model.contract import Contract
from archive.model.contract_status import (
    contract_status,
    fulfilment,
    notice_deadline,
    stopped_on,
    tied_deliveries,
)
from archive.model.fields import Item, Ref, problems
from archive.model.kind_links import Links
from archive.model.kinds import Link
from archive.model.lists import ListOf
from archive.model.tables import TABLES
from archive.service import demo
from archive.service.archive import Archive
from archive.service.demo import SAMPLE_DAY, make_demo, sample_path, shifted
from archive.store.lock import WriterLock
from sample_data.generate import generate

COMMITTED = Path(__file__).parents[1] / "sample_data"
NAMES = ["sample.archive.json", "contacts.csv", "contacts_zh.csv", "purchases.csv"]


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    return json.loads((COMMITTED / "sample.archive.json").read_bytes())


@pytest.fixture(scope="module")
def records(raw) -> dict[str, list[Any]]:
    return {
        table: [cls.load(row) for row in raw[table].values()] for table, cls in TABLES.items() if table in raw
    }


def rows_of(name: str, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    text = (COMMITTED / name).read_bytes().decode(encoding)
    return list(csv.reader(text.splitlines(), delimiter=delimiter))


# The files


def test_generating_twice_gives_the_committed_files_byte_for_byte(tmp_path):
    for folder in (tmp_path / "first", tmp_path / "second"):
        folder.mkdir()
        assert [path.name for path in generate(folder)] == NAMES
        for name in NAMES:
            assert (folder / name).read_bytes() == (COMMITTED / name).read_bytes(), name


def test_the_archive_is_small_without_history_and_one_record_a_line(raw):
    data = (COMMITTED / "sample.archive.json").read_bytes()
    assert len(data) < 2_500_000
    assert "_history" not in raw
    assert data.count(b'"uid":') == sum(b'"uid":' in line for line in data.splitlines())


def test_the_readme_names_every_sample_file():
    readme = (COMMITTED / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if name not in readme] == []


# The records


def test_there_are_as_many_records_as_a_small_shop_has(records):
    assert 280 <= len(records["customers"]) <= 330
    assert 18 <= len(records["products"]) <= 25
    assert 4_000 <= len(records["transactions"]) <= 5_200
    assert 1_300 <= len(records["interactions"]) <= 1_700
    assert 35 <= len(records["contracts"]) <= 50
    assert 70 <= len(records["wallets"]) <= 100
    assert 10 <= len(records["campaigns"]) <= 14
    assert 80 <= len(records["plans"]) <= 110


def test_every_record_is_whole_and_reads_back_as_it_is_kept(raw, records):
    for table, rows in records.items():
        assert [row.uid for row in rows if problems(row)] == []
        assert [row.dump() for row in rows] == list(raw[table].values())


def test_uids_and_codes_are_given_once(records):
    uids = Counter(row.uid for rows in records.values() for row in rows)
    codes = Counter((table, row.code) for table in ("customers", "products") for row in records[table])
    assert max(uids.values()) == 1
    assert max(codes.values()) == 1
    assert ("customers", "") not in codes


def links_of(item: Item) -> Iterator[tuple[str, Ref]]:
    for key, fact in item.FACTS.items():
        value = getattr(item, key)
        if isinstance(fact.kind, Link) and value:
            yield fact.kind.table, value
        elif isinstance(fact.kind, Links):
            yield from ((fact.kind.table, ref) for ref in value)
        elif isinstance(fact.kind, ListOf):
            for part in value:
                yield from links_of(part)


def test_links_lead_to_records_or_are_names(records):
    uids = {table: {row.uid for row in rows} for table, rows in records.items()}
    links = [link for rows in records.values() for row in rows for link in links_of(row)]
    assert [ref for table, ref in links if ref.uid and ref.uid not in uids[table]] == []
    assert any(ref.name for _table, ref in links)


def test_what_is_shown_of_a_value_is_understood_again(records, tmp_path):
    archive = Archive.open(make_demo(tmp_path / "demo.json", SAMPLE_DAY), write=False)
    values = {
        (fact, getattr(row, key))
        for row in records["customers"]
        for key, fact in row.FACTS.items()
        if not isinstance(fact.kind, ListOf | Link | Links)
    }
    wrong = [
        (fact.key, value)
        for fact, value in values
        if fact.kind.parse(fact.kind.cell(value), archive.ctx) != value
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_mail_and_web_addresses_are_all_example_ones(name):
    text = (COMMITTED / name).read_text(encoding="utf-8-sig")
    domains = re.findall(r"(?:[\w.-]@|https?://)([\w.-]+)", text)
    assert [domain for domain in domains if not domain.endswith(".example")] == []


def test_telephone_numbers_are_kept_free_for_fiction(records):
    free = re.compile(r"\+44 20 7946 0\d{3}|\+1 212 555 01\d\d|\+86 10 555[56] \d{4}|\+49 30 555[01] \d{4}")
    numbers = [phone.value for row in records["customers"] for phone in row.phones]
    assert [number for number in numbers if not free.fullmatch(number.partition(" x")[0])] == []


def test_amounts_are_quantity_times_price_and_one_currency_a_customer(records):
    currencies: dict[str, set[str]] = {}
    for row in records["transactions"]:
        if row.quantity is not None and row.unit_price is not None:
            whole = row.quantity * row.unit_price * (1 - (row.discount or 0))
            assert abs(whole - row.amount) <= Decimal("0.005")
        if row.amount is not None:
            currencies.setdefault(row.customer.uid, set()).add(row.currency)
    assert {len(found) for found in currencies.values()} == {1}
    assert set.union(*currencies.values()) == {"EUR", "CNY", "USD"}


# The story


def test_nothing_has_happened_after_the_samples_today(records):
    assert max(row.on for row in records["transactions"]) <= SAMPLE_DAY
    assert max(row.at.date() for row in records["interactions"]) <= SAMPLE_DAY


def test_follow_ups_are_mostly_done_some_overdue_and_some_due_now(records):
    asked = [row for row in records["interactions"] if row.follow_up_on]
    left = [(row.follow_up_on - SAMPLE_DAY).days for row in asked if not row.follow_up_done_on]
    assert len(left) < len(asked) / 3
    assert sum(days < 0 for days in left) >= 5
    assert sum(days == 0 for days in left) >= 5
    assert sum(days > 0 for days in left) >= 5


def test_two_thirds_were_lost_by_indifferent_service_and_some_won_back(records):
    gone = [row for row in records["customers"] if row.lost_on]
    reasons = Counter(row.lost_reason for row in gone)
    assert 0.6 < reasons["service"] / len(gone) < 0.75
    assert set(reasons) == {"service", "product", "cheaper", "advice", "changed", "moved", "died"}
    assert all(row.won_back_on > row.lost_on for row in gone if row.won_back_on)
    assert sum(row.won_back_on is not None for row in gone) >= 4


def test_the_rice_round_buys_what_it_eats(records):
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


def test_contracts_are_in_every_state_with_notice_to_give_soon(records):
    states = Counter(contract_status(contract, SAMPLE_DAY) for contract in records["contracts"])
    assert set(states) == {"unsigned", "active", "ended", "cancelled"}
    assert states["active"] > 20
    deadlines = [notice_deadline(contract, SAMPLE_DAY) for contract in records["contracts"]]
    near = [day for day in deadlines if day and date(2026, 11, 15) <= day <= date(2027, 1, 31)]
    assert len(near) > 12


def fulfilled(records: dict[str, list[Any]]) -> Iterator[tuple[Contract, Any, Any]]:
    """Each term of a signed contract with how far it is fulfilled."""
    for contract in records["contracts"]:
        tied = tied_deliveries(contract, records["transactions"])
        for term in contract.terms if contract.signed_on else ():
            stopped = stopped_on(contract, SAMPLE_DAY)
            yield contract, term, fulfilment(term, tied.get(term.key, []), SAMPLE_DAY, stopped)


def test_about_three_in_four_of_our_terms_are_on_time_and_in_full(records):
    ours = [found.status for _contract, term, found in fulfilled(records) if term.duty == "ours"]
    due = Counter(status for status in ours if status in ("on_time", "late", "overdue"))
    assert 0.7 <= due["on_time"] / due.total() <= 0.85
    assert due["late"] > due["overdue"] >= 3
    assert {"open", "part", "lapsed"} <= set(ours)
    tied = [found for _contract, _term, found in fulfilled(records) if found.deliveries]
    assert len(tied) > 60


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


def test_most_promises_are_kept_and_some_are_overdue(records):
    promised = [plan for plan in records["plans"] if plan.promised and plan.due_on <= SAMPLE_DAY]
    kept = [plan for plan in promised if plan.done_on and plan.done_on <= plan.due_on]
    assert 0.6 < len(kept) / len(promised) < 0.9
    assert any(plan.done_on is None for plan in promised)


# The sheets


def test_the_sheets_have_their_headers_and_even_rows():
    english, chinese = rows_of("contacts.csv"), rows_of("contacts_zh.csv", "utf-8-sig")
    bought = rows_of("purchases.csv", delimiter=";")
    assert english[0][:6] == ["First Name", "Last Name", "Company", "Job Title", "E-mail", "Phone"]
    assert chinese[0] == ["姓名", "公司", "电话", "手机", "邮箱", "地址", "生日", "备注"]
    assert bought[0] == ["Date", "Customer", "Item", "Qty", "Price", "Total"]
    for rows in (english, chinese, bought):
        assert {len(row) for row in rows} == {len(rows[0])}
    assert (COMMITTED / "contacts_zh.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_purchases_are_of_the_contacts_and_their_totals_are_right():
    people = {f"{row[0]} {row[1]}" for row in rows_of("contacts.csv")[1:]}
    for day, name, _item, quantity, price, total in rows_of("purchases.csv", delimiter=";")[1:]:
        assert re.fullmatch(r"\d\d\.\d\d\.\d{4}", day)
        assert name in people
        assert int(quantity) * Decimal(price.replace(",", ".")) == Decimal(total.replace(",", "."))


def test_three_contacts_are_in_the_archive_already(records):
    mails = {mail.value for row in records["customers"] for mail in row.emails}
    assert sum(row[4] in mails for row in rows_of("contacts.csv")[1:]) == 3


# The demo


def test_shifting_moves_days_and_moments_in_lists_too_but_no_birthday():
    tables = {
        "_meta": {"1": {"format": "customer-archive"}},
        "customers": {
            "1": {
                "uid": "a",
                "full_name": "2026-01-01",
                "customer_since": "2024-02-29",
                "birthday": "1980-05-06",
                "positions": [{"organisation": {"name": "Globex"}, "since": "2020-01-01"}],
                "windows": [{"days": [0], "start": "09:00"}],
                "extra": {"since": "2020-01-01"},
                "of_tomorrow": "2020-01-01",
            }
        },
        "interactions": {"1": {"uid": "b", "customer": "a", "at": "2026-12-31T23:30"}},
    }
    before = json.dumps(tables)
    moved = shifted(tables, 7)
    customer = moved["customers"]["1"]
    assert customer["customer_since"] == "2024-03-07"
    assert customer["positions"] == [{"organisation": {"name": "Globex"}, "since": "2020-01-08"}]
    assert moved["interactions"]["1"]["at"] == "2027-01-07T23:30"
    for kept in ("full_name", "birthday", "windows", "extra", "of_tomorrow"):
        assert customer[kept] == tables["customers"]["1"][kept]
    assert json.dumps(tables) == before
    assert shifted(moved, -7) == tables


@pytest.mark.parametrize("days", [-800, -1, 0, 6, 7, 500])
def test_the_demo_is_moved_by_whole_weeks_and_ends_within_the_week(tmp_path, raw, days):
    today = SAMPLE_DAY + timedelta(days=days)
    made = json.loads(make_demo(tmp_path / "demo.json", today).read_bytes())
    step = date.fromisoformat(made["transactions"]["1"]["on"]) - date.fromisoformat(
        raw["transactions"]["1"]["on"]
    )
    assert step.days % 7 == 0
    assert timedelta(0) <= today - (SAMPLE_DAY + step) < timedelta(days=7)
    assert made["_meta"]["1"]["uuid"] != raw["_meta"]["1"]["uuid"]


def test_the_demo_opens_as_an_archive_that_can_be_changed_and_undone(tmp_path):
    path = make_demo(tmp_path / "new" / "folder" / "demo.json", SAMPLE_DAY)
    archive = Archive.open(path, clock=lambda: datetime.combine(SAMPLE_DAY, time(9)))
    assert archive.count("customers", "category:round") == 32
    assert archive.undo() is None
    uid = archive.select("customers", "status:active")[0]
    archive.edit("customers", uid, grade="Z")
    assert archive.undo() is not None
    archive.close()


def test_a_demo_is_kept_until_a_fresh_one_is_asked_for(tmp_path):
    path = tmp_path / "demo.json"
    path.write_text("mine")
    assert make_demo(path, SAMPLE_DAY).read_text() == "mine"
    assert make_demo(path, SAMPLE_DAY, fresh=True).read_text(encoding="utf-8").startswith('{"_meta"')


def test_a_demo_that_is_open_elsewhere_is_not_replaced(tmp_path):
    path = tmp_path / "demo.json"
    path.write_text("mine")
    lock = WriterLock(path)
    lock.acquire("now")
    with pytest.raises(InUse):
        make_demo(path, SAMPLE_DAY, fresh=True)
    lock.release()
    assert path.read_text() == "mine"
    assert make_demo(path, SAMPLE_DAY, fresh=True).stat().st_size > 1_000_000


def test_the_sample_is_taken_from_the_package_where_it_is_installed(tmp_path, monkeypatch):
    assert sample_path() == COMMITTED / "sample.archive.json"
    monkeypatch.setattr(demo, "__file__", str(tmp_path / "archive" / "service" / "demo.py"))
    with pytest.raises(NotFound):
        make_demo(tmp_path / "demo.json", SAMPLE_DAY)
    packaged = tmp_path / "archive" / "sample.archive.json"
    packaged.parent.mkdir()
    packaged.write_text("{}")
    assert sample_path() == packaged
