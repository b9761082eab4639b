"""The insights about a customer, each with its explanation; enter opens the report behind it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets.option_list import Option

from archive.analysis.about import Insight
from archive.text import N_, _
from archive.ui.error_guard import on
from archive.ui.messages import ReportWanted
from archive.ui.safe_text import template
from archive.ui.screens.dialogs import Choices, Question, widest_of
from archive.ui.widgets.option_list import OptionList

READABLE = 110  # cells of a line of prose


class InsightsScreen(Question[None]):
    """The list of insights."""

    KEY_LABELS = {"select": N_("Open report")}

    def __init__(self, insights: Sequence[Insight]) -> None:
        super().__init__(_("Insights"))
        self._insights = insights

    def compose_answer(self) -> ComposeResult:
        yield Choices(
            *(
                Option(
                    template(
                        "[b]$label[/]  $text\n[$foreground 60%]$why[/]\n",
                        label=insight.label,
                        text=insight.text,
                        why=insight.why,
                    )
                )
                for insight in self._insights
            )
        )

    def widest(self) -> int:
        texts = (f"{insight.label}  {insight.text}\n{insight.why}" for insight in self._insights)
        return min(READABLE, widest_of(line for text in texts for line in text.splitlines()))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if self.has_left:  # chosen twice
            return
        self.dismiss(None)
        self.app.post_message(ReportWanted(self._insights[event.option_index].report))
