"""A list of options that may be replaced while the list is on the screen."""

from __future__ import annotations

from textual import events, widgets


class OptionList(widgets.OptionList):
    """Textual's list, which ignores a click on an option that was replaced after the list was drawn.

    The click carries the number of the option that was drawn there; after the options were replaced there may be fewer.
    """

    def on_click(self, event: events.Click) -> None:
        """Ignore a click on an option that was replaced. Textual calls this before its own handler."""
        option = event.style.meta.get("option")
        if option is not None and option >= self.option_count:
            event.prevent_default()
            event.stop()

    def still_shows(self, event: widgets.OptionList.OptionSelected) -> bool:
        """Return whether the selected option is in its place: options may be replaced before the event is handled."""
        return event.option in self.options[event.option_index : event.option_index + 1]
