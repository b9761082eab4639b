import pytest
from written import write_csv

from archive.errors import ArchiveError, UsageError
from archive.exchange.writer import csv_pieces
from archive.files import write_whole


def test_a_failing_data_source_leaves_no_file(tmp_path):
    with pytest.raises(ArchiveError, match="cannot be written as ASCII"):
        write_whole(tmp_path / "a", csv_pieces([["ä"]], for_file=True, encoding="ascii"))
    assert list(tmp_path.iterdir()) == []


def test_files_have_bom_and_crlf_but_pipes_do_not():
    rows = [["a", "b"], ["1", "ä"]]
    assert write_csv(rows, for_file=True) == "\ufeffa,b\r\n1,ä\r\n".encode()
    assert write_csv(rows, for_file=False) == "a,b\n1,ä\n".encode()
    assert write_csv(rows, for_file=True, bom=False) == "a,b\r\n1,ä\r\n".encode()
    assert write_csv(rows, for_file=False, bom=True) == "\ufeffa,b\n1,ä\n".encode()


def test_only_unicode_encodings_get_a_bom():
    assert write_csv([["ä"]], for_file=True, encoding="cp1252") == b"\xe4\r\n"
    assert write_csv([["a"]], for_file=False, bom=True, encoding="UTF_16_LE") == "\ufeffa\n".encode(
        "utf-16-le"
    )
    assert write_csv([["a"]], for_file=True, encoding="utf-16") == "a\r\n".encode("utf-16")


def test_formulas_are_guarded_unless_raw():
    assert write_csv([["a"], ["=1"]], for_file=False) == b"a\n'=1\n"
    assert write_csv([["a"], ["=1"]], for_file=False, raw=True) == b"a\n=1\n"


def test_cells_are_quoted_if_necessary():
    rows = [["a", "b"], ["x\ry", "x\ny"], ['"', ","], [" 1", ""]]
    assert write_csv(rows, for_file=False, raw=True) == b'a,b\n"x\ry","x\ny"\n"""",","\n 1,\n'
    assert write_csv([["a"], [""], ["x;y"]], for_file=False) == b'a\n""\n"x;y"\n'
    assert write_csv([[], ["x"]], for_file=False) == b"\nx\n"


def test_a_cell_with_a_foreign_delimiter_is_quoted():
    rows = [["a", "b"], ["x;y", "1"], ["x\ty", "2"], ["x|y", "3"], ["x,y", "4"]]
    assert write_csv(rows, for_file=False) == b'a,b\n"x;y",1\n"x\ty",2\n"x|y",3\n"x,y",4\n'
    assert write_csv(rows[-1:], for_file=False, delimiter=";") == b'"x,y";"4"\n'


@pytest.mark.parametrize("header", [["sep=;", "b"], ["\ufeffa", "b"], ["a;b", "c"]])
def test_a_misleading_header_is_quoted(header):
    assert write_csv([header], for_file=False) == ",".join(f'"{name}"' for name in header).encode() + b"\n"


def test_a_stateful_encoding_is_terminated():
    assert write_csv([["客"]], for_file=False, encoding="iso2022_jp").decode("iso2022_jp") == "客\n"


def test_long_tables_are_written_in_chunks():
    pieces = list(csv_pieces(([str(number)] for number in range(1200)), for_file=False))
    assert len(pieces) > 2
    assert b"".join(pieces).split() == [str(number).encode() for number in range(1200)]


def test_unencodable_text_is_refused():
    with pytest.raises(ArchiveError, match=r"U\+D800 cannot be written as UTF-8"):
        write_csv([["\ud800"]], for_file=True)


def test_an_invalid_delimiter_or_encoding_is_a_usage_error():
    with pytest.raises(UsageError, match="cannot be the delimiter"):
        write_csv([], for_file=True, delimiter="::")
    with pytest.raises(UsageError, match="no encoding klingon"):
        write_csv([], for_file=True, encoding="klingon")
