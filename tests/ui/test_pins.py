"""Pinned customers have a star and are kept for the next start, as are the customers opened last."""

from driving import SMITH, app_of, driven, press, shown, status, title, until

from archive.service.archive import Archive
from archive.service.recent import Recent, read_recent, recent_path


async def test_a_pinned_customer_has_a_star_until_it_is_unpinned(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "j", "P")
        assert status(pilot) == "Pinned José Rossi."
        assert shown(pilot)[1] == "★ José Rossi"
        await press(pilot, "j", "enter", "P")
        assert title(pilot).startswith("★ Marta Smith")
        await press(pilot, "escape")
        assert shown(pilot)[2] == "★ Marta Smith"
        await press(pilot, "k", "P")
        assert status(pilot) == "Unpinned José Rossi."
        assert shown(pilot)[1] == "José Rossi"
    assert read_recent(filled) == Recent(("c-smith",), ("c-smith",))
    async with driven(filled, settings, (120, 40)) as pilot:
        assert shown(pilot)[2] == "★ Marta Smith"


async def test_neither_the_demo_nor_a_read_only_archive_writes_the_file(filled, settings):
    async with driven(filled, settings, demo=True) as pilot:
        await press(pilot, "P", *SMITH, "P")
        assert len(app_of(pilot).recent.now.pinned) == 2
    writer = Archive.open(filled, settings)
    async with driven(filled, settings) as pilot:
        await press(pilot, "P", *SMITH, "escape")
        assert app_of(pilot).recent.now == Recent(("c-smith",))
    writer.close()
    assert not recent_path(filled).exists()


async def test_recent_customers_that_cannot_be_written_disturb_nobody_but_a_pin_reports_it(filled, settings):
    recent_path(filled).mkdir()
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        assert not pilot.app._notifications
        await press(pilot, "P")
        (told,) = await until(pilot, lambda: list(app_of(pilot)._notifications))
        assert recent_path(filled).name in told.title
