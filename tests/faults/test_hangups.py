"""The program ends when its terminal goes, keeps what was typed, and the harness sees programs that do not."""

import os
from random import Random

import pytest

if not hasattr(os, "pidfd_open"):
    pytest.skip("the harness is for Linux", allow_module_level=True)

from faults import hangups

SEED = 1


def tried(program, count, folder, record, **more):
    """What the harness found, for the table at the end too."""
    result = hangups.run(program, count, Random(SEED), folder, **more)
    for key, value in {"harness": "hangups", "store": program, **result.dump()}.items():
        record(key, value)
    return result


def test_a_terminal_that_goes_ends_the_program(tmp_path, record_property):
    found = tried("ours", 6, tmp_path, record_property)
    assert found.lost == 0, found.told


@pytest.mark.long
def test_a_terminal_that_goes_ends_the_program_in_many_tries_too(tmp_path, record_property):
    found = tried("ours", 500, tmp_path, record_property)
    assert found.lost == 0, found.told


@pytest.mark.parametrize(("program"), ["stock", pytest.param("hasty", marks=pytest.mark.long)])
def test_a_program_that_is_known_to_hang_or_to_lose_is_caught(program, tmp_path, record_property):
    found = tried(program, 60, tmp_path, record_property, enough=1 if program == "stock" else 3)
    assert found.lost, "the harness is content with a program that hangs, or loses what was typed"
