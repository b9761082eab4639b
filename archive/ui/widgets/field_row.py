"""One field of a form: its label, its input, and beside it what was understood or what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from archive.model.fields import Context, Fact, Item
from archive.model.kinds import Choice, Flag, Link
from archive.model.lists import ListOf
from archive.service.reading import Reading, hint_for, read_text
from archive.text import N_, _
from archive.ui.error_guard import ShowsErrors, on
from archive.ui.plain import fit, template
from archive.ui.widgets.inputs import ChoiceInput, Known, LongInput, ValueInput

LABEL_WIDTH = 20
NARROW = 66  # below this the label stands above its editor, as app.tcss has it


@dataclass(frozen=True)
class Surroundings:
    """What a field needs: how values are read, the form of a list's part, and what is known for completion."""

    ctx: Callable[[], Context]
    part_form: PartForm
    known: Known | None = None
    matches: MatchList | None = None


# Given a link's kind and what was typed: the screen that gives the text for the chosen record, None if none matches.
MatchList = Callable[[Link, str], Screen[str] | None]
# Given a list's kind, the part or None for a new one, and its surroundings: the screen that gives the edited part.
PartForm = Callable[[ListOf[Item], Item | None, Surroundings], Screen[Item]]


class FieldRow(ShowsErrors, Widget):
    """A label, an editor below or beside it, a message. Subclasses bring the editor."""

    message: reactive[str] = reactive("")
    wrong: reactive[bool] = reactive(False)

    @dataclass
    class Changed(Message):
        """Something was typed into the field."""

        row: FieldRow

    @dataclass
    class Noted(Message):
        """What there is to say about the field in which one is."""

        row: FieldRow
        text: str
        wrong: bool

    def __init__(self, fact: Fact, around: Surroundings) -> None:
        super().__init__(classes=f"-{fact.kind.name.replace(' ', '-')}")
        self.fact = fact
        self.around = around
        self._was_changed = False
        self.began: Any = None  # what the editor held when the form opened

    # What subclasses bring

    @property
    def editor(self) -> Widget:
        """The widget that gets the focus."""
        raise AssertionError

    @property
    def typed(self) -> Any:
        """What stands in the editor, as JSON can keep it in a draft."""
        raise AssertionError

    def read(self) -> Reading:
        """The value that stands in the editor, or why there is none."""
        raise AssertionError

    def fill(self, typed: Any) -> None:
        """Put a draft's content into the editor."""
        raise AssertionError

    # What all have in common

    @property
    def changed(self) -> bool:
        """Whether something else stands in the editor than when the form opened."""
        return bool(self.typed != self.began)

    def on_mount(self) -> None:
        if self.is_attached:  # a row that is mounted while the program ends has no editor
            self.began = self.typed

    def render(self) -> RenderResult:
        star = " *" if self.fact.required else ""
        above = self.size.width < NARROW
        label = fit(self.fact.title + star, LABEL_WIDTH, "left" if above else "right")
        tone = "[$text-error]" if self.wrong else "[$foreground 60%]"
        mark = "! " if self.wrong else ""
        editor = 0 if above else self._editor_width()
        room = max(0, self.size.width - editor - LABEL_WIDTH - 4)
        note = fit(mark + self.message, room).rstrip() if self.message else ""
        gap = " " * (editor + 4)
        return Content.assemble(
            template("$label", label=label).stylize("$foreground 60%"),
            gap,
            template(f"{tone}$note[/]", note=note),
        )

    def _editor_width(self) -> int:
        return self.children[0].size.width if self.children else 0

    def note(self, *, left: bool) -> None:
        """Say what was understood; what is wrong only once the field is `left`, not at every letter."""
        reading = self.read()
        if reading.error:
            self.wrong = left
            self.message = reading.error if left else ""
        else:
            self.wrong = False
            self.message = reading.understood
        self.post_message(self.Noted(self, self.message or hint_for(self.fact), self.wrong))

    def told(self) -> None:
        """Something was typed; an input also says so when it is first filled, and that is nobody's typing."""
        if self.changed or self._was_changed:
            self._was_changed = True
            self.note(left=False)
            self.post_message(self.Changed(self))

    def complain(self, sentence: str) -> None:
        """Show why the form could not be saved."""
        self.wrong, self.message = True, sentence
        self.post_message(self.Noted(self, sentence, True))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        words = self.message or hint_for(self.fact)
        self.post_message(self.Noted(self, words, self.wrong))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        if self.changed:
            self.note(left=True)

    def enter(self) -> None:
        """Put the cursor into the editor. At once: `focus` would do it a few messages later, behind the next key."""
        self.screen.set_focus(self.editor)


class LineRow(FieldRow):
    """A field typed in one line. A link offers the records that may be meant."""

    BINDINGS = [Binding("f3", "matches", N_("Similar"), id="link.matches")]

    def __init__(self, fact: Fact, around: Surroundings, value: Any) -> None:
        super().__init__(fact, around)
        self._text = "" if value is None else fact.kind.edit(value, around.ctx())

    def compose(self) -> ComposeResult:
        picks = isinstance(self.fact.kind, Choice | Flag)
        of_an_import = "." in self.fact.key  # an extra column, of which the archive knows no other values
        known = None if picks or of_an_import else self.around.known
        yield (ChoiceInput if picks else ValueInput)(self.fact, self._text, known)

    @property
    def editor(self) -> Widget:
        return self.query_one(Input)

    @property
    def typed(self) -> str:
        return self.query_one(Input).value

    def fill(self, typed: Any) -> None:
        self.query_one(Input).value = str(typed)

    def read(self) -> Reading:
        return read_text(self.fact, self.typed, self.around.ctx())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a link has records to choose from."""
        return action != "matches" or (isinstance(self.fact.kind, Link) and self.around.matches is not None)

    def action_matches(self) -> None:
        """Choose among the records that may be meant."""
        assert isinstance(self.fact.kind, Link)
        assert self.around.matches
        screen = self.around.matches(self.fact.kind, self.typed)
        if screen:
            self.app.push_screen(screen, self._choose)
        else:
            self.post_message(self.Noted(self, _("Nothing in the archive is called like this."), True))

    def _choose(self, text: str | None) -> None:
        if text is not None:
            self.query_one(Input).value = text
            self.enter()

    @on(Input.Changed)
    def _input_changed(self) -> None:
        if self.began is not None and self.is_attached:
            self.told()


class LongRow(FieldRow):
    """A field of several lines."""

    def __init__(self, fact: Fact, around: Surroundings, value: str) -> None:
        super().__init__(fact, around)
        self._text = value

    def compose(self) -> ComposeResult:
        yield LongInput(self.fact, self._text)

    @property
    def editor(self) -> Widget:
        return self.query_one(TextArea)

    @property
    def typed(self) -> str:
        return self.query_one(TextArea).text

    def fill(self, typed: Any) -> None:
        self.query_one(TextArea).text = str(typed)

    def read(self) -> Reading:
        return read_text(self.fact, self.typed, self.around.ctx())._replace(understood="")

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        if self.began is not None:
            self.told()
