"""The entries of the command palette: what they are called, where they lead, and how well they match a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from textual.app import App
from textual.screen import Screen

from archive.errors import ArchiveError
from archive.model.name_match import Fit, NameMatch
from archive.model.records.customer import Customer, workplace
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.service.setting_lines import setting_lines
from archive.service.views import View, Views
from archive.text import N_, _, fold
from archive.ui.commands import commands_of
from archive.ui.host import AppServices
from archive.ui.messages import CustomerWanted, ReportWanted
from archive.ui.navigation import PLACES

Owner = Screen[Any] | App[Any]
LEAVING = ("back", "leave")
RECENT, PLACE, COMMAND, CUSTOMER, REPORT, VIEW, SETTING = (
    N_("Pinned and recent customers"),
    N_("Places"),
    N_("Commands"),
    N_("Customers"),
    N_("Reports"),
    N_("Views"),
    N_("Settings"),
)
ORDER = (RECENT, PLACE, COMMAND, CUSTOMER, REPORT, VIEW, SETTING)
MOST_RECENT = 5  # recent customers shown, besides the pinned ones
MOST_FOUND = 8  # customers shown for a text


@dataclass(frozen=True, eq=False)
class Entry:
    """Something that enter runs."""

    section: str
    name: str
    run: Callable[[], object]
    key: str = ""
    note: str = ""
    help: str = ""  # its words find it if no name matches
    is_destructive: bool = False
    leaves: bool = False

    def is_armed(self, query: str) -> bool:
        """Return whether enter may run it: a destructive command only by its full name."""
        return not self.is_destructive or fold(self.name) == query

    def explains(self, query: str) -> bool:
        """Return whether each typed word begins a word of the help text."""
        words = fold(self.help).replace(",", " ").split()
        return all(any(word.startswith(part) for word in words) for part in query.split())


def commands(owners: Sequence[Owner]) -> Iterator[Entry]:
    """List the available commands. Commands that write have no help text, so they are found only by name."""
    for owner in owners:
        for action, declared, text in commands_of(type(owner)):
            if owner.check_action(action, ()):
                yield Entry(
                    COMMAND,
                    _(declared.label),
                    partial(owner.run_action, action),
                    declared.key_shown(),
                    _(text),
                    "" if declared.writes else _(text),
                    declared.destructive,
                    action in LEAVING,
                )


def places(app: App[Any]) -> Iterator[Entry]:
    """List the places with their keys."""
    for name, place in PLACES.items():
        yield Entry(PLACE, place.title, partial(_services(app).go_to, name), f"ctrl+g {place.letter}")


def reports(app: App[Any]) -> Iterator[Entry]:
    """List the reports. Slow on the first call."""
    from archive.analysis.request import reports as declared  # imports every report

    for name, report in declared().items():
        spec = report.declared
        note, wanted = _(spec.question), ReportWanted(name)
        yield Entry(REPORT, _(spec.title), partial(app.post_message, wanted), f"ctrl+g a {spec.letter}", note)


def views(app: App[Any]) -> Iterator[Entry]:
    """List the saved views of all tables; none if their file cannot be read."""
    try:
        saved = Views()
    except ArchiveError:
        return
    for table, cls in TABLES.items():
        for name, view in saved.of(table).items():
            note = " · ".join(filter(None, [_(cls.LABEL), view.query]))
            yield Entry(VIEW, name, partial(go_to_view, app, table, view), note=note)


def go_to_view(app: App[Any], table: str, view: View) -> None:
    """Go to a table and apply a view."""
    app.run_worker(_show_view(app, table, view), group="view", exit_on_error=False)


async def _show_view(app: App[Any], table: str, view: View) -> None:
    """Go to a table and apply a view; profiles in front of the table are closed."""
    from archive.ui.screens.browser import BrowserScreen
    from archive.ui.screens.profile import ProfileScreen

    await app.switch_mode(table)
    while isinstance(app.screen, ProfileScreen):
        await app.pop_screen()
    if isinstance(app.screen, BrowserScreen):
        app.screen.call_after_refresh(app.screen.show_view, view)


def settings(app: App[Any]) -> Iterator[Entry]:
    """List the personal settings and those of the archive."""
    services = _services(app)
    for key, line in setting_lines(services.archive, services.settings).items():
        yield Entry(SETTING, line.label, partial(services.go_to_setting, key))


def customers(app: App[Any], archive: Archive, uids: Sequence[str], section: str) -> Iterator[Entry]:
    """List customers, without deleted and unreadable ones."""
    pinned = _services(app).recent.now.pinned
    for uid in uids:
        try:
            customer = archive.get(Customer, uid)
        except ArchiveError:
            continue
        note = " · ".join(filter(None, [customer.code, workplace(customer, archive.ctx)]))
        star = "★" if uid in pinned else ""
        wanted = CustomerWanted(uid, [uid])
        yield Entry(section, customer.full_name, partial(app.post_message, wanted), star, note)


def recent_uids(app: App[Any], but: str) -> list[str]:
    """Return the pinned customers, then the ones opened last, without the customer on the screen."""
    now, has = _services(app).recent.now, partial(_services(app).archive.has, "customers")
    opened = [uid for uid in now.opened if uid != but and uid not in now.pinned and has(uid)]
    return [*(uid for uid in now.pinned if uid != but), *opened[:MOST_RECENT]]


def _services(app: App[Any]) -> AppServices:
    return cast(AppServices, app)


Sections = list[tuple[str, list[Entry]]]


def found(entries: Sequence[Entry], text: str, of_customers: Sequence[Entry]) -> Sections:
    """Return the matching entries by section, the section with the best match first.

    Letters inside a word match last, and letters scattered in a name never do. If no name matches, commands are found
    by the words of their help text. Destructive commands whose name is not typed in full come last.

    Args:
        entries: The entries to match.
        text: The typed text.
        of_customers: The customers that match, best first.
    """
    match = NameMatch(text)
    ranked = [(match.fit(fold(entry.name)), entry) for entry in entries]
    named = [(fit, entry) for fit, entry in ranked if fit <= Fit.INSIDE]
    named += [(min(match.fit(fold(entry.name)), Fit.PARTLY), entry) for entry in of_customers]
    if not named:
        named = [(Fit.NOT, entry) for entry in entries if entry.help and entry.explains(match.text)]
    by_section: dict[str, list[tuple[bool, Fit, Entry]]] = {}
    for fit, entry in named:
        by_section.setdefault(entry.section, []).append((not entry.is_armed(match.text), fit, entry))
    for hits in by_section.values():
        hits.sort(key=lambda hit: hit[:2])
    in_order = sorted(by_section.items(), key=lambda item: (*item[1][0][:2], ORDER.index(item[0])))
    return [(section, [entry for _is_unarmed, _fit, entry in hits]) for section, hits in in_order]
