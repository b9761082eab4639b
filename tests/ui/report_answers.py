"""Replace all reports of the program by a fake report, open it, and read the questions it received."""

from dataclasses import replace

from driving import press, settled, until
from reported import REPORT

from archive.analysis import request
from archive.analysis.report import Report
from archive.analysis.request import Module, Option, ReportSpec
from archive.ui.screens.report import ReportScreen
from archive.ui.screens.report_table import SectionTable

DECLARED = ReportSpec(
    name="fulfilment",
    title="Contract fulfilment",
    question="Are contracts kept?",
    letter="f",
    place=1,
    figures=(),
    options=(
        Option("model", "Which model", "a", {"a": "the plain one", "b": "the other"}),
        Option("share", "Share unhappy", "0.25"),
    ),
    groups=True,
)


class Answers:
    """A fake report that records the questions it receives."""

    def __init__(self, answer: Report = REPORT) -> None:
        self.answer = answer
        self.requests = []

    def run(self, data, request) -> Report:
        self.requests.append(request)
        return replace(self.answer, as_of=request.as_of, start=request.start, end=request.end)

    @property
    def last(self):
        return self.requests[-1]


def declare(monkeypatch, answers, **more) -> None:
    """Make this fake report the only report of the program."""
    modules = {DECLARED.name: Module(replace(DECLARED, **more), answers.run)}
    monkeypatch.setattr(request, "reports", lambda: modules)


async def opened(pilot) -> ReportScreen:
    """Open the screen of the report, and wait for its first result."""
    screen = ReportScreen(DECLARED.name)
    await pilot.app.push_screen(screen)
    await settled(pilot)
    await until(pilot, lambda: screen.shown is not None and not screen.is_working)
    return screen


def period(answers):
    """Return start, end and as-of day of the last question."""
    return answers.last.start, answers.last.end, answers.last.as_of


async def to_table(pilot, key="due") -> SectionTable:
    """Press tab until the cursor is in the table with this key."""
    for _press in range(9):
        focused = pilot.app.focused
        if isinstance(focused, SectionTable) and focused.section.key == key:
            return focused
        await press(pilot, "tab")
    raise AssertionError(f"tab does not reach {key}")
