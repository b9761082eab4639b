import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ArchiveError, UsageError
from archive.exchange import detect
from archive.exchange.detect import codec_name, decode, delimiter_sign, find_delimiter, find_header, head_rows

CHINESE = "姓名,电话\n张三,13800138000\n李四,13900139000\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CHINESE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + CHINESE.encode(), "utf-8"),
        (CHINESE.encode("utf-16"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), "utf-16-be"),
        (CHINESE.encode("utf-16-le"), "utf-16-le"),
        (CHINESE.encode("utf-16-be"), "utf-16-be"),
        (CHINESE.encode("utf-32"), "utf-32-le"),
    ],
)
def test_unicode_is_recognised_with_and_without_its_mark(data, encoding):
    found = decode(data)
    assert (found.encoding, found.text) == (encoding, CHINESE)


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf_16_le", "UTF8"])
def test_a_specified_encoding_is_used(encoding):
    text = "姓名,電話\n"
    assert decode(text.encode(encoding), encoding).text == text


def test_up_to_three_samples_show_non_ascii_text():
    assert decode(CHINESE.encode()).samples == ("姓名", "电话", "张三")
    assert decode("a,Müller,Müller\nb,Özil".encode("cp1252"), "cp1252").samples == ("Müller", "Özil")
    assert decode(b"a,b\n").samples == ()


def test_samples_are_taken_from_the_whole_file():
    padding = "a,b\n" * 40_000
    assert decode((padding + "ä,1\n" + padding + "ö,2\n").encode()).samples == ("ä", "ö")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_first_bad_byte_is_reported_with_its_line(end):
    data = end.join(["name", "ok", "M\xfcller"]).encode("cp1252")
    with pytest.raises(ArchiveError, match="Byte 0xFC on line 3 cannot be read as UTF-8") as caught:
        decode(data)
    assert caught.value.code == 65
    assert "such as gb18030, big5, cp1252 or shift_jis (command line: --encoding)." in caught.value.hint


def test_a_bad_byte_far_into_the_file_is_found():
    with pytest.raises(ArchiveError, match="0xFF on line 50001 "):
        decode(b"abc\n" * 50_000 + b"\xff")


def test_a_specified_encoding_that_does_not_fit_is_refused():
    with pytest.raises(ArchiveError, match="0x80 on line 2 cannot be read as ASCII"):
        decode(b"a\n\x80", "ascii")
    with pytest.raises(ArchiveError, match="UNDEFINED"):
        decode(b"a", "undefined")


@pytest.mark.parametrize("name", ["klingon", "rot13", "a\0b", "\udcff"])
def test_an_unknown_encoding_is_a_usage_error(name):
    with pytest.raises(UsageError, match="There is no encoding"):
        codec_name(name)


@pytest.mark.parametrize("data", [b"a,b\n1,2\n3,\0\n", b"a\r\nb\r\n\0", b"x\n\n" + b"\0" * 100])
def test_nul_is_refused_with_its_line(data):
    with pytest.raises(ArchiveError, match="Line 3 contains a NUL"):
        decode(data)


def test_binary_data_is_refused_as_not_text():
    with pytest.raises(ArchiveError, match="not a text file"):
        decode(bytes(range(1, 256)) * 9)


@pytest.mark.parametrize(
    ("whole", "encoding", "byte", "line", "is_guess"),
    [
        ("a,b\n1,é".encode(), "", 6, 2, True),
        ("a,b\n1,é".encode("utf-8-sig"), "", 9, 2, False),
        ("a\r\nb\r\n王".encode(), "", 6, 3, True),
        ("a,b\n1,王".encode("utf-16"), "", 14, 2, False),
        ("a,b\n1,👩".encode("utf-16"), "", 14, 2, False),
        ("a,b\n王".encode("gb18030"), "gb18030", 4, 2, False),
        (b"a,b\n" * 50_000 + "é".encode(), "", 200_000, 50_001, True),
    ],
)
def test_a_file_ending_within_a_character_is_reported_as_truncated(whole, encoding, byte, line, is_guess):
    assert decode(whole, encoding).text
    for missing in range(1, len(whole) - byte):
        with pytest.raises(
            ArchiveError, match=f"ends in the middle of a character, at byte {byte:,} on line {line}"
        ) as caught:
            decode(whole[:-missing], encoding)
        assert "Get the complete file" in caught.value.hint
        assert ("--encoding" in caught.value.hint) is is_guess
        assert decode(whole[:-missing], encoding, is_whole=False).encoding


def test_a_bad_byte_before_the_end_is_not_reported_as_truncation():
    with pytest.raises(ArchiveError, match="Byte 0xFF on line 1"):
        decode(b"\xff,\xc3")


@pytest.mark.parametrize(("data", "is_ended"), [(b"a\n", True), (b"a\r", True), (b"", True), (b"a", False)])
def test_a_missing_final_newline_is_detected(data, is_ended):
    assert decode(data).is_ended is is_ended
    assert decode(data.decode().encode("utf-16-le"), "utf-16-le").is_ended is is_ended


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_utf_8_text_is_read_unchanged(text):
    assert decode(text.encode("utf-8")).text == text.removeprefix("\ufeff")


@pytest.mark.parametrize("delimiter", detect.DELIMITERS)
def test_each_delimiter_is_detected(delimiter):
    rows = [["Name", "Phone", "Note"], ["Ann Example", "1,5", "a;b|c"], ["Bob Example", "2,5", "d"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert find_delimiter(text) == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("sep=|\na,b\n1,2\n", "|"),
        ("SEP=;\r\na;b", ";"),
        ("a;b;c\n1,5;2,5;3,5\n", ";"),
        ("id,tags\n1,x;y;z\n2,x;y;z\n", ","),
        ("Customer list\n\nName;City\nAnn;Bonn\nBob;Köln\n", ";"),
        ("one column\nof words\n", ","),
        ("", ","),
        ("\n\n", ","),
    ],
)
def test_the_delimiter_with_the_most_even_columns_wins(text, delimiter):
    assert find_delimiter(text) == delimiter


def test_a_row_cut_by_the_end_of_the_sample_is_ignored():
    text = "a;b\n" + "1;2\n" * 30_000
    rows = head_rows(text, ";")
    assert len(rows) < 30_001
    assert {len(row) for row in rows} == {2}
    assert len(head_rows("a;b\n1", ";")) == 2


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        ([["Name", "Phone"], ["Ann", "1"]], 0),
        ([["Notes:"], ["made by hand"], [], ["First", "Last"], ["Ann", "Example"], ["Bob", "Example"]], 3),
        ([["Report", "", "", ""], ["Name", "City", "Zip", "Sum"], ["Ann", "Bonn", "1", "2"]], 1),
        ([["Name", "Phone", "Phone"], ["Ann", "a", "b"]], 0),
        ([["From", "2024-01-01", "2024-12-31"], ["Name", "City", "Sum"], ["Ann", "Bonn", "2"]], 1),
        ([["Name", "2023", "2024"], ["1", "2", "3"]], 0),
        ([["Name", "City", "Note"], ["Ann", "", ""], ["Bob", "", ""]], 0),
        ([["Name", "City", "Zip", ""], ["Ann", "Bonn", "x", "a note"], ["Bob", "Ulm", "y", "another"]], 0),
        ([["Report", "Customers", "", ""], ["Name", "City", "Zip", "Note"], ["Ann", "Bonn", "x", "y"]], 1),
        ([["", "City"], ["Ann", "Bonn"]], 0),
        ([["Report", ""], ["Name", "City"]], 1),
        ([["Report", ""], ["1", "2"]], 1),
        ([["1", "2"], ["3", "4"]], 0),
        ([["Name", "Phone"], ["Ann", "1", "2"]], 0),
        ([["Name", "Phone"], [], ["Ann", "x", "y"]], 0),
        ([["Name", "Phone"], ["Ann", "1", "2"], ["Bob", "3", "4"]], 0),
        ([["Name", "Phone"], ["Ann", "1"], ["Bob", "a", "b", "c", "d"], ["Carl", "a", "b", "c", "d"]], 0),
        ([["Report"], ["Name", "Phone"], ["Ann", "1", "2"]], 1),
        ([["Name", "Name"], ["Ann", "Bell", "x"]], 1),
        ([["_line", "_error", "Name"], ["2", "too long", "Ann", "x"], ["3", "too long", "Bob", "y"]], 0),
        ([], 0),
    ],
)
def test_the_header_is_the_first_wide_text_row(rows, index):
    assert find_header(rows) == index


@pytest.mark.parametrize(
    ("given_", "sign"), [(",", ","), ("tab", "\t"), ("\\t", "\t"), ("TAB", "\t"), ("~", "~")]
)
def test_a_delimiter_can_be_specified(given_, sign):
    assert delimiter_sign(given_) == sign


@pytest.mark.parametrize("given_", ["", ";;", "a", '"', "\n", "\0"])
def test_an_impossible_delimiter_is_a_usage_error(given_):
    with pytest.raises(UsageError, match="cannot be the delimiter"):
        delimiter_sign(given_)
