"""Opening files, web pages, mail and phone numbers: with which program, and what is said if that fails."""

import sys
from pathlib import Path

import pytest
from driving import SMITH, driven, open_field, press, screen_text, status, to_field, until

from archive.errors import ArchiveError
from archive.ui.opener import open_outside

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs shell scripts as openers")


@pytest.fixture
def opener(tmp_path: Path) -> Path:
    """A program that writes down how it was called."""
    return program(tmp_path / "opener", 'printf "%s|" "$#" "$@" "$PWD" > "$(dirname "$0")/called.tmp"', "mv")


def program(path: Path, *lines: str) -> Path:
    body = [
        line if line != "mv" else 'mv "$(dirname "$0")/called.tmp" "$(dirname "$0")/called"' for line in lines
    ]
    path.write_text("\n".join(["#!/bin/sh", *body, ""]))
    path.chmod(0o755)
    return path


def called(opener: Path) -> list[str]:
    """Return the number of arguments of the call, the arguments, and the working folder."""
    told = opener.with_name("called")
    return told.read_text().split("|")[:-1] if told.exists() else []


def test_the_address_is_one_argument_and_the_working_folder_is_neutral(opener: Path) -> None:
    open_outside("https://b.example/a b;rm -rf *", str(opener))
    assert called(opener) == ["1", "https://b.example/a b;rm -rf *", "/"]


def test_the_opener_of_the_settings_may_have_arguments(opener: Path) -> None:
    open_outside("tel:110", f"'{opener}' --new-window")
    assert called(opener)[:3] == ["2", "--new-window", "tel:110"]


def test_the_usual_opener_is_found_on_the_path(opener: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = opener.with_name("programs")
    folder.mkdir()
    program(folder / "xdg-open", f'exec "{opener}" "$@"')
    program(folder / "open", f'exec "{opener}" "$@"')
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    open_outside("mailto:a@b.example")
    assert called(opener)[:2] == ["1", "mailto:a@b.example"]


def test_an_opener_in_the_working_folder_is_not_run(
    opener: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(tmp_path / "xdg-open", f'exec "{opener}" "$@"')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(ArchiveError, match="no program that opens"):
        open_outside("tel:110")
    assert called(opener) == []


@pytest.mark.parametrize("named", ["no-such-program", "'half quoted"])
def test_a_missing_opener_is_named(named: str) -> None:
    with pytest.raises(ArchiveError, match=f"no program {named}") as error:
        open_outside("tel:110", named)
    assert "Press y to copy the address" in str(error.value)


def test_an_opener_that_fails_is_named_with_its_status(tmp_path: Path) -> None:
    failing = program(tmp_path / "failing", "exit 3")
    with pytest.raises(ArchiveError, match="was not opened by failing: it ended with status 3"):
        open_outside("tel:110", str(failing))


def test_an_opener_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)
    with pytest.raises(ArchiveError, match="was not opened by broken: "):
        open_outside("tel:110", str(broken))


async def test_enter_on_a_phone_number_opens_it_and_says_so(filled, settings, opener):
    async with driven(filled, settings._replace(opener=str(opener))) as pilot:
        await press(pilot, *SMITH, "2")
        await to_field(pilot, "phones")
        assert "enter Open" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: called(opener))
        assert called(opener)[1] == "tel:+492285550147"
        assert status(pilot) == "Opening +49 228 5550 147 …"


async def test_a_failing_opener_leaves_the_program_running_and_says_what_to_do(filled, settings, tmp_path):
    failing = program(tmp_path / "failing", "exit 1")
    async with driven(filled, settings._replace(opener=str(failing))) as pilot:
        await press(pilot, *SMITH, "2")
        await open_field(pilot, "emails")
        await until(pilot, lambda: status(pilot).startswith("! mailto:marta@globex.example was not"))
        await until(pilot, lambda: "Press y to copy" in screen_text(pilot))
        await press(pilot, "y")
        assert pilot.app.clipboard == "marta@globex.example"
