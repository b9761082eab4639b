"""Parsing arguments, choosing the archive, help, and exit codes of all commands."""

import argparse
import os
from pathlib import Path

import pytest

import archive.cli
from archive import __version__
from archive.cli import _parser, run
from archive.cli._console import Console
from archive.cli._verbs import Verb
from archive.service.archive import Archive

VERBS = _parser.verbs()


@pytest.mark.parametrize("name", VERBS)
def test_every_module_declares_the_verb_it_is_named_after(name: str) -> None:
    verb = _parser.load(VERBS[name])
    assert isinstance(verb, Verb)
    assert verb.name == name
    assert verb.summary


def test_all_documented_verbs_exist() -> None:
    assert {"demo", "list", "show", "fields", "add", "log", "buy", "undo", "redo", "check"} <= set(VERBS)


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_has_help(call, name: str) -> None:
    answer = call(name, "--help", archive=None)
    assert answer.code == 0
    assert answer.out.startswith(f"usage: archive {name} ")
    assert answer.err == ""


def test_the_help_lists_all_verbs_with_their_summaries(call) -> None:
    answer = call("--help", archive=None)
    assert answer.code == 0
    for name, module in VERBS.items():
        assert any(
            line.split() == [name, *_parser.load(module).summary.split()] for line in answer.out.splitlines()
        )


def test_the_version_is_printed_even_if_an_archive_is_specified(call, path: Path) -> None:
    assert call("--version").out == f"archive {__version__}\n"
    assert not path.exists()


def test_the_archive_can_be_specified_before_or_after_the_verb(call, filled: Path) -> None:
    before = call("list", archive=filled)
    assert len(before.lines) == 4
    assert call("list", f"--archive={filled}", archive=None) == before
    assert run([f"--archive={filled}", "list"]) == 0


def test_the_last_archive_option_wins(call, filled: Path, tmp_path: Path) -> None:
    assert call("list", "--archive", filled, archive=tmp_path / "other.json").code == 0


def test_the_option_overrides_the_variable_which_overrides_the_data_folder(
    call, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Path(os.environ["XDG_DATA_HOME"]) / "customer-archive" / "archive.json"
    assert str(usual) in call("list", archive=None).err
    monkeypatch.setenv("ARCHIVE_FILE", str(tmp_path / "variable.json"))
    assert "variable.json" in call("list", archive=None).err
    assert call("list", archive=filled).code == 0
    monkeypatch.setenv("ARCHIVE_FILE", "")
    assert str(usual) in call("list", archive=None).err


def test_a_tilde_is_expanded_even_if_the_shell_did_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _parser.archive_path("~/a.json") == Path(os.environ["HOME"]) / "a.json"
    assert _parser.archive_path("~nobody-of-that-name/a.json") == Path("~nobody-of-that-name/a.json")


@pytest.mark.parametrize("named", ["", ".", "/"])
@pytest.mark.parametrize("verb", [("list",), ("add", "products", "code=a", "name=b")])
def test_a_folder_is_refused_as_archive(call, named: str, verb: tuple[str, ...]) -> None:
    answer = call(*verb, "--archive", named, archive=None)
    assert answer.code == 2
    assert "is a folder, not an archive." in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "--bogus"), "unrecognized arguments: --bogus."),
        (("list", "--format", "xml"), "invalid choice: 'xml'"),
        (("show",), "the following arguments are required: CODE."),
        (("undo", "two"), "invalid int value: 'two'."),
        (("one", "two"), "unrecognized arguments: two."),
        (("--bogus",), "unrecognized arguments: --bogus."),
        (("--archive",), "expected one argument."),
        (
            ("one.json", "--archive", "two.json"),
            "Two archives are specified: one.json and two.json. "
            "Name the archive once, with or without --archive.",
        ),
        (("list", "--tab", "products"), "unrecognized arguments: --tab"),
    ],
)
def test_a_usage_error_is_one_line_and_code_2(call, words: tuple[str, ...], said: str) -> None:
    answer = call(*words, archive=None)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("archive: ")
    assert said in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("show", "C-00001"),
        ("log", "C-00001", "call"),
        ("buy", "C-00001", "1 bag rice @2"),
        ("undo",),
        ("undo", "--list"),
        ("redo",),
    ],
)
def test_a_verb_that_needs_an_archive_does_not_create_it(call, words: tuple[str, ...], path: Path) -> None:
    answer = call(*words)
    assert answer.code == 66
    assert answer.out == ""
    assert f"There is no archive at {path}." in answer.err
    assert not list(path.parent.glob("archive.json*"))


@pytest.mark.parametrize(
    "words", [("add", "products", "code=a", "name=b"), ("log", "C-1", "call"), ("undo",), ("redo",)]
)
def test_writing_is_refused_while_another_program_has_the_archive_open(
    call, archive: Archive, words: tuple[str, ...]
) -> None:
    archive.path.write_text('{"_meta":{"1":{"format":"customer-archive","schema":1}}}', encoding="utf-8")
    answer = call(*words)
    assert answer.code == 75
    assert "in use by process" in answer.err


@pytest.mark.parametrize("words", [("list",), ("show", "C-00001"), ("undo", "--list"), ("check",)])
def test_a_reader_needs_no_lock(call, filled: Path, words: tuple[str, ...]) -> None:
    holder = Archive.open(filled)
    try:
        assert call(*words).code == 0
    finally:
        holder.close()


def test_a_damaged_archive_is_reported_and_left_unchanged(call, path: Path) -> None:
    path.write_text("{not json", encoding="utf-8")
    answer = call("list")
    assert answer.code == 65
    assert "cannot be read as an archive" in answer.err
    assert path.read_text(encoding="utf-8") == "{not json"


def test_the_language_of_the_settings_is_used(call, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "customer-archive"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('language = "zz"\n', encoding="utf-8")
    spoken: list[str] = []
    monkeypatch.setattr(_parser, "use_language", spoken.append)
    assert call("check").code == 0
    assert spoken == ["zz"]


def test_unreadable_settings_are_reported(call) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "customer-archive"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text("no toml", encoding="utf-8")
    answer = call("list")
    assert answer.code == 65
    assert "settings.toml cannot be read" in answer.err


def test_an_interrupted_verb_returns_the_code_of_the_signal(call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(args: argparse.Namespace, console: Console) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(_parser, "load", lambda module: Verb("list", "x", interrupted))
    assert call("list") == (130, "", "")


def test_unexpected_errors_are_not_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(args: argparse.Namespace, console: Console) -> int:
        raise KeyError("Ann Bell")

    monkeypatch.setattr(_parser, "load", lambda module: Verb("list", "x", broken))
    with pytest.raises(KeyError):
        run(["list"])


def test_only_the_module_of_the_called_verb_is_imported(call, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = _parser.import_module
    monkeypatch.setattr(_parser, "import_module", lambda name: asked.append(name) or real(name))
    call("check")
    assert asked == ["archive.cli.check"]


def test_every_module_of_the_package_is_a_verb() -> None:
    files = {file.stem for file in Path(archive.cli.__path__[0]).glob("*.py")}
    assert {file for file in files if not file.startswith("_")} == set(VERBS.values())
