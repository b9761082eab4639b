"""Fitting columns by the width of their content."""

from dataclasses import replace

import pytest

from archive.ui.widgets.table_layout import GAP, Column
from archive.ui.widgets.table_natural import LEAST, Natural, fit_natural

DAY = Natural(Column("day", "Day", 14))
SIGN = Natural(Column("sign", "", 3, priority=1), is_text=True)
NAME = Natural(Column("name", "Customer", 24), is_text=True)
WHAT = Natural(Column("what", "What", 40, priority=3), is_text=True)
VALUE = Natural(Column("value", "Value", 9, priority=4))
COLUMNS = [DAY, SIGN, NAME, WHAT, VALUE]


def fitted(room, columns=COLUMNS):
    return {column.key: column.width for column in fit_natural(columns, room)}


def test_with_room_columns_are_as_wide_as_they_need_and_no_wider():
    assert fitted(200) == {"day": 14, "sign": 3, "name": 24, "what": 40, "value": 9}


def test_the_widest_text_shrinks_first():
    assert fitted(90) == {"day": 14, "sign": 3, "name": 24, "what": 32, "value": 9}


def test_only_text_columns_are_cut():
    assert fitted(60) == {"day": 14, "sign": 3, "name": 13, "what": 13, "value": 9}


def test_columns_are_dropped_next_but_never_the_name():
    assert list(fitted(50)) == ["day", "sign", "name", "what"]
    assert list(fitted(40)) == ["day", "sign", "name"]
    assert list(fitted(29)) == ["day", "name"]


def test_the_name_is_not_cut_to_an_unreadable_width():
    assert fitted(5) == {"day": 14, "name": LEAST}
    assert fitted(5, [DAY]) == {"day": 14}
    assert fitted(5, []) == {}


def test_a_text_with_a_larger_minimum_keeps_it_and_other_columns_are_dropped():
    columns = [replace(NAME, keep=20), WHAT, VALUE]
    assert fitted(53, columns) == {"name": 20, "what": 20, "value": 9}
    assert fitted(46, columns) == {"name": 20, "what": 13, "value": 9}
    assert fitted(42, columns) == {"name": 20, "what": 20}


def test_the_name_is_cut_below_its_minimum_rather_than_exceeding_the_line():
    assert fitted(30, [replace(NAME, keep=20), DAY]) == {"name": 14, "day": 14}


def test_a_date_loses_its_weekday_before_any_text_is_cut():
    day = replace(DAY, short=Column("day.short", "Day", 10))
    assert fitted(54, [day, NAME, VALUE]) == {"day": 14, "name": 24, "value": 9}
    assert fitted(50, [day, NAME, VALUE]) == {"day.short": 10, "name": 24, "value": 9}
    assert fitted(40, [day, NAME, VALUE]) == {"day.short": 10, "name": 17, "value": 9}


def test_a_label_wider_than_its_values_wraps_before_any_text_is_cut():
    share = Natural(Column("share", "Orders within 90 days", 21, priority=4), cells=5)
    assert fit_natural([NAME, share], 47)[1].above == ""
    (name, narrow) = fit_natural([NAME, share], 40)
    assert (narrow.above, narrow.label, narrow.width) == ("Orders within", "90 days", 13)
    assert name.width == 24


@pytest.mark.parametrize("room", range(30, 120, 7))
def test_the_line_is_filled_but_not_exceeded(room):
    widths = fitted(room).values()
    assert sum(widths) + GAP * (len(widths) - 1) <= room
