"""What the tests of the sample share: its archive, as it is kept and as records."""

import json
from typing import Any

import pytest
from committed import COMMITTED

from archive.model.tables import TABLES


@pytest.fixture(scope="session")
def raw() -> dict[str, Any]:
    return json.loads((COMMITTED / "sample.archive.json").read_bytes())


@pytest.fixture(scope="session")
def records(raw) -> dict[str, list[Any]]:
    return {
        table: [cls.load(row) for row in raw[table].values()] for table, cls in TABLES.items() if table in raw
    }
