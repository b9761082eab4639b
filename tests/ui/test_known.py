"""Insights on the card and in the profile of a customer."""

import pytest
from driving import SMITH, driven, press, screen_text, settled, until

from archive.ui.screens.insights_dialog import InsightsScreen
from archive.ui.screens.profile import ProfileScreen


async def known(pilot) -> list[str]:
    """Wait for the insights, and return their labels."""
    screen = pilot.app.screen
    assert isinstance(screen, ProfileScreen)
    return await until(pilot, lambda: [line.label for line in screen.insights])


@pytest.mark.usefixtures("insights_soon")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_profile_shows_insights_and_w_explains_them(filled, settings, size) -> None:
    async with driven(filled, settings, size=size) as pilot:
        await press(pilot, *SMITH)
        labels = await known(pilot)
        await press(pilot, "W")
        assert isinstance(pilot.app.screen, InsightsScreen)
        text = screen_text(pilot)
        assert all(label in text for label in labels)
        await press(pilot, "enter")
        await settled(pilot)
        assert type(pilot.app.screen).__name__ == "ReportScreen"


@pytest.mark.usefixtures("insights_soon")
async def test_the_card_shows_insights(filled, settings) -> None:
    async with driven(filled, settings, size=(120, 40)) as pilot:
        await press(pilot, "j", "j")
        await until(pilot, lambda: "Revenue share 100.0 %" in " ".join(screen_text(pilot).split()))


async def test_the_selected_field_stays_in_view_when_insights_appear_above(filled, settings) -> None:
    async with driven(filled, settings, size=(100, 30)) as pilot:
        await press(pilot, *SMITH, "G")
        assert "Old system no." in screen_text(pilot)
        pilot.app.insights._look()
        await until(pilot, lambda: "(rank 1 of 1, class A)" in screen_text(pilot))
        await settled(pilot)
        assert "Old system no." in screen_text(pilot)
