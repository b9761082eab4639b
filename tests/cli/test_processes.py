"""The command as a process: exit codes, streams and signals as a shell sees them."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive import __main__ as command
from archive import __version__
from archive.service.archive import Archive

ROOT = Path(__file__).parents[2]


def start(*words: str, **more: object) -> "subprocess.CompletedProcess[bytes]":
    """Run the command to its end, with its input closed."""
    return subprocess.run(
        [sys.executable, "-m", "archive", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        **more,
    )  # type: ignore[call-overload]


def test_the_version_is_said() -> None:
    done = start("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"archive {__version__}\n".encode(), b"")


def test_data_is_utf_8_with_bare_line_feeds_whatever_the_locale(filled: Path) -> None:
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "latin-1"}
    done = start("list", "王", "--columns", "name", "--format", "csv", "--archive", str(filled), env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "full_name\n王建国\n".encode(), b"")


def test_errors_go_to_the_error_stream(filled: Path) -> None:
    done = start("--archive", str(filled), "show", "C-00099", "--format", "json")
    assert done.returncode == 66
    assert done.stdout == b""
    assert done.stderr.startswith(b"archive: ")
    assert done.stderr.count(b"\n") == 1


def test_the_variable_names_the_archive(filled: Path) -> None:
    done = start("list", "ann", "--format", "json", env={**os.environ, "ARCHIVE_FILE": str(filled)})
    assert [row["code"] for row in json.loads(done.stdout)] == ["C-00003"]


def test_a_closed_pipe_ends_it_quietly(filled: Path) -> None:
    command_line = [sys.executable, "-m", "archive", "fields"]
    with subprocess.Popen(command_line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_said() -> None:
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "archive", "fields"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert process.returncode == 73
    assert process.stderr.count(b"\n") == 1
    assert b"cannot be written" in process.stderr


def test_without_a_terminal_it_ends_at_once(path: Path) -> None:
    done = start(str(path), timeout=60)
    assert done.returncode == 2
    assert b"needs a terminal" in done.stderr
    assert not path.exists()


def test_a_file_named_like_a_verb_is_a_file_with_its_folder() -> None:
    assert b"needs a terminal" in start("./list").stderr


def test_a_second_process_cannot_write_and_can_read(filled: Path) -> None:
    holder = Archive.open(filled)
    try:
        refused = start("--archive", str(filled), "undo")
        assert refused.returncode == 75
        assert f"process {os.getpid()}".encode() in refused.stderr
        assert start("--archive", str(filled), "list").returncode == 0
    finally:
        holder.close()


@pytest.mark.parametrize("words", [("list",), ("add", "products", "code=a", "name=b"), ("--help",)])
def test_no_verb_needs_what_only_the_screens_need(filled: Path, words: tuple[str, ...]) -> None:
    assert imported_by(filled, *words).isdisjoint({"textual", "rich", "phonenumbers", "tzdata"})


@pytest.mark.xfail(reason="the 12 months of a sum are counted with dateutil, which takes 25 ms to import")
def test_a_list_needs_no_dateutil(filled: Path) -> None:
    assert "dateutil" not in imported_by(filled, "list")


def imported_by(path: Path, *words: str) -> set[str]:
    """The modules that a run of the command imports."""
    program = (
        "import sys; from archive.cli import run; code = run(sys.argv[1:]);"
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    command_line = [sys.executable, "-c", program, "--archive", str(path), *words]
    done = subprocess.run(command_line, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
    return set(done.stderr.decode().split())


def test_an_error_of_the_program_tells_no_data() -> None:
    program = (
        "from archive import __main__, cli\n"
        "def run(argv):\n"
        "    name = 'Ann Bell'\n"
        "    raise KeyError(name)\n"
        "cli.run = run\n"
        "__main__.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 70
    assert b"KeyError" in done.stderr
    assert b"<string>:4 run" in done.stderr
    assert b"Ann Bell" not in done.stderr


def test_the_last_resort_names_type_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        int("Ann Bell")
    except ValueError as error:
        with pytest.raises(SystemExit) as ended:
            command.last_resort(type(error), error, error.__traceback__)
    said = capsys.readouterr().err
    assert ended.value.code == 70
    assert "ValueError" in said
    assert "test_processes.py:" in said
    assert "Ann Bell" not in said


def test_a_missing_module_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.last_resort(ModuleNotFoundError, ModuleNotFoundError("x", name="tinydb"), None)
    assert "ModuleNotFoundError of tinydb" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["--bogus"], 2)])
def test_the_command_leaves_with_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["archive", *words])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(gc, "disable", lambda: None)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == code
