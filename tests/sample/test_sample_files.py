"""The files of the sample are what is generated, and its sheets what other programs write."""

import csv
import re
from decimal import Decimal

from committed import COMMITTED, NAMES

from sample_data.generate import generate


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


# The sheets


def rows_of(name: str, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    text = (COMMITTED / name).read_bytes().decode(encoding)
    return list(csv.reader(text.splitlines(), delimiter=delimiter))


def test_the_sheets_have_their_headers_and_even_rows():
    english, chinese = rows_of("contacts.csv"), rows_of("contacts_zh.csv", "utf-8-sig")
    bought = rows_of("purchases.csv", delimiter=";")
    assert english[0][:6] == ["First Name", "Last Name", "Company", "Job Title", "E-mail", "Phone"]
    assert chinese[0] == ["姓名", "公司", "电话", "手机", "邮箱", "地址", "生日", "备注"]
    assert bought[0] == ["Date", "Customer", "Item", "Qty", "Price", "Total"]
    for rows in (english, chinese, bought):
        assert {len(row) for row in rows} == {len(rows[0])}
    assert (COMMITTED / "contacts_zh.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_purchases_belong_to_the_contacts_with_correct_totals():
    people = {f"{row[0]} {row[1]}" for row in rows_of("contacts.csv")[1:]}
    for day, name, _item, quantity, price, total in rows_of("purchases.csv", delimiter=";")[1:]:
        assert re.fullmatch(r"\d\d\.\d\d\.\d{4}", day)
        assert name in people
        assert int(quantity) * Decimal(price.replace(",", ".")) == Decimal(total.replace(",", "."))


def test_three_contacts_are_already_in_the_archive(records):
    mails = {mail.value for row in records["customers"] for mail in row.emails}
    assert sum(row[4] in mails for row in rows_of("contacts.csv")[1:]) == 3
