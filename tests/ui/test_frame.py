"""The frame of a place on narrow screens."""

import pytest
from driving import driven, press, screen_text, until

from archive.ui.widgets.frame import TitleBar


@pytest.mark.parametrize(
    ("size", "stays"),
    [((80, 24), "20 invoices · 7 overdue · 44,414.00 CNY · …"), ((50, 20), "20 invoices · 7 overdue · …")],
)
async def test_a_long_title_detail_is_cut_after_its_first_parts(filled, settings, size, stays):
    async with driven(filled, settings, size) as pilot:
        bar = pilot.app.screen.query_one(TitleBar)
        bar.show(
            "Receivables", "all saved", "20 invoices · 7 overdue · 44,414.00 CNY · 8,992.95 EUR and much more"
        )
        await until(pilot, lambda: stays in bar.render().plain)
        assert len(bar.render().plain) == size[0] - 2


async def test_a_history_without_a_change_draws_no_rule(path, settings):
    async with driven(path, settings, (80, 24)) as pilot:
        await press(pilot, "ctrl+g", "h")
        await until(pilot, lambda: "No changes yet" in screen_text(pilot))
        assert not pilot.app.screen.query_one("#detail").display
