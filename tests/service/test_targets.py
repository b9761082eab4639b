"""What the values of fields lead to, and the addresses that openers are given."""

import os
from pathlib import Path
from typing import Any

import pytest

from archive.errors import ArchiveError
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.targets import Target, address, targets


def leads_to(archive: Archive, key: str, value: Any) -> list[Target]:
    customer = Customer.load({"uid": "c", "kind": "organisation", "full_name": "Globex", key: value})
    archive.save(customer)
    return targets(customer, Customer.FIELDS[key], archive)


def test_links_lead_to_their_records_and_names_without_a_record_lead_nowhere(archive: Archive) -> None:
    archive.save(Customer(uid="acme", kind="organisation", full_name="Acme"))
    record = Target("Acme", "customers", "acme")
    assert leads_to(archive, "parent", "acme") == [record]
    assert leads_to(archive, "parent", {"name": "Somebody"}) == []
    assert leads_to(archive, "parent", "deleted") == []
    positions = [{"organisation": "acme"}, {"organisation": {"name": "Initech"}}, {"organisation": "acme"}]
    assert leads_to(archive, "positions", positions) == [record]


def test_phones_mail_web_pages_and_files_lead_outside(archive: Archive) -> None:
    assert leads_to(archive, "phones", [{"value": "+49 228 1"}, {"value": "110"}]) == [
        Target("+49 228 1", kind="phone", value="+49 228 1"),
        Target("110", kind="phone", value="110"),
    ]
    assert leads_to(archive, "emails", [{"value": "a@b.example"}])[0].kind == "email"
    assert leads_to(archive, "website", "b.example") == [Target("b.example", kind="web", value="b.example")]
    files = leads_to(archive, "links", ["offer.pdf", "HTTPS://b.example/x"])
    assert [(target.kind, target.value) for target in files] == [
        ("file", "offer.pdf"),
        ("web", "HTTPS://b.example/x"),
    ]


def test_other_fields_and_empty_ones_lead_nowhere(archive: Archive) -> None:
    assert leads_to(archive, "industry", "trade") == []
    assert leads_to(archive, "website", "") == []
    assert leads_to(archive, "phones", []) == []


@pytest.mark.parametrize(
    ("kind", "value", "url"),
    [
        ("web", "www.b.example", "https://www.b.example"),
        ("web", "http://b.example/a b?q=1&r=[2]#x", "http://b.example/a%20b?q=1&r=[2]#x"),
        ("web", "localhost:8080/x", "https://localhost:8080/x"),
        ("web", "https://例子.example/价格", "https://%E4%BE%8B%E5%AD%90.example/%E4%BB%B7%E6%A0%BC"),
        ("email", "o'hara+x@b.example", "mailto:o%27hara+x@b.example"),
        ("email", "a@b.example?cc=all@c.example", "mailto:a@b.example%3Fcc%3Dall@c.example"),
        ("phone", "+49 (0)228 / 55-501", "tel:+4922855501"),
        ("phone", " 0049 (0)228 1", "tel:00492281"),
        ("phone", "(0228) 1", "tel:02281"),
        ("phone", "030 1234 ext 5", "tel:0301234"),
    ],
)
def test_an_address_becomes_one_safe_url(kind: str, value: str, url: str) -> None:
    assert address(Target("", kind=kind, value=value), Path("/")) == url


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "--help",
        "a b",
        "https://",
        "https://user@b.example",
        "x\ny",
    ],
)
def test_what_is_no_web_page_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(ArchiveError, match="not the address of a web page") as refused:
        address(Target("", kind="web", value=value), Path("/"))
    assert "www.example.com" in str(refused.value)


def test_files_are_found_in_the_folder_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "-offer.pdf").write_text("%PDF")
    (tmp_path / "photos").mkdir()
    assert address(Target("", kind="file", value="-offer.pdf"), tmp_path) == str(tmp_path / "-offer.pdf")
    assert address(Target("", kind="file", value="photos"), tmp_path) == str(tmp_path / "photos")
    with pytest.raises(ArchiveError, match=r"There is no file .*gone\.pdf"):
        address(Target("", kind="file", value="gone.pdf"), tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.desktop", b""), ("a.pdf", b"#!/bin/sh\n"), ("b", b"\x7fELF"), ("photo.jpg", b"MZ\x90")],
)
def test_programs_are_not_opened(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ArchiveError, match="is a program"):
        address(Target("", kind="file", value=name), tmp_path)


def test_a_named_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ArchiveError, match="a program or a device"):
        address(Target("", kind="file", value="pipe"), tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "offer.pdf").write_text("%PDF")
    (tmp_path / "offer.pdf").chmod(0)
    with pytest.raises(ArchiveError, match="cannot be read: Permission denied"):
        address(Target("", kind="file", value="offer.pdf"), tmp_path)
