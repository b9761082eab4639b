"""Test finding possible duplicate customers."""

from typing import Any

import pytest

from archive.model.contact_details import Email, Phone
from archive.model.records.customer import Customer
from archive.service import duplicates
from archive.service.archive import Archive
from archive.service.duplicates import duplicate_groups, possible_duplicates


def person(name: str, phone: str = "", email: str = "", **values: Any) -> Customer:
    return Customer.load({"kind": "person", "full_name": name}).with_values(
        phones=(Phone(value=phone, label="", preferred=False),) if phone else (),
        emails=(Email(value=email, label="", preferred=False),) if email else (),
        **values,
    )


def suspects(archive: Archive, draft: Customer) -> list[tuple[str, str]]:
    return [
        (archive.name("customers", found.uid), found.why) for found in possible_duplicates(archive, draft)
    ]


@pytest.fixture
def known(archive: Archive) -> Archive:
    archive.save(
        person("Marta Smith", "+49 30 1234567", "Marta@north.example"),
        person("王建国", "+86 10 5555 0147"),
        person("Globex Foods GmbH", email="office@globex.example"),
        person("José Rossi", "030 555 01 47 x4"),
    )
    return archive


def test_an_unrelated_customer_has_no_duplicates(known: Archive) -> None:
    assert suspects(known, person("Peter Novak", "+49 40 999", "peter@novak.example")) == []
    known.save(person("!!!"), person("???"))
    assert suspects(known, person("")) == []
    assert suspects(known, person("!!!")) == []


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (person("marta  SMITH"), ("Marta Smith", "same name")),
        (person("Smith, Marta"), ("Marta Smith", "same name, words in a different order")),
        (person("M. S.", family_name="Smith", given_name="Marta"), ("Marta Smith", "same name")),
        (person("Martha Smith"), ("Marta Smith", "similar name")),
        (person("Globex Foods"), ("Globex Foods GmbH", "same name")),
        (person("王 建国"), ("王建国", "same name")),
        (person("Jose Rosi"), ("José Rossi", "similar name")),
        (person("Somebody", phone="030/1234567"), ("Marta Smith", "same phone")),
        (person("Somebody", phone="0086 10 55550147"), ("王建国", "same phone")),
        (person("Somebody", email="OFFICE@globex.example"), ("Globex Foods GmbH", "same e-mail")),
        (
            person("Marta Smith", "030 1234567", "marta@north.example"),
            ("Marta Smith", "same name, same e-mail, same phone"),
        ),
    ],
)
def test_a_duplicate_is_found_with_its_reason(
    known: Archive, draft: Customer, found: tuple[str, str]
) -> None:
    assert suspects(known, draft) == [found]


def test_phone_numbers_that_only_end_alike_are_different(known: Archive) -> None:
    assert suspects(known, person("Somebody", phone="040 1234567")) == []
    assert suspects(known, person("Somebody", phone="030 5550147")) == []


def test_the_likeliest_duplicates_come_first_and_are_limited(archive: Archive) -> None:
    archive.save(*(person("Marta Smith", email=f"{n}@x.example") for n in range(5)))
    draft = person("Marta Smith", email="3@x.example")
    assert [found.why for found in possible_duplicates(archive, draft, limit=2)] == [
        "same name, same e-mail",
        "same name",
    ]


def test_a_customer_is_never_its_own_duplicate(known: Archive) -> None:
    marta = known.find(Customer, "Marta Smith")
    assert suspects(known, marta) == []


def test_changes_of_the_archive_are_taken_into_account(known: Archive) -> None:
    draft = person("Marta Smith", "+49 30 1234567")
    assert suspects(known, draft)
    marta = known.find(Customer, "Marta Smith")
    known.edit("customers", marta.uid, full_name="Erika Weber")
    assert suspects(known, draft) == [("Erika Weber", "same phone")]
    known.delete("customers", [marta.uid])
    assert suspects(known, draft) == []
    known.undo()
    known.undo()
    assert suspects(known, draft) == [("Marta Smith", "same name, same phone")]


def test_common_beginnings_of_names_are_ignored(known: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_TOO_COMMON", 0)
    assert suspects(known, person("Martha Smith")) == []
    assert suspects(known, person("Marta Smith")) == [("Marta Smith", "same name")]


def test_groups_of_duplicates_are_found_in_the_whole_archive(known: Archive) -> None:
    known.save(
        person("Smith, Marta"),
        person("Other", "030 1234567"),
        person("Third", "040 1234567"),
        person("Fourth", email="office@GLOBEX.example"),
    )
    groups = [(why, [known.name("customers", uid) for uid in uids]) for why, uids in duplicate_groups(known)]
    assert groups == [
        ("same e-mail", ["Fourth", "Globex Foods GmbH"]),
        ("same phone", ["Marta Smith", "Other"]),
        ("same name", ["Marta Smith", "Smith, Marta"]),
    ]


def test_each_phone_number_of_a_customer_is_compared(known: Archive) -> None:
    phones = tuple(Phone(value=value, label="", preferred=False) for value in ("111 222", "030 1234567"))
    known.save(person("Other").with_values(phones=phones))
    assert [why for why, _uids in duplicate_groups(known)] == ["same phone"]
