"""What a change of many records would do: counts, examples and reasons; enter applies it as one change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from archive.errors import ArchiveError
from archive.service.bulk_change import EXAMPLES, Applied, BulkChange, Plan
from archive.service.progress import Progress, Stopped
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.safe_text import plain, template
from archive.ui.screens.dialogs import Question
from archive.ui.widgets.frame import DOT

PATIENCE = 0.3  # seconds after which progress is shown


def _can_apply(screen: BulkPreviewScreen) -> bool:
    return bool(screen.plan and screen.plan.edits)


def _can_widen(screen: BulkPreviewScreen) -> bool:
    return bool(screen.plan and (screen.plan.optional or screen.is_wide) and not screen.is_applying)


class Preview(VerticalScroll, can_focus=True):
    """The lines of the preview, which scroll."""

    BINDINGS = [Binding("j", "scroll_down", show=False), Binding("k", "scroll_up", show=False)]


class BulkPreviewScreen(Question[Applied]):
    """The preview of a change. Returns the result once it was applied."""

    DEFAULT_CSS = """
    BulkPreviewScreen > #box { width: 90; }
    BulkPreviewScreen Preview { height: auto; max-height: 70vh; scrollbar-size-vertical: 1; }
    BulkPreviewScreen #lines { height: auto; }
    """

    @dataclass
    class Planned(Message):
        """The plan is ready, or could not be made."""

        change: BulkChange
        plan: Plan | None
        error: str = ""

    @dataclass
    class Done(Message):
        """The change was applied; `result` is None if it failed or was stopped."""

        result: Applied | None
        error: ArchiveError | None = None

    def __init__(self, title: str, change: BulkChange) -> None:
        super().__init__(title)
        self.change = change
        self.plan: Plan | None = None
        self.is_applying = False
        self.is_wide = False  # whether customers who must not be contacted are included
        self._progress = Progress()
        self._is_slow = False

    def compose_answer(self) -> ComposeResult:
        with Preview():
            yield Static(id="lines")

    def on_mount(self) -> None:
        self.query_one(Preview).focus()
        self._begin(self.change)

    @property
    def is_working(self) -> bool:
        """Whether keys wait: for work that ends within a moment, so that keys can be typed ahead."""
        return (self.plan is None or self.is_applying) and not self._is_slow

    def _begin(self, change: BulkChange) -> None:
        self.change, self.plan = change, None
        self._begin_work()
        self._make_plan(change, self._progress)

    def _begin_work(self) -> None:
        self._progress, self._is_slow = Progress(), False
        self.set_timer(PATIENCE, self._show_progress)

    @work(thread=True, group="plan", exit_on_error=False)
    def _make_plan(self, change: BulkChange, progress: Progress) -> None:
        try:
            self.post_message(self.Planned(change, change.plan(self.archive, progress)))
        except ArchiveError as error:
            self.post_message(self.Planned(change, Plan(), str(error)))
        except Stopped:
            pass

    def on_bulk_preview_screen_planned(self, message: Planned) -> None:
        if message.change is self.change:
            self.plan = message.plan
            error = template("[$text-error]! $error[/]", error=message.error)
            self._show(error if message.error else plan_lines(message.plan or Plan()))
            self.refresh_bindings()

    def _show(self, lines: Content) -> None:
        self.query_one("#lines", Static).update(lines)

    def _show_progress(self) -> None:
        if self.plan is None or self.is_applying:
            self._is_slow = True
            self.set_timer(PATIENCE, self._show_progress)
            words = _("Applying … {percent} %") if self.is_applying else _("Calculating … {percent} %")
            self._show(plain(words.format(percent=round(100 * self._progress.share))))

    @command("enter,ctrl+s,f2", N_("Apply"), footer=True, when=_can_apply)
    def action_apply(self) -> None:
        """Apply the change. u undoes it."""
        if self.plan and not self.is_applying:
            self.is_applying = True
            self._begin_work()
            self._apply(self.plan, self._progress)

    @work(thread=True, group="plan", exit_on_error=False)
    def _apply(self, plan: Plan, progress: Progress) -> None:
        try:
            self.post_message(self.Done(self.change.apply(self.archive, plan, progress)))
        except ArchiveError as error:
            self.post_message(self.Done(None, error))
        except Stopped:
            self.post_message(self.Done(None))

    def on_bulk_preview_screen_done(self, message: Done) -> None:
        self.is_applying = False
        if message.result is not None:
            self.dismiss(message.result)
            return
        if message.error:
            self.owner.show_error(message.error)
        self._begin(self.change)

    @command("i", N_("Include or leave out"), footer=True, when=_can_widen)
    def action_include(self) -> None:
        """Include the customers who must not be contacted, or leave them out again."""
        wider = self.change.widened()
        if wider:
            self.is_wide = not self.is_wide
            self._begin(wider)

    @command("escape", N_("Cancel"), footer=True)
    def action_cancel(self) -> None:
        """Stop the work, or go back without changing anything."""
        self._progress.stop()
        if not self.is_applying:
            self.dismiss(None)


def plan_lines(plan: Plan) -> Content:
    """Return counts, examples, reasons and notes as lines."""
    lines = [counts_line(plan), Content()]
    for edit in plan.edits[:EXAMPLES]:
        value = (
            template("  [$foreground 60%]$old[/] [$text-accent]->[/] $new", old=edit.old, new=edit.new)
            if edit.old or edit.new
            else Content()
        )
        lines.append(Content.assemble(template("  $name", name=edit.name), value))
    more = len(plan.edits) - EXAMPLES
    if more > 0:
        words = plural("and {n} more", "and {n} more", more)
        lines.append(template("  [$foreground 60%]$words[/]", words=words))
    reasons = Counter(refusal.why for refusal in plan.refusals)
    for why, count in reasons.most_common(EXAMPLES):
        first = next(refusal.name for refusal in plan.refusals if refusal.why == why)
        who = first if count == 1 else _("{n}, such as {name}").format(n=count, name=first)
        lines.append(template("[$text-warning]![/] $who: $why", who=who, why=why))
    lines += [plain(note) for note in plan.notes]
    return Content("\n").join(lines)


def counts_line(plan: Plan) -> Content:
    """Return the counts: "11 to change · 2 unchanged · 1 cannot be changed"."""
    counts = [
        (len(plan.edits), _("{n} to add") if plan.adds else _("{n} to change")),
        (plan.same, _("{n} already included") if plan.adds else _("{n} unchanged")),
        (len(plan.refusals), _("{n} cannot be added") if plan.adds else _("{n} cannot be changed")),
        (plan.optional, _("{n} left out")),
    ]
    shown = [
        words.format(n=f"{count:,}") for place, (count, words) in enumerate(counts) if count or not place
    ]
    return template("[b]$words[/b]", words=DOT.join(shown))
