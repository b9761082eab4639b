"""Test report declarations and requests."""

import re
from datetime import date

import pytest

from archive.analysis.request import (
    Cancelled,
    Option,
    ReportRequest,
    ReportSpec,
    checked_options,
    make_request,
    option,
    report,
    reports,
)
from archive.errors import NotFound, UsageError
from tests.analysis.builders import sales_data

TODAY = date(2026, 11, 21)
DECLARED = ReportSpec(
    name="x",
    title="X",
    question="",
    letter="x",
    place=1,
    figures=(),
    options=(
        Option("model", "Model", "a", {"a": "the first", "b": "the second"}),
        Option("horizon", "Horizon", "14"),
    ),
)


def test_option_values_have_labels_and_free_values_show_as_typed():
    model, horizon = DECLARED.options
    assert (model.label_of("b"), horizon.label_of("30")) == ("the second", "30")


def test_labels_of_top_figures_fit_a_narrow_card():
    labels = [
        figure.label
        for module in reports().values()
        for figure in module.run(sales_data(), make_request(TODAY)).figures
        if figure.top
    ]
    assert len(labels) >= 5 * 4
    assert [label for label in labels if len(label) > 23] == []


@pytest.mark.parametrize(
    ("given_", "as_of", "start", "end"),
    [
        ({}, "2026-11-21", "2025-11-22", "2026-11-21"),
        ({"as_of": date(2024, 2, 29)}, "2024-02-29", "2023-03-01", "2024-02-29"),
        ({"end": date(2025, 12, 31)}, "2025-12-31", "2025-01-01", "2025-12-31"),
        ({"end": date(2027, 12, 31)}, "2026-11-21", "2025-11-22", "2026-11-21"),
        ({"start": date(2026, 1, 1)}, "2026-11-21", "2026-01-01", "2026-11-21"),
        ({"as_of": date(2026, 6, 1), "end": date(2026, 9, 1)}, "2026-06-01", "2025-06-02", "2026-06-01"),
    ],
)
def test_the_default_period_is_the_12_months_up_to_the_as_of_day(given_, as_of, start, end):
    request = make_request(TODAY, **given_)
    assert [str(request.as_of), str(request.start), str(request.end)] == [as_of, start, end]


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(UsageError, match=r"starts on 2027-01-01, .*\. Change one of the two dates\."):
        make_request(TODAY, start=date(2027, 1, 1))


def days_of(question):
    return f"{question.start} {question.end}"


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        ("2025-11-22", "2026-11-21", "2024-11-22 2025-11-21"),  # 12 months
        ("2023-03-01", "2024-02-29", "2022-03-01 2023-02-28"),
        ("2024-03-01", "2025-02-28", "2023-03-01 2024-02-29"),
        ("2026-07-01", "2026-09-30", "2026-04-01 2026-06-30"),  # a quarter
        ("2026-04-01", "2026-06-30", "2026-01-01 2026-03-31"),
        ("2026-01-01", "2026-03-31", "2025-10-01 2025-12-31"),
        ("2026-03-01", "2026-03-31", "2026-02-01 2026-02-28"),  # a month
        ("2024-03-01", "2024-03-31", "2024-02-01 2024-02-29"),
        ("2025-01-01", "2025-12-31", "2024-01-01 2024-12-31"),  # a year
        ("2026-01-01", "2026-06-30", "2025-07-01 2025-12-31"),  # half a year
        ("2026-04-02", "2026-06-30", "2026-01-02 2026-04-01"),  # 90 days
        ("2026-04-01", "2026-06-29", "2026-01-01 2026-03-31"),  # 90 days
    ],
)
def test_the_previous_period_has_the_same_kind_and_ends_the_day_before(start, end, before):
    question = make_request(TODAY, start=date.fromisoformat(start), end=date.fromisoformat(end)).before()
    assert days_of(question) == before
    assert (question.as_of, question.preceding) == (question.end, None)


def test_an_incomplete_quarter_is_compared_with_the_previous_quarter():
    running = make_request(TODAY, start=date(2026, 10, 1), end=date(2026, 12, 31))
    assert days_of(running) == "2026-10-01 2026-11-21"
    assert days_of(running.before()) == "2026-07-01 2026-09-30"
    assert days_of(running.before().before()) == "2026-04-01 2026-06-30"
    report = reports()["churn"].run(sales_data(), running)
    assert report.notes[-1] == (
        "The period is not over: its 52 days so far are compared with the 92 days from 2026-07-01 to 2026-09-30."
    )


def test_an_incomplete_custom_period_is_compared_with_as_many_days():
    running = make_request(TODAY, start=date(2026, 11, 10), end=date(2026, 12, 20))
    assert days_of(running) == "2026-11-10 2026-11-21"
    assert days_of(running.before()) == "2026-10-29 2026-11-09"


def test_a_period_at_the_first_date_has_a_previous_period():
    assert make_request(TODAY, start=date(1000, 1, 1)).before().before().start == date.min


def test_progress_is_reported_until_cancelled():
    told = []
    wanted = [True]
    request = ReportRequest(
        as_of=TODAY, start=TODAY, end=TODAY, on_step=told.append, cancelled=lambda: not wanted[0]
    )
    request.step(0.5)
    wanted[0] = False
    with pytest.raises(Cancelled):
        request.step(1.0)
    assert told == [0.5]


def test_an_option_has_a_default():
    assert option(DECLARED, make_request(TODAY), "model") == "a"
    assert option(DECLARED, make_request(TODAY, options={"model": "b"}), "model") == "b"


@pytest.mark.parametrize(
    ("given_", "error"),
    [({"modle": "a"}, "has no option modle.*model, horizon"), ({"model": "c"}, "cannot be c.*a, b")],
)
def test_a_wrong_option_is_refused(given_, error):
    with pytest.raises(UsageError) as caught:
        checked_options(DECLARED, given_)
    assert re.search(error, str(caught.value))
    assert checked_options(DECLARED, {"horizon": "30"}) == {"horizon": "30"}


def test_every_report_is_named_like_its_module_with_a_unique_letter():
    found = reports()
    assert found
    assert len({module.declared.letter for module in found.values()}) == len(found)
    assert [module.declared.place for module in found.values()] == list(range(1, len(found) + 1))
    for name, module in found.items():
        assert module.run.__module__ == f"archive.analysis.{name}"
        assert report(name) is not None


def test_an_unknown_report_is_refused_with_the_nearest_name():
    with pytest.raises(NotFound, match="There is no report chrun"):
        report("chrun")
