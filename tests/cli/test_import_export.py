"""`archive import` and `archive export`: files, pipes, options, reports and exit codes."""

import io
import json
import os
import sys
import tempfile
import threading

import pytest

from archive import inputs
from archive.cli import import_


@pytest.fixture
def contacts(tmp_path):
    file = tmp_path / "contacts.csv"
    file.write_text("Name,E-mail,Status,Blob\nAnn,a@x.example,active,7\n王建国,,hot,\n", "utf-8")
    return file


def put_in(monkeypatch, data):
    """Replace stdin by a file with this content."""
    held = tempfile.TemporaryFile()  # noqa: SIM115 - closed together with stdin
    held.write(data)
    held.seek(0)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(held, "utf-8"))


def test_an_import_is_summarised_in_a_few_lines(call, contacts, path):
    answer = call("import", contacts)
    assert answer.code == 0
    assert answer.lines == ["Customers: 2 new, 0 updated, 0 unchanged, 0 rejected."]
    assert "lost, inactive. It is kept as extra." in answer.err
    assert call("import", contacts).lines == ["Customers: 0 new, 0 updated, 2 unchanged, 0 rejected."]
    assert path.exists()
    assert "Imported contacts.csv: 2 new" in call("undo", "--list").out


def test_a_dry_run_writes_nothing(call, contacts, path):
    answer = call("import", contacts, "--dry-run", "--map", "Blob=grade")
    assert answer.code == 0
    assert "nothing was written" in answer.out
    assert not path.exists()
    assert list(path.parent.glob("*.lock")) == []
    assert not list(path.parent.glob("xdg/config/**/*.toml"))


def test_json_contains_all_results(call, contacts, path):
    answer = call(
        "import", contacts, "--json", "--map", "Blob=grade", "--set", "tags=fair", "--set", "extra.a=b=c"
    )
    found = json.loads(answer.out)
    expected = {
        "created": 2,
        "updated": 0,
        "same": 0,
        "rejected": 0,
        "duplicates": 0,
        "warnings": 1,
        "ignored_lines": 0,
        "customers_created": 0,
        "rejects": None,
        "dry_run": False,
        "archive": str(path),
        "table": "customers",
    }
    assert {key: found[key] for key in expected} == expected
    assert found["columns"]["Blob"] == "grade"
    shown = json.loads(call("show", "C-00001", "--format", "json").out)
    assert "b=c" in json.dumps(shown)


def test_rejected_rows_are_written_to_a_file_for_correction(call, tmp_path):
    file = tmp_path / "old.csv"
    file.write_bytes("Name;Phone\nMüller;1,38E+10\nBob;0171 1\n".encode("cp1252"))
    answer = call("import", file, "--encoding", "cp1252")
    rejects = tmp_path / "old.rejected.csv"
    assert answer.code == 1
    assert f"The rejected row is in {rejects}. Correct it there and import that file." in answer.lines
    text = rejects.read_bytes().decode("cp1252")
    assert text.splitlines()[0] == "_line;_error;Name;Phone"
    assert text.splitlines()[1].startswith('2;"Phone: 1,38E+10 was shortened')
    rejects.write_bytes(text.replace(';"1,38E+10"', ";0171 2").encode("cp1252"))
    mended = call("import", rejects, "--encoding", "cp1252", "--json")
    assert mended.code == 0
    assert json.loads(mended.out)["created"] == 1
    file.write_text("Name,Phone\nEve,1E+10\nJoe,2E+10\n")
    more = tmp_path / "old.rejected-2.csv"
    said = f"The 2 rejected rows are in {more}. Correct them there and import that file."
    answer = call("import", file)
    assert answer.code == 1
    assert said in answer.lines
    assert more.exists()


def test_rejected_rows_go_to_the_specified_file(call, tmp_path, monkeypatch, path):
    rejects = tmp_path / "r.csv"
    put_in(monkeypatch, b"Name,Phone\nAnn,1E+10\n")
    assert call("import", "-", "--rejects", rejects).code == 1
    assert rejects.exists()
    put_in(monkeypatch, b"Name,Phone\nAnn,1E+10\nBob,\n")
    taken = call("import", "-", "--rejects", rejects)
    assert taken.code == 73
    assert "--rejects FILE" in taken.err
    assert "--force" not in taken.err
    assert not path.exists()
    put_in(monkeypatch, b"Name,Phone\nAnn,1E+10\n")
    answer = call("import", "-", "--json")
    assert (answer.code, json.loads(answer.out)["rejects"]) == (1, None)
    put_in(monkeypatch, b"Name,Phone\nAnn,1E+10\n")
    assert call("import", "-", "--dry-run").code == 1


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["none.csv"], 66, "There is no file"),
        (["x.vcf"], 66, "There is no file"),
        (["FILE", "--map", "Nope=grade"], 2, "no column Nope"),
        (["FILE", "--map", "Blob"], 2, "--map Blob is not of the form COLUMN=FIELD."),
        (["FILE", "--map", "Blob=nope"], 2, "There is no field nope"),
        (["FILE", "--set", "kind"], 2, "--set kind is not of the form FIELD=VALUE."),
        (
            ["FILE", "--from", "nope"],
            2,
            "There is no file format or known program named nope. Choose one of csv, google",
        ),
        (["FILE", "--table", "nope"], 2, "no table"),
        (["FILE", "--match", "nope"], 2, "nope is not one of the choices"),
        (["FILE", "--encoding", "utf-16-le"], 65, ""),
        (["FILE", "--date-order", "nope"], 2, ""),
        (["FILE", "--rejects", "-"], 2, "cannot be written to standard output"),
        (["FILE", "--max-errors", "-5"], 2, "cannot be negative"),
        (["FILE", "--header-row", "-1"], 2, "cannot be negative"),
        (["FILE", "--region", "ZZ"], 2, "ZZ is not a country"),
        (["FILE", "--max-errors", "0", "--map", "Name=phone"], 65, "More than 0 rows are rejected"),
    ],
)
def test_an_invalid_import_is_refused_with_its_exit_code(call, contacts, words, code, sentence, path):
    answer = call("import", *(contacts if word == "FILE" else word for word in words))
    assert answer.code == code
    assert sentence in answer.err
    assert answer.out == ""
    assert not path.exists()


def test_a_closed_stdin_is_refused(call, monkeypatch, path):
    monkeypatch.setattr(sys, "stdin", None)
    answer = call("import", "-")
    assert (answer.code, path.exists()) == (66, False)
    assert "There is no input" in answer.err


def test_a_pipe_without_a_writer_is_given_up_with_an_explanation(call, monkeypatch, tmp_path, path):
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.setattr(inputs, "NOBODY", 0.3)
    monkeypatch.setattr(import_, "_PATIENCE", 0.1)
    answer = call("import", tmp_path / "pipe.csv")
    assert (answer.code, path.exists()) == (65, False)
    assert answer.err.count("Waiting for data from the pipe") == 1
    assert "no program writes to it" in answer.err


def test_a_named_pipe_is_imported_without_a_file_of_rejected_rows(call, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    writer = threading.Thread(
        target=(tmp_path / "pipe.csv").write_bytes, args=(b"Name,Phone\nAnn,\nBob,1E+10\n",)
    )
    writer.start()
    answer = call("import", tmp_path / "pipe.csv", "--json")
    writer.join()
    found = json.loads(answer.out)
    assert (answer.code, found["created"], found["rejected"], found["rejects"]) == (1, 1, 1, None)


def test_a_terminal_is_refused_as_stdin(call, monkeypatch, path):
    controller, terminal = os.openpty()
    with open(terminal) as opened:  # noqa: PTH123 - opened by descriptor
        monkeypatch.setattr(sys, "stdin", opened)
        answer = call("import", "-")
    os.close(controller)
    assert (answer.code, path.exists()) == (2, False)
    assert "The input is a terminal" in answer.err


def test_a_last_row_that_was_cut_off_is_reported(call, tmp_path):
    (tmp_path / "cut.csv").write_text("Name;Phone;City\nAda;+49 30 5550 1;Bonn\nBob;+49 30")
    assert "the file may have been cut off" in call("import", tmp_path / "cut.csv", "--dry-run").err
    (tmp_path / "short.csv").write_text("Name;Phone;City\nAda;+49 30 5550 1;Bonn\nBob;+49 30\n")
    assert "cut off" not in call("import", tmp_path / "short.csv", "--dry-run").err


def test_an_ambiguous_date_format_must_be_specified(call, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("Name,Customer since\nAnn,01/02/2020\n")
    answer = call("import", file)
    assert answer.code == 65
    assert "--date-order" in answer.err
    assert call("import", file, "--date-order", "mdy").code == 0
    assert "2020-01-02" in call("list", "--columns", "customer_since", "--format", "csv").out


def test_an_import_of_transactions_can_create_their_customers(call, tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("Date;Shop;Qty;Price\n2026-01-01;North;2;3,50\n2026-01-01;North;2;3,50\n")
    answer = call(
        "import", file, "--map", "Shop=customer", "--create-customers", "--set", "customer.kind=organisation"
    )
    assert answer.lines == [
        "Transactions: 2 new, 0 updated, 0 unchanged, 0 rejected.",
        "1 customer created.",
    ]
    assert "No" in answer.err or "currency" in answer.err
    again = call("import", file, "--match", "none")  # uses the remembered mapping of columns
    assert again.lines[0] == "Transactions: 0 new, 0 updated, 2 unchanged, 0 rejected."


def test_possible_duplicates_and_conflicts_are_reported(call, contacts, tmp_path):
    call("import", contacts)
    file = tmp_path / "more.csv"
    file.write_text(
        "List of people\nName,E-mail,Status\nAnn,a@x.example,lost\nEve,a@x.example,\nCarl\n\nend\n"
    )
    answer = call("import", file)
    assert answer.code == 0
    assert "1 possible duplicate:" in answer.err
    assert "Eve - Ann (same e-mail)" in answer.err
    assert "1 value differs; yours was kept." in answer.err
    assert "2 lines outside the table were ignored" in answer.err


def test_an_export_can_be_piped_into_an_import(call, filled, monkeypatch):
    for table in ("customers", "products", "transactions", "interactions"):
        out = call("export", "--table", table, "-o", "-").out
        assert not out.startswith("\ufeff")
        assert "\r" not in out
        put_in(monkeypatch, out.encode())
        answer = call("import", "-", "--json")
        assert json.loads(answer.out)["table"] == table
        assert json.loads(answer.out)["created"] == json.loads(answer.out)["updated"] == 0
    assert "Imported" not in call("undo", "--list").out


def test_a_file_opens_in_excel_and_is_never_overwritten(call, filled, tmp_path):
    target = tmp_path / "out.csv"
    answer = call("export", "-o", target)
    assert answer.lines == [f"3 rows written to {target}."]
    assert target.read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert b"\r\n" in target.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600
    refused = call("export", "-o", target)
    assert (refused.code, "--force" in refused.err) == (73, True)
    assert call("export", "-o", target, "--force", "--no-bom", "--columns", "code，city").code == 0
    assert target.read_bytes().startswith(b"code,city\r\n")
    tabs = tmp_path / "out.tsv"
    assert call("export", "-o", tabs, "--columns", "code,full_name", "--where", "kind:person").code == 0
    assert len(tabs.read_text("utf-8-sig").splitlines()) == 3
    assert "name the format: --format csv." in call("export", "-o", tmp_path / "out.dat").err
    assert call("export", "-o", tmp_path / "out.dat", "--format", "csv", "--columns", "code").code == 0
    assert "\t" in tabs.read_text("utf-8-sig")


def test_options_of_an_export(call, filled):
    assert call("export", "-o", "-", "--bom", "--headers", "zh").out.startswith("\ufeffid,编号")
    assert "orders" in call("export", "-o", "-", "--layout", "wide").lines[0]
    assert call("export", "-o", "-", "--delimiter", ";", "--columns", "code,kind").lines[0] == "code;kind"
    assert "'+49" in call("export", "-o", "-", "--columns", "phones").out
    assert "'+49" not in call("export", "-o", "-", "--columns", "phones", "--raw").out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["-o", "x.xlsx"], 2),
        (["-o", "-", "--format", "vcf"], 2),
        (["-o", "-", "--table", "nope"], 2),
        (["-o", "-", "--columns", "nope"], 2),
        (["-o", "-", "--where", "((("], 2),
        (["-o", "-", "--table", "products", "--layout", "wide"], 2),
        ([], 2),
        (["-o", "none/x.csv"], 73),
    ],
)
def test_an_invalid_export_is_refused(call, filled, words, code):
    answer = call("export", *words)
    assert answer.code == code
    assert answer.err


def test_exporting_a_missing_archive_is_refused(call, path):
    assert call("export", "-o", "-").code == 66
