"""Tests of the helpers that the harnesses share."""

import os
from functools import partial
from random import Random

import pytest

from faults.children import Child
from faults.fence import fence
from faults.keys import inputs
from faults.shortest import shortest
from faults.story import State, Story, fitting

linux = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the harnesses are for Linux")


def test_a_failing_sequence_is_shortened_to_the_inputs_that_cause_the_failure():
    made = [f"key {number}" for number in range(300)]

    def fails(some):
        return "key 17" in some and "key 250" in some

    assert shortest(made, fails, 1000) == ["key 17", "key 250"]


def test_a_sequence_that_does_not_fail_again_is_not_shortened():
    assert shortest(["key a", "key b"], lambda some: False, 1000) == []


def test_shortening_stops_after_the_given_number_of_tries():
    tried = []

    def fails(some):
        tried.append(some)
        return "key 17" in some

    shortest([f"key {number}" for number in range(300)], fails, 7)
    assert len(tried) == 7


def test_a_seed_always_makes_the_same_inputs():
    assert inputs(Random(5), 200) == inputs(Random(5), 200)
    assert inputs(Random(5), 200) != inputs(Random(6), 200)


def written(inside, outside, tell):
    fence(inside)
    for folder in (inside, outside):
        try:
            (folder / "file").write_text("x")
            (folder / "other").mkdir()
        except PermissionError:
            tell(f"refused in {folder.name}")


@linux
def test_a_fenced_process_can_write_only_in_its_folder(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    assert Child(partial(written, inside, outside)).finish() == ["refused in outside"]
    assert sorted(path.name for path in inside.iterdir()) == ["file", "other"]
    assert list(outside.iterdir()) == []


def test_a_story_can_be_undone_and_redone():
    first = Story().changed(State({}, {}).with_customers("Ann"), "new Ann")
    second = first.changed(first.now.with_line("interactions", 1, "call"), "call of Ann")
    assert second.undone().now == first.now
    assert second.undone().redone().now == second.now
    assert second.undone().to_redo == "call of Ann"
    assert second.changed(second.now.without(1)).now.facts() == frozenset()


def test_the_latest_fitting_story_is_returned():
    first = Story().changed(State({}, {}).with_customers("Ann"))
    second = first.changed(first.now.renamed(1, "Bell"))
    found = frozenset({("customers", "Bell", "")})
    assert fitting([first, second], found) is second
    assert fitting([first], found) is None
