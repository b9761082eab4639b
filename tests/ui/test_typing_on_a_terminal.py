"""All keys sent by a real terminal arrive, even if they are faster than the screens open."""

import sys

import pytest

from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.service.archive import Archive
from archive.service.drafts import Drafts

if sys.platform == "win32":
    pytest.skip("needs a pseudo terminal", allow_module_level=True)

from terminals import Terminal


@pytest.fixture
def program(filled):
    """The program in a terminal, with its table shown."""
    terminal = Terminal(["-m", "archive", str(filled)])
    terminal.until("Marta")
    yield terminal
    terminal.close()


def read(path, settings):
    return Archive.open(path, settings, write=False)


def test_a_form_is_filled_saved_and_left_in_one_burst(program, filled, settings):
    program.type("nNew Name\x13")
    program.until("New customer: New Name")
    program.type("q")
    assert program.ended() == 0
    assert read(filled, settings).find(Customer, "New Name")


def test_pastes_and_keys_keep_their_order(program, filled, settings):
    program.type("n\x1b[200~Pasted\x1b[201~ P\x1b[200~at\x1b[201~\x13")
    program.until("New customer: Pasted Pat")
    program.type("q")
    assert program.ended() == 0
    assert read(filled, settings).find(Customer, "Pasted Pat")


def test_search_and_enter_in_one_burst(program, filled, settings):
    program.type("/marta\rlcall 10m price talk\r")
    program.until("New activity: Marta Smith")
    program.type("qq")
    assert program.ended() == 0
    archive = read(filled, settings)
    assert [call.minutes for call in archive.of_customer(Interaction, "c-smith")] == [10]


def test_a_palette_query_without_a_match_runs_nothing(program, filled, settings):
    program.type("/marta\r\x10weather\r")
    program.until("Nothing is called")
    program.type("\x1b")
    program.until("Summary")
    program.type("\x11")
    assert program.ended() == 0
    assert read(filled, settings).count("customers") == 4


def test_a_place_and_two_letters_in_one_burst(program, filled):
    program.type("\x07tt\x07h")
    program.until("History")
    program.type("qq")
    assert program.ended() == 0


def test_keys_typed_after_resuming_a_draft_are_in_it_at_once(program, filled):
    program.type("nAnn\r030 5550 147\x11")
    assert program.ended() == 0
    again = Terminal(["-m", "archive", str(filled)])
    try:
        again.until("Resume draft")
        again.type("\r5550 149")
        again.wait(lambda: "5550 149" in str([draft.texts for draft in Drafts(filled).all()]))
        again.type("\x11")
        assert again.ended() == 0
    finally:
        again.close()
    assert [draft.texts["full_name"] for draft in Drafts(filled).all()] == ["Ann"]
