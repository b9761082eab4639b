"""The program ends when its terminal closes and keeps typed text; the harness catches programs that do not."""

import os
from random import Random

import pytest

if not hasattr(os, "pidfd_open"):
    pytest.skip("the harness is for Linux", allow_module_level=True)

from faults import hangups

SEED = 1


def tried(program, count, folder, record, **more):
    """Run the harness, and record its result for the table at the end of the run."""
    result = hangups.run(program, count, Random(SEED), folder, **more)
    for key, value in {"harness": "hangups", "store": program, **result.dump()}.items():
        record(key, value)
    return result


def test_the_program_ends_when_its_terminal_closes(tmp_path, record_property):
    found = tried("ours", 6, tmp_path, record_property)
    assert found.lost == 0, found.details


@pytest.mark.long
def test_the_program_ends_when_its_terminal_closes_in_many_tries(tmp_path, record_property):
    found = tried("ours", 500, tmp_path, record_property)
    assert found.lost == 0, found.details


@pytest.mark.parametrize(("program"), ["stock", pytest.param("hasty", marks=pytest.mark.long)])
def test_a_program_known_to_hang_or_to_lose_text_is_caught(program, tmp_path, record_property):
    found = tried(program, 60, tmp_path, record_property, enough=1 if program == "stock" else 3)
    assert found.lost, "the harness did not catch a program that hangs or loses typed text"
