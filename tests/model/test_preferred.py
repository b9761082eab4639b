"""Test that a list has at most one preferred entry: a second is refused if typed and ignored if stored."""

import pytest
from strategies import PLAIN

from archive.errors import BadValue
from archive.model.field_types.lists import one_preferred
from archive.model.records.customer import Customer

EMAILS = Customer.FIELDS["emails"].type


def test_two_preferred_marks_are_refused_with_both_lines():
    with pytest.raises(BadValue, match=r"2 are marked as preferred: a@x.example \* · b@x.example work \*"):
        EMAILS.refuse_two_preferred(EMAILS.parse("a@x.example *; b@x.example work *", PLAIN), PLAIN)
    EMAILS.refuse_two_preferred(EMAILS.parse("a@x.example *; b@x.example", PLAIN), PLAIN)


def test_the_first_of_several_stored_preferred_entries_counts():
    value = EMAILS.parse("c@x.example; a@x.example *; b@x.example *", PLAIN)
    settled = EMAILS.one_preferred(value)
    assert [email.preferred for email in settled] == [False, True, False]
    assert one_preferred(EMAILS.dump(value)) == EMAILS.dump(settled)
    assert EMAILS.one_preferred(settled) == settled


def test_only_some_lists_have_a_preferred_entry():
    assert EMAILS.prefers
    assert not Customer.FIELDS["windows"].type.prefers
