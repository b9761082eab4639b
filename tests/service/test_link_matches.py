"""Test finding the records that a typed name may refer to."""

import pytest

from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.link_matches import link_matches


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("north", ["North Mill", "North Trade GmbH"]),
        ("trade n", ["North Trade GmbH"]),
        ("Nort Trade", ["North Trade GmbH"]),
        ("North Tarde", ["North Trade GmbH", "North Mill"]),  # first a typo, then a common word
        ("mill (old)", ["North Mill"]),
        ("c-0000", ["Łódź Tea", "North Mill", "North Trade GmbH"]),
        ("lodz", ["Łódź Tea"]),
        ("zzz", []),
        ("  ", []),
    ],
)
def test_names_with_the_same_beginning_or_similar_spelling_are_offered(
    archive: Archive, typed, found
) -> None:
    names = ("North Trade GmbH", "North Mill", "Łódź Tea")
    archive.save(*(Customer(kind="organisation", full_name=name) for name in names))
    matches = link_matches(archive, "customers", typed)
    assert [match.name for match in matches] == found
    assert all(match.label == f"{match.name}  {match.code}" for match in matches)
