"""What the tests of the sample share: its archives, as they are kept and as records."""

import pytest
from committed import ARCHIVES, Raw, Records, kept, loaded


@pytest.fixture(scope="session")
def raw() -> Raw:
    return kept("sample.archive.json")


@pytest.fixture(scope="session")
def records(raw) -> Records:
    return loaded(raw)


@pytest.fixture(scope="session", params=ARCHIVES)
def each(request) -> tuple[Raw, Records]:
    """Both archives, one after the other: the rows as kept, and the records."""
    raw = kept(request.param)
    return raw, loaded(raw)
