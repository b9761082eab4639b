"""Test parsing hours in a line: each range is a window, on its own days or those named earlier in the line."""

import pytest
from strategies import PLAIN

from archive.errors import BadValue
from archive.model.contact_details import Window
from archive.model.records.customer import Customer


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
        ("Mon–Fri 9–12, 14–17", ["Mon-Fri 09:00-12:00", "Mon-Fri 14:00-17:00"]),
        ("Mon — Fri 9 — 12", ["Mon-Fri 09:00-12:00"]),
        ("Monday - Friday: 9:00 - 17:00", ["Mon-Fri 09:00-17:00"]),
        ("Mon: 9-17; Tue: 10-18 office", ["Mon 09:00-17:00", "Tue 10:00-18:00 office"]),
        ("Mon thru Fri from 9 to 17", ["Mon-Fri 09:00-17:00"]),
        ("9 a.m. - 5 p.m.", ["Mon-Sun 09:00-17:00"]),
        ("Mon-Fri 9h-18h", ["Mon-Fri 09:00-18:00"]),
        ("Mo–Fr 9–17 Uhr", ["Mon-Fri 09:00-17:00"]),
        ("9am–5pm Mon-Fri", ["Mon-Fri 09:00-17:00"]),
        ("9-17 (weekdays) phone", ["Mon-Fri 09:00-17:00 phone"]),
        ("24/7", ["Mon-Sun 00:00-00:00"]),
        ("Mon-Fri 24h", ["Mon-Fri 00:00-00:00"]),
        ("Fri 22-6", ["Fri 22:00-06:00"]),
        ("Mon 10:00-02:00", ["Mon 10:00-02:00"]),
        ("Mon-Fri 9-17, Sat closed", ["Mon-Fri 09:00-17:00"]),
        ("Wed closed, Mon-Fri 9-17", ["Mon-Tue, Thu-Fri 09:00-17:00"]),
        ("daily 9-17 office, closed on Sun", ["Mon-Sat 09:00-17:00 office"]),
        ("Mon-Fri 9-17 (not Wed)", ["Mon-Tue, Thu-Fri 09:00-17:00"]),
        ("Mon-Fri 9-17 except Mon and Fri", ["Tue-Thu 09:00-17:00"]),
        ("周一至周五 9:00-18:00", ["Mon-Fri 09:00-18:00"]),
        ("周一到周五 上午9点到下午6点", ["Mon-Fri 09:00-18:00"]),
        ("周六日 晚上8点-晚上12点", ["Sat-Sun 20:00-00:00"]),
        ("周一三五 9-12", ["Mon, Wed, Fri 09:00-12:00"]),
        ("Mon 9-12 Sun Street 3", ["Mon 09:00-12:00 Sun Street 3"]),
    ],
)  # fmt: skip
def test_every_range_of_hours_is_a_window(text, windows):
    assert [window.display(PLAIN) for window in Window.all_from_line(text, PLAIN)] == windows


def test_hours_without_days_belong_to_the_preceding_days_in_a_cell():
    kind = Customer.FIELDS["windows"].type
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
        "Sat closed",
        "Sat 9-12, Sat closed",
        "Mon 9-17 Tue",
        "9-17 Mon-Fri 10-12 Sat",
    ],
)
def test_unreadable_hours_are_refused(text):
    with pytest.raises(BadValue):
        Window.all_from_line(text, PLAIN)


@pytest.mark.parametrize(
    "text", ["Mon-Fri 9-5", "Mon 9:30-5:30", "Mon 9 to 5", "Mon 12-1", "Mon 9-9", "Mon-Fri 9-12, 2-5"]
)
def test_ambiguous_12_hour_times_are_refused(text):
    with pytest.raises(BadValue, match="could be in the morning or in the afternoon") as caught:
        Window.all_from_line(text, PLAIN)
    assert "pm" in caught.value.hint


def test_closed_days_in_a_cell_belong_to_the_hours_before_them():
    kind = Customer.FIELDS["windows"].type
    assert kind.show(kind.parse("Mon-Fri 9-17; Wed closed; Sat 9-11", PLAIN), PLAIN) == (
        "Mon-Tue, Thu-Fri 09:00-17:00; Sat 09:00-11:00"
    )


def test_a_single_window_field_refuses_several_windows():
    with pytest.raises(BadValue, match=r"only one is allowed here\. Enter each on its own line\."):
        Window.from_line("Mon 9-12 14-17", PLAIN)
