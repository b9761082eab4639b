"""A paste that is too large is refused with a message in every input."""

from driving import driven, enter_field, focused, press, screen_text, settled, until
from textual.events import Paste
from textual.widgets import TextArea


async def paste(pilot, text):
    """Paste as a terminal does."""
    pilot.app.post_message(Paste(text))
    await settled(pilot)


async def test_a_huge_paste_into_a_line_is_refused_with_a_message(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann")
        await paste(pilot, "y" * 1_000_000)
        await until(pilot, lambda: "Nothing was pasted" in screen_text(pilot))
        assert focused(pilot).value == "Ann"
        await paste(pilot, " Bell\nfrom\x1b[2J Bonn")
        await until(pilot, lambda: focused(pilot).value == "Ann Bell from␛[2J Bonn")
        await press(pilot, "home", "shift+end")
        await paste(pilot, "Bob")
        await until(pilot, lambda: focused(pilot).value == "Bob")


async def test_a_huge_paste_into_a_text_area_is_refused_with_a_message(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "4", "e")
        await enter_field(pilot, "background")
        area = pilot.app.focused
        assert isinstance(area, TextArea)
        await paste(pilot, "y" * 1_000_000)
        await until(pilot, lambda: "Nothing was pasted" in screen_text(pilot))
        assert area.text == "Met at the fair.\nLikes short calls."
        await paste(pilot, "\nThird\x07 line")
        await until(pilot, lambda: area.text.endswith("calls.\nThird␇ line"))
        await press(pilot, "tab")
        assert not area.has_focus


async def test_a_huge_paste_is_refused_in_every_input(filled, settings):
    async with driven(filled, settings) as pilot:
        for keys, back in [(["slash"], ["escape"]), (["l"], ["escape"]), (["X"], ["escape"])]:
            pilot.app.clear_notifications()
            await press(pilot, *keys)
            await paste(pilot, "y" * 1_000_000)
            await until(pilot, lambda: "Nothing was pasted" in screen_text(pilot))
            assert focused(pilot).value == ""
            await press(pilot, *back)
