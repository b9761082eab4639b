"""Archives where none can be: devices, pipes, circles, folders and files that may not be touched."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.cli import run
from archive.errors import ArchiveError, CannotWrite, NotFound
from archive.files import write_whole
from archive.service.archive import Archive

ROOT = Path(__file__).parents[2]
NEW = ["add", "customers", "kind=person", "full_name=Ann"]


def test_a_pipe_is_no_archive(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for options in ({"write": False}, {"write": True}, {"create": True}):
        with pytest.raises(ArchiveError, match="not a regular file"):
            Archive.open(pipe, **options)
    assert [left.name for left in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_no_archive(tmp_path: Path, device: str) -> None:
    (tmp_path / "link").symlink_to(device)
    for words in (["list"], ["check"], NEW):
        assert run(["--archive", str(tmp_path / "link"), *words]) == 65
    assert [left.name for left in tmp_path.iterdir()] == ["link"]


@pytest.mark.parametrize("kind", ["socket", "folder"])
def test_nothing_else_is_an_archive_or_a_backup(
    path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    assert run(["--archive", str(path), *NEW]) == 0
    monkeypatch.chdir(path.parent)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("odd") if kind == "socket" else Path("odd").mkdir()
        for words in (["list"], ["check"], NEW):
            assert run(["--archive", "odd", *words]) == (65 if kind == "socket" else 2)
        assert run(["--archive", str(path), "restore", "odd"]) == 65


def test_a_large_file_that_is_no_archive_is_not_read_into_memory(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--archive", str(path), *NEW]) == 0
    with (path.parent / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    for words in (["list"], NEW, ["backup"]):
        assert run(["--archive", str(path.parent / "sparse"), *words]) == 65
    assert "it does not begin like an archive" in capsys.readouterr().err
    assert run(["--archive", str(path), "restore", str(path.parent / "sparse")]) == 65
    said = capsys.readouterr().err
    assert "it does not begin like an archive. The archive was not changed. Choose another backup." in said


@pytest.mark.parametrize("make", [os.mkfifo, lambda place: place.symlink_to("/dev/zero")])
def test_pipes_beside_an_archive_are_not_waited_for(path: Path, make: Callable[[Path], None]) -> None:
    assert run(["--archive", str(path), *NEW]) == 0
    name = json.loads(path.read_text())["_meta"]["1"]["snapshot"]
    for place in (f"{name[:8]}.idx", "drafts"):
        make(path.with_name(f"{path.name}.{place}"))
    for words in (["list"], ["check"], NEW, ["compact"], ["backup"], ["repair"]):
        assert run(["--archive", str(path), *words]) == 0
    make(path.with_name(f"{path.name}.j000009"))
    assert run(["--archive", str(path), "list"]) == 65


def test_circular_symlinks_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(NotFound):
        Archive.open(tmp_path / "loop")
    assert run(["--archive", str(tmp_path / "loop"), *NEW]) == 73


@pytest.mark.parametrize(("words", "code"), [(["list"], 66), (["check"], 0), (NEW, 73)])
def test_an_impossible_file_name_gets_an_error(tmp_path: Path, words: list[str], code: int) -> None:
    assert run(["--archive", str(tmp_path / ("x" * 300)), *words]) == code


@pytest.mark.parametrize("words", [["list"], ["check"], ["undo"], NEW])
def test_an_inaccessible_folder_gets_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    def denied(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", denied)
    assert run(["--archive", str(tmp_path / "a.json"), *words]) in (65, 73)


def test_a_read_only_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.json"
    file.write_text("kept")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # root may write everything
    with pytest.raises(CannotWrite, match="permission was denied"):
        write_whole(file, b"new", force=True)
    assert file.read_text() == "kept"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_during_a_save_leaves_only_the_old_file(path: Path, number: int) -> None:
    assert run(["--archive", str(path), *NEW]) == 0
    before = path.read_bytes()
    assert _killed_in_a_save(path, number) == 128 + number
    assert path.read_bytes() == before
    assert {left.name for left in path.parent.iterdir()} == {path.name, f"{path.name}.lock"}


def test_leftovers_of_a_killed_save_are_removed_by_the_next_writer(path: Path) -> None:
    assert run(["--archive", str(path), *NEW]) == 0
    (path.parent / ".archive-0123456789abcdef.part").write_text("of somebody else")
    journal_and_its_name = 2
    assert _killed_in_a_save(path, signal.SIGKILL, syncs=journal_and_its_name + 1) == -signal.SIGKILL
    assert len(list(path.parent.glob(".archive-*.part"))) == 2
    assert run(["--archive", str(path), *NEW]) == 0
    assert [left.name for left in path.parent.glob(".archive-*.part")] == [".archive-0123456789abcdef.part"]


def _killed_in_a_save(path: Path, number: int, syncs: int = 1) -> int:
    program = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # nohup and & have children ignore signals
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "from archive.__main__ import main\n"
        "sync = os.fsync\n"
        f"left = {syncs}\n"
        "def killed(descriptor):\n"
        "    global left\n"
        "    left -= 1\n"
        "    if not left:\n"
        f"        os.kill(os.getpid(), {int(number)})\n"
        "    sync(descriptor)\n"
        "os.fsync = killed\n"
        "main()\n"
    )
    words = [sys.executable, "-c", program, "--archive", str(path), *NEW]
    return subprocess.run(words, cwd=ROOT, capture_output=True, check=False).returncode
