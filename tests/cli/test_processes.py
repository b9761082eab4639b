"""The command as a process: exit codes, streams and signals."""

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive import __main__ as command
from archive import __version__
from archive.service.archive import Archive

ROOT = Path(__file__).parents[2]


def start(*words: str, **more: object) -> "subprocess.CompletedProcess[bytes]":
    """Run the command with stdin closed, and wait for it to end."""
    return subprocess.run(
        [sys.executable, "-m", "archive", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        **more,
    )  # type: ignore[call-overload]


def test_the_version_is_printed() -> None:
    done = start("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"archive {__version__}\n".encode(), b"")


def test_data_is_utf_8_with_bare_line_feeds_whatever_the_locale(filled: Path) -> None:
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "latin-1"}
    done = start("list", "王", "--columns", "name", "--format", "csv", "--archive", str(filled), env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "full_name\n王建国\n".encode(), b"")


def test_errors_go_to_stderr(filled: Path) -> None:
    done = start("--archive", str(filled), "show", "C-00099", "--format", "json")
    assert done.returncode == 66
    assert done.stdout == b""
    assert done.stderr.startswith(b"archive: ")
    assert done.stderr.count(b"\n") == 1


def test_the_archive_can_be_specified_by_a_variable(filled: Path) -> None:
    done = start("list", "ann", "--format", "json", env={**os.environ, "ARCHIVE_FILE": str(filled)})
    assert [row["code"] for row in json.loads(done.stdout)] == ["C-00003"]


def test_a_closed_pipe_ends_the_command_quietly(filled: Path) -> None:
    command_line = [sys.executable, "-m", "archive", "fields"]
    with subprocess.Popen(command_line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_reported() -> None:
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


def test_without_a_terminal_the_program_exits_at_once(path: Path) -> None:
    done = start(str(path), timeout=60)
    assert done.returncode == 2
    assert b"needs a terminal" in done.stderr
    assert not path.exists()


def test_a_file_named_like_a_verb_is_specified_with_its_folder() -> None:
    assert b"needs a terminal" in start("./list").stderr


def test_a_second_process_can_read_but_not_write(filled: Path) -> None:
    holder = Archive.open(filled)
    try:
        refused = start("--archive", str(filled), "undo")
        assert refused.returncode == 75
        assert f"process {os.getpid()}".encode() in refused.stderr
        assert start("--archive", str(filled), "list").returncode == 0
    finally:
        holder.close()


@pytest.mark.parametrize("words", [("list",), ("add", "products", "code=a", "name=b"), ("--help",)])
def test_no_verb_imports_libraries_of_the_screens(filled: Path, words: tuple[str, ...]) -> None:
    assert imported_by(filled, *words).isdisjoint({"textual", "rich", "phonenumbers", "tzdata"})


def test_list_does_not_import_dateutil(filled: Path) -> None:
    assert "dateutil" not in imported_by(filled, "list")


def imported_by(path: Path, *words: str) -> set[str]:
    """Return the modules that a run of the command imports."""
    program = (
        "import sys; from archive.cli import run; code = run(sys.argv[1:]);"
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    command_line = [sys.executable, "-c", program, "--archive", str(path), *words]
    done = subprocess.run(command_line, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
    return set(done.stderr.decode().split())


def test_a_crash_report_contains_no_data() -> None:
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


def test_a_crash_report_names_type_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
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


def test_a_missing_module_is_reported_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.last_resort(ModuleNotFoundError, ModuleNotFoundError("x", name="tinydb"), None)
    assert "internal error ModuleNotFoundError (tinydb) in" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["--bogus"], 2)])
def test_the_process_exits_with_the_code_of_the_command(
    monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["archive", *words])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(gc, "disable", lambda: None)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == code


# Signals

unix = pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of Unix")
PATIENCE = 60  # seconds until a test gives up

# The command, patched by `program`, with the default signal handlers: nohup and background jobs ignore some signals.
HEARS = (
    "signal.signal(signal.SIGINT, signal.default_int_handler); signal.signal(signal.SIGHUP, signal.SIG_DFL)"
)
PATCHED = f"import os, signal, sys, time\n{HEARS}\n{{program}}\nfrom archive.__main__ import main\nmain()\n"
END = "os.kill(os.getpid(), signal.{name})"


def ended(program: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command with a patch, and wait for it to end."""
    command_line = [sys.executable, "-c", PATCHED.format(program=program), *words]
    return subprocess.run(command_line, cwd=ROOT, capture_output=True, check=False, timeout=PATIENCE)


def files_of(path: Path) -> set[str]:
    """Return the names of the files beside an archive, except its journal."""
    names = {file.name for file in path.parent.iterdir() if file.is_file()}
    return {name for name in names if not name.startswith(f"{path.name}.j")}


@unix
def test_a_signal_while_arguments_are_parsed_is_not_a_success(filled: Path) -> None:
    program = f"""
from archive.cli import _parser
def called(argv):
    {END.format(name="SIGTERM")}
_parser.called = called
"""
    done = ended(program, "--archive", str(filled), "list")
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGTERM, b"", b"")


@unix
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_a_signal_during_an_import_leaves_no_lock_and_no_unfinished_file(
    path: Path, tmp_path: Path, name: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Name\nAnn\nBen\n", "utf-8")
    program = f"""
from archive import files
write = files._write_gently
def half(descriptor, pieces):
    os.write(descriptor, b"half of it")
    {END.format(name=name)}
files._write_gently = half
"""
    done = ended(program, "--archive", str(path), "import", str(people))
    assert done.returncode == 128 + getattr(signal, name)
    assert files_of(path) <= {path.name, f"{path.name}.lock", "people.csv"}
    Archive.open(path, create=True).close()


@unix
def test_a_second_signal_does_not_disturb_the_shutdown(path: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Name\nAnn\n", "utf-8")
    program = f"""
from archive import files
def half(descriptor, pieces):
    try:
        {END.format(name="SIGTERM")}
    finally:
        {END.format(name="SIGHUP")}
files._write_gently = half
"""
    done = ended(program, "--archive", str(path), "import", str(people))
    assert done.returncode == 128 + signal.SIGTERM
    assert files_of(path) <= {f"{path.name}.lock", "people.csv"}


@unix
def test_a_shutdown_that_takes_too_long_is_cut_short(path: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Name\nAnn\n", "utf-8")
    program = f"""
from archive import files
def half(descriptor, pieces):
    try:
        {END.format(name="SIGTERM")}
    finally:
        while True:
            time.sleep(1)
files._write_gently = half
"""
    done = ended(program, "--archive", str(path), "import", str(people))
    assert done.returncode == 128 + signal.SIGTERM
    assert files_of(path) <= {f"{path.name}.lock", "people.csv"}


@unix
def test_the_exit_code_is_that_of_the_signal_even_if_stdout_is_closed(filled: Path) -> None:
    program = """
from archive.cli import fields
def run(args, console):
    console.line("which stays in the buffer")
    console.note("ready")
    signal.pause()
fields.VERB = fields.VERB._replace(run=run)
"""
    command_line = [sys.executable, "-c", PATCHED.format(program=program), "fields"]
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        command_line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=buffered
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stderr.readline() == b"ready\n"
        process.stdout.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
        assert process.stderr.read() == b""


@unix
def test_a_signal_after_the_command_has_finished_is_not_reported_as_a_crash(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as over:
        command.last_resort(command.Ended, command.Ended(143), None)  # type: ignore[arg-type]
    assert over.value.code == 143
    assert capsys.readouterr().err == ""
