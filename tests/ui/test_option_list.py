"""An option list ignores clicks on options that have been replaced."""

import pytest
from rich.style import Style
from textual import events
from textual.app import App
from textual.widgets.option_list import Option

from archive.ui.widgets.field_list import FieldList
from archive.ui.widgets.option_list import OptionList


def click(widget, option: int) -> events.Click:
    """Return a click on an option as drawn, not bubbling, because the screen would look up the current option."""
    event = events.Click(
        widget, 1, 1, 0, 0, 1, False, False, False, 1, 1, style=Style(meta={"option": option})
    )
    event.bubble = False
    return event


@pytest.mark.parametrize("kind", [OptionList, FieldList])
@pytest.mark.parametrize(("left", "clicked"), [(0, 0), (0, 3), (2, 2), (2, 4)])
async def test_a_click_on_an_option_that_was_replaced_does_nothing(kind, left, clicked):
    chosen = []

    class Listed(App[None]):
        def compose(self):
            yield kind(*(Option(f"{n}", id=f"{n}") for n in range(5)))

        def on_option_list_option_selected(self, event):
            chosen.append(event.option.id)

    async with Listed().run_test() as pilot:
        listed = pilot.app.query_one(kind)
        listed.post_message(click(listed, 1))
        await pilot.pause()
        assert chosen == ["1"]
        listed.clear_options()
        listed.add_options([Option(f"new {n}", id=f"new-{n}") for n in range(left)])
        listed.post_message(click(listed, clicked))
        await pilot.pause()
        assert chosen == ["1"]


@pytest.mark.parametrize(("index", "is_there"), [(1, True), (4, False)])
async def test_a_selection_counts_only_if_its_option_is_still_there(index, is_there):
    listed = OptionList(*(Option(f"{n}") for n in range(5)))
    event = OptionList.OptionSelected(listed, listed.options[index], index)
    assert listed.still_shows(event)
    kept = listed.options[:2]
    listed.clear_options()
    listed.add_options(kept)
    assert listed.still_shows(event) == is_there
    listed.clear_options()
    listed.add_options([Option(f"new {n}") for n in range(5)])
    assert not listed.still_shows(event)
