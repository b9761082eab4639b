"""`archive report`: results as text, CSV and JSON."""

import csv
import io
import json

import pytest

from archive.analysis.request import reports

ALL = sorted(reports())


def test_the_list_has_every_report_with_its_question_and_options(call, filled) -> None:
    said = call("report", "--list").out
    assert all(f"{name}  " in said for name in ALL)
    assert "--option level=1|2|3" in said
    assert "--option possible=a value" in said


@pytest.mark.parametrize("name", ALL)
def test_json_has_the_documented_keys(call, filled, name) -> None:
    answer = call("report", name, "--format", "json")
    told = json.loads(answer.out)
    assert answer.code == 0
    assert list(told)[:8] == ["report", "as_of", "period", "currency", "n", "figures", "tables", "notes"]
    assert list(told)[8:] == ["table_notes", "pictures"]
    assert set(told["figures"]) == set(reports()[name].declared.figures)
    for figure in told["figures"].values():
        assert list(figure)[:6] == ["value", "unit", "n", "low", "high", "note"]
        assert list(figure)[6:] == ["k", "before", "omitted", "why"]
        assert figure["value"] is not None or figure["note"]


@pytest.mark.parametrize("name", ALL)
def test_csv_has_the_figures_or_the_specified_table(call, filled, name) -> None:
    rows = list(csv.reader(io.StringIO(call("report", name, "--format", "csv").out)))
    assert rows[0][:9] == ["key", "label", "value", "currency", "unit", "n", "low", "high", "note"]
    assert rows[0][9:] == ["k", "before", "omitted", "why"]
    keys = [row[0] for row in rows[1:]]
    assert [key for key in keys if not key.startswith(("notes.", "tables."))] == list(
        reports()[name].declared.figures
    )
    for table in reports()[name].declared.tables:
        header, *_rows = csv.reader(
            io.StringIO(call("report", name, "--format", "csv", "--table", table).out)
        )
        assert len(set(header)) == len(header)


@pytest.mark.parametrize("name", ALL)
def test_text_has_every_figure_and_table(call, filled, name) -> None:
    answer = call("report", name)
    assert answer.code == 0
    assert reports()[name].declared.title in answer.out


def test_period_and_groups_are_taken_from_the_options(call, filled) -> None:
    words = ("--as-of", "2020-12-31", "--from", "2020-01-01", "--by", "status", "--format", "json")
    told = json.loads(call("report", "share", *words).out)
    assert told["as_of"] == "2020-12-31"
    assert told["period"] == {"from": "2020-01-01", "to": "2020-12-31"}
    assert told["figures"]["revenue"]["value"] == "6.00"
    assert told["tables"]["groups"][0]["group"] == "active"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "No report was specified."),
        (("shares",), 66, "There is no report shares. Did you mean share?"),
        (("share", "--as-of", "someday"), 2, "--as-of:"),
        (("share", "--from", "2030-01-01"), 2, "starts on 2030-01-01"),
        (("share", "--option", "level"), 2, "--option takes key=value, not level."),
        (("share", "--option", "level=9"), 2, "level cannot be 9. Choose one of 1, 2, 3."),
        (("share", "--by", "phones"), 2, "Customers cannot be grouped by phones."),
        (("share", "--table", "customers"), 2, "--table requires --format csv."),
        (("share", "--table", "people", "--format", "csv"), 66, "has no table people. Its tables are "),
        (("fulfilment", "--option", "a=b"), 2, "has no option a."),
    ],
)
def test_an_invalid_report_is_refused_with_a_reason(call, filled, words, code, said) -> None:
    answer = call("report", *words)
    assert answer.code == code
    assert said in answer.err
    assert answer.out == ""


def test_a_missing_archive_is_refused(call) -> None:
    assert call("report", "share").code == 66
