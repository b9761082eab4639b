"""Text that the program sends to the terminal or clipboard cannot control them."""

import base64
import re
import sys

import pytest
from driving import NASTY, driven, enter_field, fill, focused, press, settled, until
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.widgets import TextArea

from archive.model.records.customer import Customer
from archive.text import pasteable
from archive.ui.output_filter import PLAIN

if sys.platform != "win32":
    from terminals import Terminal

BREAKS_OUT = "echo a\x1b[201~\r\nrm -rf ~\n\x9b2J\x07\u202e\u2060"
HARMLESS = "echo a[201~ rm -rf ~ 2J"


@pytest.fixture
def hostile_one(path, settings):
    """A customer whose name and notes would break out of a bracketed paste."""
    return fill(
        path,
        settings,
        [Customer(uid="c-x", kind="person", full_name="Ann\x1b]52;c;eA==\x07\rBell", background=BREAKS_OUT)],
    )


async def test_a_copied_value_is_harmless(hostile_one, settings):
    async with driven(hostile_one, settings) as pilot:
        await press(pilot, "enter", "4")
        fields = pilot.app.screen.query_one("#fields")
        while fields.highlighted_id != "background":
            await press(pilot, "down")
        await press(pilot, "y")
        assert pilot.app.clipboard == HARMLESS


async def test_a_copied_row_is_a_harmless_line_of_cells(hostile_one, settings):
    async with driven(hostile_one, settings) as pilot:
        await press(pilot, "y")
        assert (
            pilot.app.clipboard.startswith("Ann]52;c;eA==Bell\t")
            or "Ann]52;c;eA== Bell" in pilot.app.clipboard
        )
        assert pilot.app.clipboard == pasteable(pilot.app.clipboard)


async def test_text_cut_from_a_line_is_harmless(hostile_one, settings):
    async with driven(hostile_one, settings) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "full_name")
        line = focused(pilot)
        for key in ("ctrl+c", "ctrl+x"):
            line.value = f"a{BREAKS_OUT}"
            await press(pilot, "home", "shift+end", key)
            assert pilot.app.clipboard == f"a{HARMLESS}"
        assert line.value == ""


async def test_text_selected_with_the_mouse_is_harmless(hostile_one, settings, monkeypatch):
    async with driven(hostile_one, settings) as pilot:
        monkeypatch.setattr(type(pilot.app.screen), "get_selected_text", lambda screen: BREAKS_OUT)
        pilot.app.screen.action_copy_text()
        await settled(pilot)
        assert pilot.app.clipboard == HARMLESS


@pytest.mark.parametrize("text", [*NASTY, "\ud800"], ids=range(len(NASTY) + 1))
async def test_any_text_can_be_copied(filled, settings, text):
    async with driven(filled, settings) as pilot:
        pilot.app.copy_to_clipboard(text)
        assert pilot.app.clipboard == pasteable(text)


async def test_a_multi_line_text_keeps_its_lines_between_fields(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "4", "e")
        await enter_field(pilot, "background")
        area = pilot.app.focused
        assert isinstance(area, TextArea)
        area.select_all()
        await press(pilot, "ctrl+x", "ctrl+v", "ctrl+v")
        assert area.text == "Met at the fair.\nLikes short calls." * 2
        assert pilot.app.clipboard == "Met at the fair. Likes short calls."


async def test_pasting_into_a_line_joins_lines_and_refuses_huge_texts(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        pilot.app.copy_to_clipboard("one\ntwo\x1b")
        await enter_field(pilot, "full_name")
        await press(pilot, "ctrl+v")
        assert focused(pilot).value == "one two"
        pilot.app.copy_to_clipboard("y" * 100_000)
        await press(pilot, "ctrl+v")
        assert focused(pilot).value == "one two"


async def test_an_invisible_character_is_not_pasted(filled, settings):
    from textual.events import Paste

    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "full_name")
        pilot.app.post_message(Paste("\u202a+49 228\u2060 5550\u202c\u00ad147"))
        await until(pilot, lambda: focused(pilot).value == "+49 228 5550147")


# The screen


def test_a_hyperlink_from_a_library_does_not_reach_the_terminal():
    link = Style(bold=True, link="https://evil.example/\x1b\\")
    (line,) = PLAIN.apply([Segment("text", link)], Color(0, 0, 0))
    assert line.text == "text"
    assert line.style.link is None
    assert line.style.bold


def test_a_cleaned_line_keeps_its_width():
    hidden = Segment("Ad\u00ada\x1b\u200b\u202e!", None)
    (line,) = PLAIN.apply([hidden], Color(0, 0, 0))
    assert line.cell_length == hidden.cell_length
    assert line.text == "Ad a!"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_the_terminal_gets_no_title_no_link_and_a_harmless_clipboard(hostile_one):
    program = Terminal(["-m", "archive", str(hostile_one)])
    try:
        program.until("Bell")
        program.type("y")
        program.until("Row copied")
        program.type("q")
        assert program.ended() == 0
    finally:
        program.close()
    copied = re.findall(r"\x1b\]52;c;([^\a]*)\a", program.seen)
    assert [base64.b64decode(found).decode() for found in copied] == [
        pasteable(base64.b64decode(found).decode()) for found in copied
    ]
    assert copied
    assert not re.search(r"\x1b\](?:0|1|2|8);", program.seen)
