"""The files of the sample, as they are committed."""

import json
from pathlib import Path
from typing import Any

from archive.model.tables import TABLES

COMMITTED = Path(__file__).parents[2] / "sample_data"
ARCHIVES = ["sample.archive.json", "hostile.archive.json"]
NAMES = [*ARCHIVES, "contacts.csv", "contacts_zh.csv", "purchases.csv"]

Raw = dict[str, Any]
Records = dict[str, list[Any]]


def kept(name: str) -> Raw:
    return json.loads((COMMITTED / name).read_bytes())


def loaded(raw: Raw) -> Records:
    return {
        table: [cls.load(row) for row in raw[table].values()] for table, cls in TABLES.items() if table in raw
    }
