"""Columns as wide as what stands in them."""

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


def test_the_widest_text_gives_way_first():
    assert fitted(90) == {"day": 14, "sign": 3, "name": 24, "what": 32, "value": 9}


def test_what_is_no_text_is_never_cut():
    assert fitted(60) == {"day": 14, "sign": 3, "name": 13, "what": 13, "value": 9}


def test_then_columns_go_and_the_name_stays():
    assert list(fitted(50)) == ["day", "sign", "name", "what"]
    assert list(fitted(40)) == ["day", "sign", "name"]
    assert list(fitted(29)) == ["day", "name"]


def test_what_never_goes_is_not_cut_below_what_can_be_read():
    assert fitted(5) == {"day": 14, "name": LEAST}
    assert fitted(5, [DAY]) == {"day": 14}
    assert fitted(5, []) == {}


def test_a_text_that_is_to_keep_more_cells_does_and_others_go_for_it():
    columns = [replace(NAME, keep=20), WHAT, VALUE]
    assert fitted(53, columns) == {"name": 20, "what": 20, "value": 9}
    assert fitted(46, columns) == {"name": 20, "what": 13, "value": 9}
    assert fitted(42, columns) == {"name": 20, "what": 20}


def test_what_never_goes_is_cut_below_what_it_is_to_keep_before_a_line_is_exceeded():
    assert fitted(30, [replace(NAME, keep=20), DAY]) == {"name": 14, "day": 14}


def test_a_day_loses_its_weekday_before_any_text_is_cut():
    day = replace(DAY, short=Column("day.short", "Day", 10))
    assert fitted(54, [day, NAME, VALUE]) == {"day": 14, "name": 24, "value": 9}
    assert fitted(50, [day, NAME, VALUE]) == {"day.short": 10, "name": 24, "value": 9}
    assert fitted(40, [day, NAME, VALUE]) == {"day.short": 10, "name": 17, "value": 9}


def test_a_label_wider_than_its_values_is_put_on_two_lines_before_any_text_is_cut():
    share = Natural(Column("share", "Orders within 90 days", 21, priority=4), cells=5)
    assert fit_natural([NAME, share], 47)[1].above == ""
    (name, narrow) = fit_natural([NAME, share], 40)
    assert (narrow.above, narrow.label, narrow.width) == ("Orders within", "90 days", 13)
    assert name.width == 24


@pytest.mark.parametrize("room", range(30, 120, 7))
def test_the_line_is_filled_and_not_exceeded(room):
    widths = fitted(room).values()
    assert sum(widths) + GAP * (len(widths) - 1) <= room
