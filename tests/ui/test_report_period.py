"""The periods of reports: their dates, order, shifting and parsing."""

from datetime import date

import pytest
from strategies import PLAIN

from archive.errors import BadValue
from archive.model.periods import previous
from archive.ui.screens.report_period import ALL, DAYS, MONTHS_12, QUARTER, YEAR, Period, read_days
from archive.ui.screens.report_run import ReportSettings, work_out

TODAY = date(2026, 11, 21)


def iso(days):
    return " ".join(day.isoformat() for day in days)


@pytest.mark.parametrize(
    ("kind", "back", "days"),
    [
        (MONTHS_12, 0, "2025-11-22 2026-11-21"),
        (MONTHS_12, 1, "2024-11-22 2025-11-21"),
        (MONTHS_12, 3, "2022-11-22 2023-11-21"),
        (QUARTER, 0, "2026-10-01 2026-11-21"),
        (QUARTER, 1, "2026-07-01 2026-09-30"),
        (QUARTER, 4, "2025-10-01 2025-12-31"),
        (YEAR, 0, "2026-01-01 2026-11-21"),
        (YEAR, 1, "2025-01-01 2025-12-31"),
        (YEAR, 2, "2024-01-01 2024-12-31"),
        (ALL, 0, "2019-05-04 2026-11-21"),
    ],
)
def test_a_period_has_its_dates(kind, back, days):
    assert iso(Period(kind, back).days(TODAY, date(2019, 5, 4))) == days


def test_twelve_months_up_to_a_leap_day_start_after_the_28th():
    assert iso(Period().days(date(2024, 2, 29))) == "2023-03-01 2024-02-29"


def test_all_starts_no_later_than_the_as_of_day():
    assert iso(Period(ALL).days(TODAY, date(2030, 1, 1))) == "2026-11-21 2026-11-21"


def test_the_last_quarter_of_the_calendar_has_an_end():
    assert Period(QUARTER).days(date(9999, 12, 1))[1] == date(9999, 12, 1)


def test_cycling_through_the_periods_returns_to_the_first():
    period = Period()
    seen = []
    for _turn in range(5):
        seen.append(period.label)
        period = period.next_kind(TODAY)
    assert seen == ["12 months", "this quarter", "this year", "last year", "all"]
    assert period == Period()


@pytest.mark.parametrize(
    ("shifted", "following"),
    [
        (Period(MONTHS_12, 1), Period(QUARTER, 4)),
        (Period(QUARTER, 4), Period(YEAR, 1)),
        (Period(QUARTER, 9), Period(YEAR, 2)),
        (Period(YEAR, 4), Period(ALL)),
    ],
)
def test_the_period_after_a_shifted_period_overlaps_it(shifted, following):
    assert shifted.next_kind(TODAY) == following
    assert following.days(TODAY)[0] <= shifted.days(TODAY)[1] <= following.days(TODAY)[1]


def test_the_first_period_follows_a_custom_period():
    assert Period(DAYS, named=(TODAY, TODAY)).next_kind(TODAY) == Period()


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period(YEAR, 2), "year"),
        (Period(QUARTER, 1), "quarter"),
        (Period(DAYS), "custom"),
        (Period(YEAR, 1), "last year"),
    ],
)
def test_an_earlier_period_has_a_name_too(period, label):
    assert period.label == label


def test_periods_shift_back_and_forth():
    assert Period(YEAR).shifted(1, TODAY) == Period(YEAR, 1)
    assert Period(YEAR, 1).shifted(-1, TODAY) == Period(YEAR)
    assert Period(YEAR).shifted(-1, TODAY) == Period(YEAR)
    assert not Period(ALL).can_shift


def test_no_period_starts_before_the_calendar():
    period = Period(YEAR)
    for _turn in range(200):
        period = period.shifted(1, TODAY)
    assert period.days(TODAY)[0] == date(1900, 1, 1)


def test_a_custom_period_shifts_by_its_length_but_not_past_the_as_of_day():
    period = Period(DAYS, named=(date(2026, 11, 1), date(2026, 11, 10)))
    assert iso(period.shifted(1, TODAY).days(TODAY)) == "2026-10-22 2026-10-31"
    assert iso(period.shifted(-1, TODAY).days(TODAY)) == "2026-11-11 2026-11-20"
    assert period.shifted(-1, TODAY).shifted(-1, TODAY) == period.shifted(-1, TODAY)
    early = Period(DAYS, named=(date(1900, 1, 1), date(1900, 1, 2)))
    assert early.shifted(1, TODAY) == early


def test_a_custom_period_of_whole_months_shifts_by_months():
    quarter = Period(DAYS, named=(date(2026, 4, 1), date(2026, 6, 30)))
    assert iso(quarter.shifted(1, TODAY).days(TODAY)) == "2026-01-01 2026-03-31"
    assert iso(quarter.shifted(-1, TODAY).days(TODAY)) == "2026-07-01 2026-09-30"
    february = Period(DAYS, named=(date(2024, 2, 1), date(2024, 2, 29)))
    assert iso(february.shifted(1, TODAY).days(TODAY)) == "2024-01-01 2024-01-31"
    assert iso(february.shifted(-1, TODAY).days(TODAY)) == "2024-03-01 2024-03-31"
    months_12 = Period(DAYS, named=(date(2023, 3, 2), date(2024, 3, 1)))
    assert iso(months_12.shifted(1, TODAY).days(TODAY)) == "2022-03-02 2023-03-01"
    assert iso(months_12.shifted(-1, TODAY).days(TODAY)) == "2024-03-02 2025-03-01"


@pytest.mark.parametrize("back", range(1, 6))
@pytest.mark.parametrize("day", [TODAY, date(2024, 2, 29), date(2025, 2, 28), date(2026, 1, 1)])
@pytest.mark.parametrize("kind", [MONTHS_12, QUARTER, YEAR])
def test_a_report_compares_with_the_period_before_the_shown_period(kind, day, back):
    """For completed periods (the second of a kind on), the dates alone determine the previous period."""
    period = Period(kind, back)
    assert previous(*period.days(day)) == period.shifted(1, day).days(day)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026", "2026-01-01 2026-12-31"),
        ("2026-03", "2026-03-01 2026-03-31"),
        ("2026-03-05", "2026-03-05 2026-03-05"),
        ("2026-03..2026-05", "2026-03-01 2026-05-31"),
        ("2026-05-10..2026-03", "2026-03-31 2026-05-10"),
    ],
)
def test_custom_periods_are_parsed(text, days):
    assert iso(read_days(text, PLAIN)) == days


@pytest.mark.parametrize("text", ["whenever", "2026..", "..2026", "2026..x"])
def test_an_invalid_period_is_refused(text):
    with pytest.raises(BadValue):
        read_days(text, PLAIN)


class Asked:
    """A stand-in for the reports that returns the question itself."""

    def run(self, _name, question):
        return question


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period(QUARTER), "2026-07-01 2026-09-30"),
        (Period(YEAR), "2025-01-01 2025-12-31"),
        (Period(MONTHS_12), "2024-11-22 2025-11-21"),
        (Period(QUARTER, 1), "2026-04-01 2026-06-30"),
        (Period(DAYS, named=(date(2026, 11, 1), date(2026, 11, 30))), "2026-10-01 2026-10-31"),
        (Period(DAYS, named=(date(2026, 11, 10), date(2026, 12, 20))), "2026-10-29 2026-11-09"),
        (Period(DAYS, named=(date(2026, 11, 10), date(2026, 11, 19))), "2026-10-31 2026-11-09"),
    ],
)
def test_the_screen_compares_with_the_period_before_the_shown_period(archive, period, before):
    answer = work_out(
        archive, Asked(), "churn", ReportSettings(period, as_of=TODAY), lambda done: None, lambda: False
    )
    question = answer.report.before()
    assert iso((question.start, question.end)) == before
