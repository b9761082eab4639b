"""Test report declarations and requests."""

import re
from datetime import date

import pytest

from archive.analysis.request import (
    Cancelled,
    Option,
    ReportRequest,
    ReportSpec,
    asked,
    checked_options,
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
    asks="",
    letter="x",
    place=1,
    figures=(),
    options=(
        Option("model", "Model", "a", {"a": "the first", "b": "the second"}),
        Option("horizon", "Horizon", "14"),
    ),
)


def test_a_value_of_an_option_has_words_and_a_free_one_is_as_it_was_typed():
    model, horizon = DECLARED.options
    assert (model.said("b"), horizon.said("30")) == ("the second", "30")


def test_the_figures_that_stand_first_have_labels_that_a_card_of_a_narrow_screen_holds():
    labels = [
        figure.label
        for module in reports().values()
        for figure in module.run(sales_data(), asked(TODAY)).figures
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
def test_the_period_is_the_12_months_to_the_day_it_is_seen_on(given_, as_of, start, end):
    request = asked(TODAY, **given_)
    assert [str(request.as_of), str(request.start), str(request.end)] == [as_of, start, end]


def test_a_period_that_ends_before_it_begins_is_said():
    with pytest.raises(UsageError, match=r"starts on 2027-01-01, .*\. Change one of the two dates\."):
        asked(TODAY, start=date(2027, 1, 1))


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
def test_the_period_before_is_of_the_same_kind_and_ends_the_day_before(start, end, before):
    question = asked(TODAY, start=date.fromisoformat(start), end=date.fromisoformat(end)).before()
    assert days_of(question) == before
    assert (question.as_of, question.preceding) == (question.end, None)


def test_a_quarter_that_is_not_over_is_compared_with_the_quarter_before():
    running = asked(TODAY, start=date(2026, 10, 1), end=date(2026, 12, 31))
    assert days_of(running) == "2026-10-01 2026-11-21"
    assert days_of(running.before()) == "2026-07-01 2026-09-30"
    assert days_of(running.before().before()) == "2026-04-01 2026-06-30"
    report = reports()["churn"].run(sales_data(), running)
    assert report.notes[-1] == (
        "The period is not over: its 52 days so far are compared with the 92 days from 2026-07-01 to 2026-09-30."
    )


def test_some_days_that_are_not_over_are_compared_with_as_many_days():
    running = asked(TODAY, start=date(2026, 11, 10), end=date(2026, 12, 20))
    assert days_of(running) == "2026-11-10 2026-11-21"
    assert days_of(running.before()) == "2026-10-29 2026-11-09"


def test_a_period_from_the_beginning_of_time_has_one_before():
    assert asked(TODAY, start=date(1000, 1, 1)).before().before().start == date.min


def test_progress_is_told_until_nobody_wants_the_answer():
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
    assert option(DECLARED, asked(TODAY), "model") == "a"
    assert option(DECLARED, asked(TODAY, options={"model": "b"}), "model") == "b"


@pytest.mark.parametrize(
    ("given_", "said"),
    [({"modle": "a"}, "has no option modle.*model, horizon"), ({"model": "c"}, "cannot be c.*a, b")],
)
def test_a_wrong_option_is_said(given_, said):
    with pytest.raises(UsageError) as caught:
        checked_options(DECLARED, given_)
    assert re.search(said, str(caught.value))
    assert checked_options(DECLARED, {"horizon": "30"}) == {"horizon": "30"}


def test_every_report_is_named_as_its_module_and_has_a_letter_of_its_own():
    found = reports()
    assert found
    assert len({module.declared.letter for module in found.values()}) == len(found)
    assert [module.declared.place for module in found.values()] == list(range(1, len(found) + 1))
    for name, module in found.items():
        assert module.run.__module__ == f"archive.analysis.{name}"
        assert report(name) is not None


def test_a_report_that_does_not_exist_is_said_with_the_nearest():
    with pytest.raises(NotFound, match="There is no report chrun"):
        report("chrun")
