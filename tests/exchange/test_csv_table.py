import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import write_csv

from archive.errors import ArchiveError, UsageError
from archive.exchange import csv_table as sheet_module
from archive.exchange.csv_table import LONG_ROW, SHORT_ROW, read_sheet
from archive.exchange.format import BEFORE_HEADER, FOOTER, IgnoredLine, Row

readable = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=8)
hostile = st.text(st.sampled_from("'\"=+-@ \t\r\n,;|\u3000\ufeffä张a1\u2028\x85\x1c"), max_size=6) | readable


def cells_of(data, **options):
    return [row.cells for row in read_sheet(data, **options)]


@st.composite
def tables(draw):
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(hostile, min_size=width, max_size=width), max_size=6))
    return [[f"name {letter}" for letter in "abcde"[:width]], *rows]


@given(tables(), st.booleans(), st.sampled_from([None, True, False]), st.booleans(), st.sampled_from(",;\t|"))
def test_tables_round_trip_without_notes(table, for_file, bom, raw, delimiter):
    data = write_csv(table, for_file=for_file, bom=bom, raw=raw, delimiter=delimiter)
    sheet = read_sheet(data, restore_guard=not raw)
    assert sheet.header == table[0]
    assert [row.cells for row in sheet] == table[1:]
    assert all(not row.warning and not row.error for row in sheet)
    assert sheet.ignored == []


@given(tables(), st.sampled_from(["utf-8", "utf-16", "utf-16-be", "gb18030"]))
def test_tables_round_trip_in_other_encodings(table, encoding):
    assert cells_of(write_csv(table, for_file=True, encoding=encoding), encoding=encoding) == table[1:]


@given(st.lists(hostile, min_size=1, max_size=5), st.lists(hostile, min_size=1, max_size=5))
def test_any_specified_header_row_is_read_with_distinct_names(header, row):
    data = write_csv([header, row], for_file=True)
    sheet = read_sheet(data, delimiter=",", header_row=1)
    assert all(sheet.header)
    assert len(set(sheet.header)) == len(sheet.header)
    assert len(sheet.header) >= len(header)


def test_a_row_knows_its_first_line():
    data = b'a,b\r\n"1\r\n2",3\r\n\r\n4,5\r\n"x\ry",6'
    assert [(row.line, row.cells[0]) for row in read_sheet(data)] == [
        (2, "1\r\n2"),
        (5, "4"),
        (6, "x\ry"),
    ]


def test_short_rows_are_padded_and_long_rows_refused():
    rows = list(read_sheet(b"a,b,c\n1,2,3\n1\n1,2,3,4\n1,2,3,\n"))
    short = "The row has fewer cells than the header; the missing ones are treated as empty."
    long = "The row has 4 cells, but the header has only 3."
    assert rows == [
        Row(2, ["1", "2", "3"]),
        Row(3, ["1", "", ""], warning=SHORT_ROW, sentence=short),
        Row(4, ["1", "2", "3", "4"], error=LONG_ROW, sentence=long),
        Row(5, ["1", "2", "3", ""], error=LONG_ROW, sentence=long),
    ]


def test_rows_ending_with_a_delimiter_get_an_unnamed_column():
    sheet = read_sheet(b"a,b\n1,2,\n3,4,\n")
    assert sheet.header == ["a", "b", "Column 3"]
    assert [row.cells for row in sheet] == [["1", "2", ""], ["3", "4", ""]]


def test_rows_with_a_leading_row_name_are_refused():
    assert {row.error for row in read_sheet(b"a,b\nx,1,2\ny,3,4\n", header_row=1)} == {LONG_ROW}


def test_blank_lines_are_skipped_but_empty_cells_of_a_single_column_count():
    assert cells_of(b"a,b\n\n  \n1,2\n\n\n3,4\n") == [["1", "2"], ["3", "4"]]
    assert cells_of(b'a\n\n""\n \nx\n') == [[""], [" "], ["x"]]


def test_a_row_of_empty_cells_is_blank():
    assert [row.is_blank for row in read_sheet(b"a,b\n1,\n ,\n")] == [False, True]


def test_lines_before_and_after_the_table_are_listed():
    sheet = read_sheet(
        b"Customers\nof 2026;\n\nName;City;Sum\nAnn;Bonn;1\nBob;Ulm;2\n\nTotal;3\nmade by hand\n"
    )
    assert (sheet.header, sheet.header_line, sheet.delimiter) == (["Name", "City", "Sum"], 4, ";")
    above = [IgnoredLine(1, "Customers", BEFORE_HEADER), IgnoredLine(2, "of 2026;", BEFORE_HEADER)]
    assert sheet.ignored == above
    footer = [IgnoredLine(8, "Total;3", FOOTER), IgnoredLine(9, "made by hand", FOOTER)]
    for _again in range(2):
        assert [row.line for row in sheet] == [5, 6]
        assert sheet.ignored == above + footer


def test_a_short_row_after_a_blank_line_is_a_row_if_more_rows_follow():
    sheet = read_sheet(b"a,b,c\n1,2,3\n\n4,5\n6,7,8\n")
    assert [(row.line, row.warning) for row in sheet] == [(2, ""), (4, SHORT_ROW), (5, "")]
    assert sheet.ignored == []


def test_a_separator_line_is_listed_and_obeyed():
    sheet = read_sheet("sep=;\r\nName;Note\r\nAnn;a,b\r\n".encode("utf-16"))
    assert (sheet.header, sheet.decoded.encoding) == (["Name", "Note"], "utf-16-le")
    assert sheet.ignored == [IgnoredLine(1, "sep=;", BEFORE_HEADER)]
    assert [row.cells for row in sheet] == [["Ann", "a,b"]]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Phone,Phone,Phone", ["Phone", "Phone (2)", "Phone (3)"]),
        ("Phone,Phone,Phone (2)", ["Phone", "Phone (3)", "Phone (2)"]),
        ("a,, ,b", ["a", "Column 2", "Column 3", "b"]),
        (",Column 1,x", ["Column 1 (2)", "Column 1", "x"]),
        (" Name ,City,'=x", ["Name", "City", "=x"]),
    ],
)
def test_every_column_has_a_unique_name(header, names):
    assert (
        read_sheet(f"{header}\n1,2,3,4\n".encode(), delimiter=",", header_row=1).header[: len(names)] == names
    )


def test_ten_thousand_columns_of_the_same_name_are_numbered():
    names = read_sheet(b"a," * 9999 + b"a\n", header_row=1).header
    assert names[-1] == "a (10000)"


def test_the_guard_is_left_in_place_on_request():
    data = b"a,b\n'=1,'x\n"
    assert cells_of(data) == [["=1", "'x"]]
    assert cells_of(data, restore_guard=False) == [["'=1", "'x"]]
    assert read_sheet(b"'=a,b\n", restore_guard=False).header == ["'=a", "b"]


def test_header_row_counts_lines_of_the_file():
    sheet = read_sheet(b'"two\nlines",x\n\nName,City\nAnn,Bonn\n', header_row=3)
    assert (sheet.header, sheet.header_line) == (["Name", "City"], 4)
    with pytest.raises(UsageError, match="ends before line 9"):
        read_sheet(b"a,b\n1,2\n", header_row=9)


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_an_empty_file_is_reported_as_empty(data):
    with pytest.raises(ArchiveError, match="The file is empty"):
        read_sheet(data)


def test_a_header_alone_is_read_and_noted():
    sheet = read_sheet(b"code,name\n\n")
    assert (sheet.header, list(sheet)) == (["code", "name"], [])
    assert sheet.notes == ["The file has a header but no rows."]
    assert read_sheet(b"a\n1\n").notes == []


@pytest.mark.parametrize(
    ("data", "is_cut"),
    [(b"a,b\n1,2\n3", True), (b"a,b\n1,2\n3\n", False), (b"a,b\n1,2\n3,4", False), (b"a,b\n3\n1,2", False)],
)
def test_a_truncated_last_row_is_noted_once(data, is_cut):
    sheet = read_sheet(data, delimiter=",", header_row=1)
    for _again in range(2):
        assert list(sheet)
        assert len(sheet.notes) == is_cut


def test_an_unclosed_quote_is_reported_with_its_line():
    with pytest.raises(ArchiveError, match="begins on line 3 opens a quote"):
        read_sheet(b'a,b\n1,2\n3,"x\n4,5\n')
    late = read_sheet(b"a,b\n" + b"1,2\n" * 2000 + b'"x')
    with pytest.raises(ArchiveError, match="begins on line 2002 opens a quote"):
        list(late)


def test_an_oversized_cell_is_reported_with_its_line(monkeypatch):
    monkeypatch.setattr(sheet_module, "MAX_CELL", 100)
    usual = csv.field_size_limit()
    with pytest.raises(ArchiveError, match="begins on line 2 has a cell with more than 100 characters"):
        read_sheet(b'a,b\n"' + b"x\n" * 100 + b'",1\n')
    csv.field_size_limit(usual)


def test_a_cell_of_1_mb_is_read():
    assert cells_of(b"a,b\n" + b"x" * 1_000_000 + b",1\n") == [["x" * 1_000_000, "1"]]
