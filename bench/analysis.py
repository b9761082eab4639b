"""Measure every report on many customers, and pandas and DuckDB scripts for the same figures.

Run it with `python -m bench.analysis`. The scripts fit no model and do not look up names. Both libraries are installed
into a temporary environment; without a network they are skipped.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from archive.analysis.dataset import SalesData
from archive.analysis.request import make_request, reports
from archive.collector import at_rest

TODAY = date(2026, 11, 21)
YEARS = 3
STATUSES = ("active", "active", "active", "dormant", "prospect")
MANAGERS = ("li", "wang", "zhang", "smith", "")
CATEGORIES = ("Rice / Basmati", "Rice / Jasmine", "Tea / Green", "Tea / Black", "Oil", "")
Columns = dict[str, dict[str, list[Any]]]


def generated(customers: int, transactions: int) -> Columns:
    """Return generated columns of an archive: each customer has an individual buying rate and may churn."""
    dice = random.Random(20261121)
    people: dict[str, list[Any]] = {key: [] for key in ("uid", "full_name", "code", "status", "kind")}
    people |= {key: [] for key in ("account_manager", "customer_since", "lost_on", "lost_reason", "lost_to")}
    dealings: dict[str, list[Any]] = {key: [] for key in ("uid", "customer", "on", "type", "amount")}
    dealings |= {key: [] for key in ("currency", "category", "campaign")}
    first = TODAY.toordinal() - round(YEARS * 365.25)
    days = [date.fromordinal(first + n).isoformat() for n in range(TODAY.toordinal() - first + 1)]
    each = transactions / customers
    for n in range(customers):
        uid = f"{n:016x}"
        begins = int(dice.random() ** 2 * (len(days) - 1))
        count = max(1, min(round(dice.gammavariate(1.3, each / 1.3)), 400))
        stays = len(days) - begins if dice.random() < 0.7 else dice.randint(1, len(days) - begins)
        bought = sorted(begins + dice.randrange(stays) for _ in range(count))
        lost = dice.random() < 0.08 and bought[-1] < len(days) - 200
        people["uid"].append(uid)
        people["full_name"].append(f"Customer {n}")
        people["code"].append(f"C-{n:06d}")
        people["status"].append("lost" if lost else dice.choice(STATUSES))
        people["kind"].append("person" if n % 3 else "organisation")
        people["account_manager"].append(dice.choice(MANAGERS) or None)
        people["customer_since"].append(days[bought[0]])
        people["lost_on"].append(days[bought[-1] + 100] if lost else None)
        people["lost_reason"].append("cheaper" if lost else None)
        people["lost_to"].append("Rival" if lost else None)
        size = dice.lognormvariate(4, 1)
        for at in bought:
            dealings["uid"].append(f"{len(dealings['uid']):016x}")
            dealings["customer"].append(uid)
            dealings["on"].append(days[at])
            dealings["type"].append("return" if dice.random() < 0.02 else "order")
            dealings["amount"].append(f"{size * dice.uniform(0.5, 1.5):.2f}")
            dealings["currency"].append("EUR")
            dealings["category"].append(dice.choice(CATEGORIES) or None)
            dealings["campaign"].append(None)
    return {"customers": people, "transactions": dealings}


def book_of(tables: Columns) -> SalesData:
    """Return a data set of the columns, in the same form as from the store."""

    def columns(table: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        kept = tables.get(table, {})
        count = len(kept.get("uid", ()))
        return {key: list(kept.get(key, [None] * count)) for key in keys}

    return SalesData(columns, home="EUR")


def seconds(work: Any) -> float:
    """Return the CPU seconds of a call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


PANDAS = """
import sys, time
import pandas as pd
begun = time.process_time()
t = pd.read_csv(sys.argv[1], dtype={"customer": str}, parse_dates=["on"])
read = time.process_time() - begun
begun = time.process_time()
today = pd.Timestamp("2026-11-21")
t["signed"] = t.amount.where(t.type == "order", -t.amount)
year = t[(t.on > today - pd.DateOffset(years=1)) & (t.on <= today)]
before = t[(t.on > today - pd.DateOffset(years=2)) & (t.on <= today - pd.DateOffset(years=1))]
now = year.groupby("customer").signed.sum().sort_values(ascending=False)
share = now / now.sum()
hhi, cr5 = (10000 * share.pow(2)).sum(), share.head(5).sum()
by_category = year.groupby("category").signed.sum()
was = before.groupby("customer").signed.sum()
both = pd.concat([was, now], axis=1, keys=["was", "now"]).fillna(0)
nrr = both[both.was > 0].now.sum() / both.was.clip(lower=0).sum()
events = t[t.type == "order"].drop_duplicates(["customer", "on"])
rfm = events.groupby("customer").on.agg(["min", "max", "count"])
gaps = events.sort_values(["customer", "on"]).groupby("customer").on.diff().dt.days
typical = gaps.median()
rfm["r"] = pd.qcut((today - rfm["max"]).dt.days.rank(method="first"), 5, labels=False)
rfm["f"] = pd.qcut(rfm["count"].rank(method="first"), 5, labels=False)
months = events.on.dt.to_period("M")
cohort = events.groupby("customer").on.transform("min").dt.to_period("M")
triangle = events.assign(m=months, c=cohort).groupby(["c", "m"]).customer.nunique()
print(read, time.process_time() - begun)
"""


DUCKDB = """
import sys, time
import duckdb
begun = time.process_time()
sql = duckdb.connect().execute
sql("create table t as select *, case when type = 'order' then amount else -amount end as signed"
    " from read_csv(?, types = {'customer': 'varchar', 'on': 'date', 'amount': 'decimal(18, 2)'})"
    " as sheet(customer, day, type, amount, category)", [sys.argv[1]])
read = time.process_time() - begun
begun = time.process_time()
sql("create table now as select customer, sum(signed) as sold from t"
    " where day > date '2025-11-21' and day <= date '2026-11-21' group by customer")
sql("create table was as select customer, sum(signed) as sold from t"
    " where day > date '2024-11-21' and day <= date '2025-11-21' group by customer")
sql("create table events as select distinct customer, day from t where type = 'order'")
QUESTIONS = [
    "select sum(power(sold / (select sum(sold) from now), 2)) * 10000 from now",
    "select sum(sold) / (select sum(sold) from now) from (select sold from now order by sold desc limit 5)",
    "select category, sum(signed) from t where day > date '2025-11-21' group by category",
    "select sum(coalesce(now.sold, 0)) / sum(was.sold) from was left join now using (customer) where was.sold > 0",
    "select customer, ntile(5) over (order by max(day)) as r, ntile(5) over (order by count(*)) as f,"
    " min(day), max(day), count(*) from events group by customer",
    "select median(gap) from (select day - lag(day) over (partition by customer order by day) as gap from events)",
    "select first, month, count(distinct customer) from (select customer, date_trunc('month', day) as month,"
    " min(date_trunc('month', day)) over (partition by customer) as first from events) group by first, month",
]
for question in QUESTIONS:
    sql(question).fetchall()
print(read, time.process_time() - begun)
"""
PEERS = {"pandas": PANDAS, "duckdb": DUCKDB}


def beside(tables: Columns, folder: Path) -> dict[str, tuple[float, float]]:
    """Return the CPU seconds of each available peer, for reading and for calculating."""
    python = folder / "peer" / "bin" / "python"
    sheet = folder / "dealings.csv"
    kept = tables["transactions"]
    keys = ["customer", "on", "type", "amount", "category"]
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(keys)
        writer.writerows(zip(*(kept[key] for key in keys), strict=True))
    subprocess.run([sys.executable, "-m", "venv", str(folder / "peer")], check=True)
    return {name: took for name in PEERS if (took := peer(name, python, sheet))}


def peer(name: str, python: Path, sheet: Path) -> tuple[float, float] | None:
    """Return the CPU seconds of a peer for reading and for calculating, or None if it cannot be installed."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    if subprocess.run([str(python), "-m", "pip", "install", *quiet, name], check=False).returncode:
        return None
    ran = [str(python), "-c", PEERS[name], str(sheet)]
    said = subprocess.run(ran, check=True, capture_output=True, text=True)
    read, worked = map(float, said.stdout.split())
    return read, worked


def measured(customers: int, transactions: int) -> tuple[dict[str, float], Columns]:
    """Return CPU seconds by report, for reading the columns and for applying an update, and the data used."""
    tables = generated(customers, transactions)
    with at_rest():  # as in the service
        return _measured(tables, customers), tables


def _measured(tables: Columns, customers: int) -> dict[str, float]:
    data = book_of(tables)
    found = {
        "columns read": seconds(lambda: data.transactions),
        "histories": seconds(lambda: data.histories),
    }
    customer = tables["customers"]["uid"][customers // 2]
    dealings = tables["transactions"]
    rows = [
        {key: dealings[key][place] for key in ("uid", "customer", "on", "type", "amount", "currency")}
        for place in [n for n, uid in enumerate(dealings["customer"]) if uid == customer]
    ]
    found["one new order"] = seconds(lambda: data.follow(customer, rows))
    for name, module in reports().items():
        found[name] = seconds(partial(module.run, data, make_request(TODAY)))
    return found


def main() -> None:
    """Print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--transactions", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    print(f"Python {platform.python_version()}, processor seconds")
    small, _tables = measured(500, 6_000)
    large, tables = measured(args.customers, args.transactions)
    print(f"{'':28}{'500 / 6,000':>14}{f'{args.customers:,} / {args.transactions:,}':>22}")
    for name, taken in large.items():
        print(f"{name:28}{small[name] * 1000:>11.1f} ms{taken:>20.3f} s")
    whole = large["columns read"] + large["histories"]
    print(f"one new order is {large['one new order'] / whole:.6%} of reading everything")
    with tempfile.TemporaryDirectory() as folder:
        peers = beside(tables, Path(folder))
    ours = sum(taken for name, taken in large.items() if name != "one new order")
    for name, (read, worked) in peers.items():
        times = ours / (read + worked)
        print(f"{name}: reads in {read:.2f} s, works in {worked:.2f} s; all of ours is {times:.2f} x that")
    if args.json:
        args.json.write_text(
            json.dumps({"small": small, "large": large, "peers": peers}, indent=1), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
