"""Starting the terminal program from the command line."""

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
    """A stand-in for the terminal program that records its arguments."""

    opened: ClassVar[list[tuple[Path, bool]]] = []
    return_code: int | None = 0
    failure: ArchiveError | None = None
    ending = SimpleNamespace(watched=nullcontext, has_begun=False, code=0)

    def __init__(self, path: Path, settings: Settings, *, demo: bool, **_more: Any) -> None:
        self.opened.append((path, demo))

    def run(self) -> None:
        pass


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> type[FakeApp]:
    """Replace the terminal program, and pretend to run in a terminal."""
    module = ModuleType("archive.ui.app")
    fake: Any = type("App", (FakeApp,), {"opened": []})
    module.ArchiveApp = fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "archive.ui.app", module)
    monkeypatch.setattr(_open, "sys", SimpleNamespace(stdin=Terminal(), stdout=Terminal()))
    return fake


class Terminal:
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def demo_made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, date, bool]]:
    """Record the paths at which demo archives are created."""
    from archive.service import demo

    made: list[tuple[Path, date, bool]] = []
    monkeypatch.setattr(demo, "make_demo", lambda target, today, fresh: made.append((target, today, fresh)))
    return made


def test_without_arguments_the_default_archive_is_opened(call, app: type[FakeApp]) -> None:
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
def test_an_argument_that_is_no_verb_is_a_file(call, app: type[FakeApp], words: list[str], path: str) -> None:
    assert call(*words, archive=None).code == 0
    assert app.opened == [(Path(path), False)]


def test_a_file_overrides_the_variable(call, app: type[FakeApp], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_FILE", "variable.json")
    call("a.json", archive=None)
    call(archive=None)
    assert app.opened == [(Path("a.json"), False), (Path("variable.json"), False)]


def test_the_exit_code_of_the_program_is_returned(call, app: type[FakeApp]) -> None:
    app.return_code = 143
    assert call(archive=None).code == 143
    app.return_code = None
    assert call(archive=None).code == 0


def test_a_failure_to_open_is_reported_like_any_error(call, app: type[FakeApp]) -> None:
    app.failure = InUse("It is in use.", "Close it.")
    assert call(archive=None) == (75, "", "archive: It is in use. Close it.\n")


def failing(app: FakeApp) -> None:
    raise OSError(errno.EIO, "the terminal is gone")


@pytest.mark.parametrize("run", [FakeApp.run, failing])
def test_the_code_of_a_signal_is_returned_even_if_closing_fails(
    call, app: type[FakeApp], monkeypatch: pytest.MonkeyPatch, run: Callable[[FakeApp], None]
) -> None:
    monkeypatch.setattr(app, "run", run)
    monkeypatch.setattr(app, "return_code", 1)
    monkeypatch.setattr(app, "ending", SimpleNamespace(watched=nullcontext, has_begun=True, code=143))
    assert call().code == 143


def test_other_errors_are_not_hidden(call, app: type[FakeApp], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "run", failing)
    with pytest.raises(OSError, match="the terminal is gone"):
        call()


@pytest.mark.parametrize("words", [[], ["a.json"], ["demo"]])
@pytest.mark.parametrize("missing", ["stdin", "stdout"])
def test_without_a_terminal_the_error_suggests_alternatives(
    call, app: type[FakeApp], monkeypatch: pytest.MonkeyPatch, words: list[str], missing: str
) -> None:
    monkeypatch.setattr(_open.sys, missing, None)
    answer = call(*words, archive=None)
    assert answer.code == 2
    assert "needs a terminal" in answer.err
    assert "`archive list`" in answer.err
    assert app.opened == []


def test_a_pipe_is_not_a_terminal(call) -> None:
    assert call(archive=None).code == 2


@pytest.mark.parametrize(("words", "fresh"), [(["demo"], False), (["demo", "--fresh"], True)])
def test_the_demo_is_created_and_opened(
    call, app: type[FakeApp], demo_made: list[tuple[Path, date, bool]], words: list[str], fresh: bool
) -> None:
    target = Path(os.environ["XDG_DATA_HOME"]) / "customer-archive" / "demo.json"
    assert call(*words, archive=None).code == 0
    assert [(made[0], made[2]) for made in demo_made] == [(target, fresh)]
    assert app.opened == [(target, True)]


def test_the_demo_never_overwrites_a_specified_archive(
    call, app: type[FakeApp], demo_made: list[tuple[Path, date, bool]], filled: Path
) -> None:
    before = filled.read_bytes()
    answer = call("demo", "--fresh")
    assert answer.code == 2
    assert f"`archive {filled}` opens that archive." in answer.err
    assert demo_made == []
    assert filled.read_bytes() == before
