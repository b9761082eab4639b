"""Fitting columns of minimum width, weight and priority into the width of a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ui.widgets.table_layout import GAP, Column, fit_columns, measured

NAME = Column("name", "Name", 12, weight=3)
PLACE = Column("place", "Place", 8, weight=1, priority=2)
STATUS = Column("status", "Status", 6, priority=1)
TOTAL = Column("total", "Total", 9, priority=3, align="right")
COLUMNS = [NAME, PLACE, STATUS, TOTAL]


def shown(width, columns=COLUMNS):
    return [(column.key, cells) for column, cells in fit_columns(columns, width)]


def test_minimum_widths_with_two_blanks_between_just_fit():
    assert shown(12 + 8 + 6 + 9 + 3 * GAP) == [("name", 12), ("place", 8), ("status", 6), ("total", 9)]


def test_the_remaining_width_is_shared_by_weight():
    assert shown(41 + 8) == [("name", 18), ("place", 10), ("status", 6), ("total", 9)]


def test_no_cell_is_lost_to_rounding():
    assert sum(cells for _, cells in shown(41 + 7)) == 35 + 7


def test_without_weights_the_columns_keep_their_widths():
    assert shown(80, [STATUS, TOTAL]) == [("status", 6), ("total", 9)]


@pytest.mark.parametrize(
    ("width", "keys"),
    [
        (40, ["name", "place", "status"]),
        (29, ["name", "status"]),
        (19, ["name"]),
        (5, ["name"]),
        (0, []),
        (-4, []),
    ],
)
def test_the_column_with_the_highest_priority_number_is_dropped_first(width, keys):
    assert [key for key, _ in shown(width)] == keys


def test_a_column_appears_only_if_the_others_keep_enough_room():
    late = Column("late", "Late", 8, weight=2, priority=4, spare=10)
    assert shown(12 + 6 + 8 + 2 * GAP + 9, [NAME, STATUS, late]) == [("name", 12 + 19), ("status", 6)]
    wide = 12 + 6 + 8 + 2 * GAP + 10
    assert shown(wide, [NAME, STATUS, late]) == [("name", 12 + 6), ("status", 6), ("late", 8 + 4)]


def test_a_column_is_as_wide_as_its_label_if_there_is_ample_room():
    sum_ = Column("sum", "Revenue (12 mo.)", 10, priority=1, wide=16)
    least = 12 + 10 + GAP
    assert shown(least + 29, [NAME, sum_]) == [("name", 12 + 29), ("sum", 10)]
    assert shown(least + 30, [NAME, sum_]) == [("name", 12 + 24), ("sum", 16)]


def test_of_two_equal_columns_the_right_one_is_dropped():
    alike = [Column("a", "A", 5), Column("b", "B", 5, priority=1), Column("c", "C", 5, priority=1)]
    assert shown(12, alike) == [("a", 5), ("b", 5)]


def test_columns_that_cannot_be_dropped_are_squeezed_widest_first():
    assert shown(12, [Column("a", "A", 20), Column("b", "B", 4)]) == [("a", 6), ("b", 4)]
    assert shown(8, [Column("a", "A", 20), Column("b", "B", 4)]) == [("a", 3), ("b", 3)]


def test_the_right_column_is_dropped_if_there_is_not_even_a_cell_for_each():
    assert shown(3, [Column("a", "A", 20), Column("b", "B", 4)]) == [("a", 3)]


def test_no_columns_need_no_room():
    assert fit_columns([], 80) == []


columns = st.lists(
    st.builds(
        Column,
        st.text(max_size=3),
        st.text(max_size=3),
        st.integers(1, 30),
        weight=st.integers(0, 4),
        priority=st.integers(0, 3),
    ),
    max_size=8,
)


@given(columns, st.integers(-5, 200))
def test_any_columns_stay_within_the_width_and_in_order(columns, width):
    fitted = fit_columns(columns, width)
    assert sum(cells for _, cells in fitted) + GAP * max(0, len(fitted) - 1) <= max(0, width)
    assert all(cells >= 1 for _, cells in fitted)
    remaining = iter(columns)
    assert all(any(column is other for other in remaining) for column, _ in fitted)


def test_measured_columns_are_as_wide_as_their_texts_and_leave_the_rest_free():
    columns = [Column("name", "Name", 10, 3), Column("sum", "Sum", 12, align="right")]
    fitted = fit_columns(
        measured(columns, [{"name": "Ann Bare", "sum": "1,200"}, {"name": "José 王建国"}]), 100
    )
    assert [cells for _column, cells in fitted] == [11, 5]


def test_measured_texts_share_too_little_room_and_numbers_are_never_cut():
    columns = [Column("name", "Name", 4, 3), Column("what", "What", 4, 1), Column("sum", "Sum", 2)]
    rows = [{"name": "n" * 30, "what": "w" * 8, "sum": "1,200.00"}]
    assert [cells for _column, cells in fit_columns(measured(columns, rows), 40)] == [20, 8, 8]
    assert [cells for _column, cells in fit_columns(measured(columns, rows), 28)] == [8, 8, 8]
