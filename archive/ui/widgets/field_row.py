"""One field of a form: its label, its editor, and a message with the interpreted value or an error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
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

from archive.model.field_types.base import Context, Ref
from archive.model.field_types.links import Links
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Choice, Flag, Link
from archive.model.fields import Field, Item
from archive.service.link_creation import can_create
from archive.service.reading import Reading, hint_for, read_text
from archive.text import N_, _
from archive.ui.error_guard import ShowsErrors, on
from archive.ui.safe_text import LABEL_WIDTH, fit, template
from archive.ui.widgets.choices import choices_beside
from archive.ui.widgets.inputs import ChoiceInput, Known, LongInput, ValueInput

NARROW = 66  # below this width the label is above its editor, as in app.tcss


@dataclass(frozen=True)
class Surroundings:
    """The environment of a field: the context for parsing, the form for parts of a list, and completions."""

    ctx: Callable[[], Context]
    part_form: PartForm
    known: Known | None = None
    matches: MatchList | None = None
    create: Create | None = None
    is_alone: bool = False
    """Whether the field is the only one on the screen, so that a list may grow while it is typed."""


# Takes the type of a link, or of a list of links, and the text typed. Returns a screen that yields the text for the
# chosen records, or None if no record matches.
MatchList = Callable[[Link | Links, str], Screen[str] | None]
# Takes a link field and a name. Saves a record with that name and returns the text of the link, or None if it fails.
Create = Callable[[Field, str], Awaitable[str | None]]
# Takes the type of a list, the part (None for a new one) and its environment. Returns a screen that yields the edited
# part.
PartForm = Callable[[ListOf[Item], Item | None, Surroundings], Screen[Item]]


class FieldRow(ShowsErrors, Widget):
    """A label, an editor below or beside it, and a message. Subclasses provide the editor."""

    message: reactive[str] = reactive("")
    wrong: reactive[bool] = reactive(False)

    @dataclass
    class Changed(Message):
        """The content of the field was edited."""

        row: FieldRow

    @dataclass
    class Noted(Message):
        """The message about the focused field."""

        row: FieldRow
        text: str
        wrong: bool

    def __init__(self, field: Field, around: Surroundings) -> None:
        super().__init__(classes=f"-{field.type.name.replace(' ', '-')}")
        self.field = field
        self.around = around
        self._was_changed = False
        self.began: Any = None  # content of the editor when the form opened

    # To be implemented by subclasses

    @property
    def editor(self) -> Widget:
        """The widget that receives the focus."""
        raise AssertionError

    @property
    def typed(self) -> Any:
        """The content of the editor, in a form that can be stored as JSON in a draft."""
        raise AssertionError

    def read(self) -> Reading:
        """Parse the content of the editor; the result has a value or an error."""
        raise AssertionError

    def fill(self, content: Any) -> None:
        """Set the content of the editor, from a draft."""
        raise AssertionError

    # Common to all fields

    @property
    def changed(self) -> bool:
        """Whether the content has changed since the form opened."""
        return bool(self.typed != self.began)

    def on_mount(self) -> None:
        if self.is_attached:  # a row mounted during shutdown has no editor
            self.began = self.typed

    def render(self) -> RenderResult:
        star = " *" if self.field.required else ""
        above = self.size.width < NARROW
        label = fit(self.field.title + star, LABEL_WIDTH, "left" if above else "right")
        editor = 0 if above else self._editor_width()
        room = max(0, self.size.width - editor - LABEL_WIDTH - 4)
        gap = " " * (editor + 4)
        return Content.assemble(
            template("$label", label=label).stylize("$foreground 60%"), gap, self.beside(room)
        )

    def beside(self, room: int) -> Content:
        """Return what is shown beside the editor: an error, or the interpreted value."""
        if not self.message:
            return Content()
        tone, mark = ("[$text-error]", "! ") if self.wrong else ("[$foreground 60%]", "")
        return template(f"{tone}$note[/]", note=fit(mark + self.message, room).rstrip())

    def _editor_width(self) -> int:
        return self.children[0].size.width if self.children else 0

    def note(self, *, left: bool) -> None:
        """Show the interpreted value; show an error only once the field is `left`, not at every letter."""
        reading = self.read()
        if reading.error:
            self.wrong = left
            self.message = reading.error if left else ""
        else:
            self.wrong = False
            self.message = reading.understood
        self.post_message(self.Noted(self, self.message or hint_for(self.field), self.wrong))

    def handle_edit(self) -> None:
        """Handle an edit. Ignore the event that an input also posts when it is first filled."""
        if self.changed or self._was_changed:
            self._was_changed = True
            self.note(left=False)
            self.post_message(self.Changed(self))

    def complain(self, sentence: str) -> None:
        """Show why the form could not be saved."""
        self.wrong, self.message = True, sentence
        self.post_message(self.Noted(self, sentence, True))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        words = self.message or hint_for(self.field)
        self.post_message(self.Noted(self, words, self.wrong))
        self.refresh()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self.refresh()
        if self.changed:
            self.note(left=True)

    def enter(self) -> None:
        """Focus the editor at once; `focus` would do it a few messages later, after the next key."""
        self.screen.set_focus(self.editor)


class LineRow(FieldRow):
    """A field edited on one line. A link offers matching records."""

    BINDINGS = [
        Binding("f3", "matches", N_("Similar"), id="link.matches"),
        Binding("f3", "members", N_("From a view"), id="links.members"),
        Binding("f6", "create", N_("Create"), id="link.create"),
    ]

    def __init__(self, field: Field, around: Surroundings, value: Any) -> None:
        super().__init__(field, around)
        self._text = "" if value is None else field.type.edit(value, around.ctx())

    def compose(self) -> ComposeResult:
        picks = isinstance(self.field.type, Choice | Flag)
        of_an_import = "." in self.field.key  # an extra column, for which the archive has no completions
        completions = None if picks or of_an_import else self.around.known
        yield (ChoiceInput if picks else ValueInput)(self.field, self._text, completions)

    def beside(self, room: int) -> Content:
        """Return the choices while the field is focused, the chosen one marked."""
        editor = next(iter(self.query(Input)), None)
        if self.wrong or not isinstance(editor, ChoiceInput) or not editor.has_focus:
            return super().beside(room)
        value = self.read().value
        now = self.field.type.show(value, self.around.ctx()) if value else ""
        return choices_beside([label for label in editor.labels() if label], now, room)

    @property
    def editor(self) -> Widget:
        return self.query_one(Input)

    @property
    def typed(self) -> str:
        return self.query_one(Input).value

    def fill(self, content: Any) -> None:
        self.query_one(Input).value = str(content)

    def read(self) -> Reading:
        return read_text(self.field, self.typed, self.around.ctx())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable each choice for its kind of link, and the creation of a record only for a name that is not linked."""
        if action == "create":
            return self._can_create()
        kind = {"matches": Link, "members": Links}.get(action)
        return kind is None or (isinstance(self.field.type, kind) and self.around.matches is not None)

    def action_members(self) -> None:
        """Add the customers of a saved view or a search."""
        assert isinstance(self.field.type, Links)
        assert self.around.matches
        screen = self.around.matches(self.field.type, self.typed)
        if screen:
            self.app.push_screen(screen, self._choose)

    def _can_create(self) -> bool:
        if self.around.create is None or not can_create(self.field) or not self.query(Input):
            return False
        value = self.read().value
        return isinstance(value, Ref) and bool(value.name) and not value.uid

    async def action_create(self) -> None:
        """Create the record that the text names, and link it."""
        assert self.around.create
        self._choose(await self.around.create(self.field, self.typed))

    def action_matches(self) -> None:
        """Choose one of the matching records."""
        assert isinstance(self.field.type, Link)
        assert self.around.matches
        screen = self.around.matches(self.field.type, self.typed)
        if screen:
            self.app.push_screen(screen, self._choose)
        else:
            self.post_message(self.Noted(self, _("There are no similar names."), True))

    def _choose(self, text: str | None) -> None:
        if text is not None:
            self.query_one(Input).value = text
            self.enter()

    @on(Input.Changed)
    def _input_changed(self) -> None:
        if self.began is not None and self.is_attached:
            self.handle_edit()
            if isinstance(self.field.type, Link):
                self.refresh_bindings()
            elif isinstance(self.field.type, Choice | Flag):
                self.refresh()


class LongRow(FieldRow):
    """A field with several lines."""

    def __init__(self, field: Field, around: Surroundings, value: str) -> None:
        super().__init__(field, around)
        self._text = value

    def compose(self) -> ComposeResult:
        yield LongInput(self.field, self._text)

    @property
    def editor(self) -> Widget:
        return self.query_one(TextArea)

    @property
    def typed(self) -> str:
        return self.query_one(TextArea).text

    def fill(self, content: Any) -> None:
        self.query_one(TextArea).text = str(content)

    def read(self) -> Reading:
        return read_text(self.field, self.typed, self.around.ctx())._replace(understood="")

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        if self.began is not None:
            self.handle_edit()
