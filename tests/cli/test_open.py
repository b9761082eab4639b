"""The door to the terminal program."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest

from archive.cli import _open
from archive.errors import ArchiveError, InUse
from archive.settings import Settings


class FakeApp:
    """Stands for the terminal program: remembers what it was opened with."""

    opened: ClassVar[list[tuple[Path, bool]]] = []
    return_code: int | None = 0
    failure: ArchiveError | None = None
    ending = SimpleNamespace(watched=nullcontext, has_begun=False, code=0)

    def __init__(self, path: Path, settings: Settings, *, demo: bool = False) -> None:
        self.opened.append((path, demo))

    def run(self) -> None:
        pass


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> type[FakeApp]:
    """The terminal program replaced, with a terminal around it."""
    module = ModuleType("archive.ui.app")
    fake: Any = type("App", (FakeApp,), {"opened": []})
    module.ArchiveApp = fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "archive.ui.app", module)
    monkeypatch.setattr(_open, "sys", SimpleNamespace(stdin=Terminal(), stdout=Terminal()))
    return fake


class Terminal:
    """Something a person sits at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def demo_made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, date, bool]]:
    """What the demo was asked to make."""
    from archive.service import demo

    made: list[tuple[Path, date, bool]] = []
    monkeypatch.setattr(demo, "make_demo", lambda target, today, fresh: made.append((target, today, fresh)))
    return made


def test_without_words_the_usual_archive_is_opened(call, app: type[FakeApp]) -> None:
    assert call(archive=None).code == 0
    assert app.opened == [(Path(os.environ["XDG_DATA_HOME"]) / "customer-archive" / "archive.json", False)]


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (["a.json"], "a.json"),
        (["./list"], "list"),
        (["--", "list"], "list"),
        (["lists"], "lists"),
        (["--archive", "b.json"], "b.json"),
        (["--archive=c.json"], "c.json"),
    ],
)
def test_what_is_no_verb_is_a_file(call, app: type[FakeApp], words: list[str], path: str) -> None:
    assert call(*words, archive=None).code == 0
    assert app.opened == [(Path(path), False)]


def test_a_file_overrides_the_variable(call, app: type[FakeApp], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_FILE", "variable.json")
    call("a.json", archive=None)
    call(archive=None)
    assert app.opened == [(Path("a.json"), False), (Path("variable.json"), False)]


def test_the_programs_exit_code_is_handed_on(call, app: type[FakeApp]) -> None:
    app.return_code = 143
    assert call(archive=None).code == 143
    app.return_code = None
    assert call(archive=None).code == 0


def test_why_it_could_not_be_opened_is_said_as_any_error(call, app: type[FakeApp]) -> None:
    app.failure = InUse("It is in use.", "Close it.")
    assert call(archive=None) == (75, "", "archive: It is in use. Close it.\n")


def failing(app: FakeApp) -> None:
    raise OSError(errno.EIO, "the terminal is gone")


@pytest.mark.parametrize("run", [FakeApp.run, failing])
def test_after_a_signal_its_code_counts_whatever_went_wrong_on_the_way_out(
    call, app: type[FakeApp], monkeypatch: pytest.MonkeyPatch, run: Callable[[FakeApp], None]
) -> None:
    monkeypatch.setattr(app, "run", run)
    monkeypatch.setattr(app, "return_code", 1)
    monkeypatch.setattr(app, "ending", SimpleNamespace(watched=nullcontext, has_begun=True, code=143))
    assert call().code == 143


def test_no_other_error_is_hidden(call, app: type[FakeApp], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "run", failing)
    with pytest.raises(OSError, match="the terminal is gone"):
        call()


@pytest.mark.parametrize("words", [[], ["a.json"], ["demo"]])
@pytest.mark.parametrize("missing", ["stdin", "stdout"])
def test_without_a_terminal_it_says_what_works(
    call, app: type[FakeApp], monkeypatch: pytest.MonkeyPatch, words: list[str], missing: str
) -> None:
    monkeypatch.setattr(_open.sys, missing, None)
    answer = call(*words, archive=None)
    assert answer.code == 2
    assert "needs a terminal" in answer.err
    assert "`archive list`" in answer.err
    assert app.opened == []


def test_a_pipe_is_no_terminal(call) -> None:
    assert call(archive=None).code == 2


@pytest.mark.parametrize(("words", "fresh"), [(["demo"], False), (["demo", "--fresh"], True)])
def test_the_demo_is_made_and_opened(
    call, app: type[FakeApp], demo_made: list[tuple[Path, date, bool]], words: list[str], fresh: bool
) -> None:
    target = Path(os.environ["XDG_DATA_HOME"]) / "customer-archive" / "demo.json"
    assert call(*words, archive=None).code == 0
    assert [(made[0], made[2]) for made in demo_made] == [(target, fresh)]
    assert app.opened == [(target, True)]


def test_the_demo_never_takes_the_place_of_a_named_archive(
    call, app: type[FakeApp], demo_made: list[tuple[Path, date, bool]], filled: Path
) -> None:
    before = filled.read_bytes()
    answer = call("demo", "--fresh")
    assert answer.code == 2
    assert f"`archive {filled}` opens that archive." in answer.err
    assert demo_made == []
    assert filled.read_bytes() == before
