"""Hours in a line: each range is one window, with its own days or those before it."""

import pytest
from strategies import PLAIN

from archive.errors import BadValue
from archive.model.customer import Customer
from archive.model.parts import Window


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("Mon-Fri 9-12 14-17", ["Mon-Fri 09:00-12:00", "Mon-Fri 14:00-17:00"]),
        ("Mon-Fri 9-12, 14-17 phone office", ["Mon-Fri 09:00-12:00 phone office", "Mon-Fri 14:00-17:00 phone office"]),
        ("Mon-Fri 9-12 and 14-17", ["Mon-Fri 09:00-12:00", "Mon-Fri 14:00-17:00"]),
        ("Mon 9-17 Tue 10-18", ["Mon 09:00-17:00", "Tue 10:00-18:00"]),
        ("Mon-Thu 9-17, Fri 9-15 phone", ["Mon-Thu 09:00-17:00", "Fri 09:00-15:00 phone"]),
        ("Mon 9-12 phone; Tue, Wed 14-16 visit", ["Mon 09:00-12:00 phone", "Tue-Wed 14:00-16:00 visit"]),
        ("Mon and Wed 9-12", ["Mon, Wed 09:00-12:00"]),
        ("Mon9-12Tue10-11", ["Mon 09:00-12:00", "Tue 10:00-11:00"]),
        ("9.30-17.30", ["Mon-Sun 09:30-17:30"]),
        ("Mon 9h30 to 17h30", ["Mon 09:30-17:30"]),
        ("9am-5pm", ["Mon-Sun 09:00-17:00"]),
        ("1-5pm", ["Mon-Sun 13:00-17:00"]),
        ("9-5pm", ["Mon-Sun 09:00-17:00"]),
        ("12am-12pm", ["Mon-Sun 00:00-12:00"]),
        ("周一至周五 9-12 14-17", ["Mon-Fri 09:00-12:00", "Mon-Fri 14:00-17:00"]),
        ("Mon 9-24", ["Mon 09:00-00:00"]),
        ("Mon 9-12 gate 3", ["Mon 09:00-12:00 gate 3"]),
    ],
)  # fmt: skip
def test_every_range_of_hours_is_a_window(text, windows):
    assert [window.shown(PLAIN) for window in Window.all_from_line(text, PLAIN)] == windows


def test_hours_without_days_stay_behind_their_days_in_a_cell():
    kind = Customer.FACTS["windows"].kind
    assert kind.show(kind.parse("Mon-Fri 9-12; 14-17; Sat 9-11", PLAIN), PLAIN) == (
        "Mon-Fri 09:00-12:00; Mon-Fri 14:00-17:00; Sat 09:00-11:00"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Fri",
        "Foo 9-12",
        "Mon 9-25",
        "Mon 9:70-10",
        "Mon 13pm-14pm",
        "Mon-Fri 9-12 office 14-17",
        "Mon 9-12 Foo 14-17",
    ],
)
def test_hours_that_cannot_be_read_are_refused(text):
    with pytest.raises(BadValue):
        Window.all_from_line(text, PLAIN)


def test_one_window_is_not_made_of_several():
    with pytest.raises(BadValue, match="several"):
        Window.from_line("Mon 9-12 14-17", PLAIN)
