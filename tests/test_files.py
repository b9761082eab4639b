"""Writing files: atomic, private, durable, and never through a link that somebody planted."""

import errno
import os
import socket
import stat
from pathlib import Path
from threading import RLock, Thread

import pytest
from harm import failing

from archive import files
from archive.errors import ArchiveError, CannotWrite, NotConfirmed
from archive.file_status import exists, is_strangers
from archive.files import (
    cannot_write,
    remove_unfinished,
    sync_file,
    take_place,
    write_beside,
    write_whole,
)


def test_a_new_file_holds_the_data_and_is_private(tmp_path):
    target = tmp_path / "客户.csv"
    write_whole(target, b"abc")
    assert target.read_bytes() == b"abc"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_data_can_come_in_pieces_and_the_mode_can_be_chosen(tmp_path):
    target = tmp_path / "a.csv"
    write_whole(target, iter([b"a", b"", b"bc"]), mode=0o644)
    assert target.read_bytes() == b"abc"
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_partial_write_is_continued(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:2]))
    write_whole(tmp_path / "a", b"abcde")
    assert (tmp_path / "a").read_bytes() == b"abcde"


def test_an_existing_file_is_kept_unless_forced(tmp_path):
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    with pytest.raises(CannotWrite, match=r"a\.csv already exists") as caught:
        write_whole(target, b"new")
    assert (caught.value.code, caught.value.hint) == (73, "Choose another name.")
    assert target.read_bytes() == b"old"
    write_whole(target, b"new", force=True)
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_dangling_link_counts_as_existing(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    with pytest.raises(CannotWrite, match="already exists"):
        write_whole(tmp_path / "a", b"new")


def test_a_name_taken_while_writing_is_not_overwritten(tmp_path):
    target = tmp_path / "a"

    def pieces():
        yield b"new"
        target.write_bytes(b"other")

    with pytest.raises(CannotWrite, match="already exists"):
        write_whole(target, pieces())
    assert target.read_bytes() == b"other"
    assert list(tmp_path.iterdir()) == [target]


def test_no_file_is_overwritten_on_file_systems_without_hard_links(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "hardlink_to", failing(errno.EPERM))
    target = tmp_path / "a"
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"

    def pieces():
        yield b"newer"
        (tmp_path / "b").write_bytes(b"other")

    with pytest.raises(CannotWrite, match="already exists"):
        write_whole(tmp_path / "b", pieces())
    assert (tmp_path / "b").read_bytes() == b"other"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    ("function", "number", "reason"),
    [
        ("write", errno.ENOSPC, "the disk is full"),
        ("fsync", errno.EDQUOT, "your disk quota is used up"),
        ("open", errno.EACCES, "permission was denied"),
        ("open", errno.EROFS, "the disk is read-only"),
        ("write", errno.EFBIG, "the file would exceed the size limit"),
        ("fsync", errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_failure_says_why_and_leaves_nothing_behind(tmp_path, monkeypatch, function, number, reason, force):
    monkeypatch.setattr(os, function, failing(number))
    with pytest.raises(CannotWrite, match=reason) as caught:
        write_whole(tmp_path / "a.csv", b"new", force=force)
    assert "a.csv cannot be written" in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_the_caller_chooses_the_hint_for_a_taken_name(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(CannotWrite) as caught:
        write_whole(tmp_path / "a", b"new", if_taken="Add --force.")
    assert caught.value.hint == "Add --force."


def failing_for_folders(monkeypatch, function, number):
    """Make `os.open` or `os.fsync` fail for folders only."""
    original = getattr(os, function)

    def fail(target, *arguments):
        """Fail if the descriptor or path is a folder."""
        if target.is_dir() if isinstance(target, Path) else stat.S_ISDIR(os.fstat(target).st_mode):
            raise OSError(number, os.strerror(number))
        return original(target, *arguments)

    monkeypatch.setattr(os, function, fail)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    ("function", "number"),
    [
        ("fsync", errno.EINVAL),
        ("fsync", errno.ENOTSUP),
        ("fsync", errno.ENOSYS),
        ("fsync", errno.EBADF),
        ("open", errno.EACCES),
        ("open", errno.EPERM),
    ],
)
def test_a_folder_that_cannot_be_synced_is_written_to(tmp_path, monkeypatch, function, number, force):
    failing_for_folders(monkeypatch, function, number)
    write_whole(tmp_path / "a", b"new", force=force)
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("function", ["fsync", "open"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_an_unconfirmed_name_is_reported_and_the_file_stays(tmp_path, monkeypatch, function, number, force):
    failing_for_folders(monkeypatch, function, number)
    with pytest.raises(NotConfirmed, match="a was written, but the disk did not confirm it") as caught:
        write_whole(tmp_path / "a", b"new", force=force)
    assert caught.value.code == 73
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "it is a folder"),
        ("none/a.csv", "its folder does not exist"),
        ("file/a.csv", "its folder does not exist"),
        ("x" * 300, "the name is too long"),
        ("a\0b", "it is not a valid file name"),
    ],
)
def test_an_impossible_path_is_refused_with_the_reason(tmp_path, name, reason):
    (tmp_path / "file").write_bytes(b"")
    for force in (False, True):
        with pytest.raises(CannotWrite, match=reason):
            write_whole(tmp_path / name, b"new", force=force)


def test_only_regular_files_are_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket is limited to about 100 bytes
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("door")
        with pytest.raises(CannotWrite, match="door is a socket, not a regular file"):
            write_whole(Path("door"), b"new", force=True)


def test_a_large_file_is_synced_in_steps(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_AT_ONCE", 1000)
    lengths = []

    def noticed(descriptor, *, content_only=False):
        lengths.append(os.fstat(descriptor).st_size)
        sync_file(descriptor, content_only=content_only)

    monkeypatch.setattr(files, "sync_file", noticed)
    pieces = [b"a" * 400, b"", memoryview(b"b" * 2500), b"c" * 700]
    write_whole(tmp_path / "large", pieces)
    assert (tmp_path / "large").read_bytes() == b"".join(pieces)
    assert lengths == [1400, 2400, 3600, 3600]


def test_writing_through_a_link_replaces_its_target(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "kept" / "real")
    write_whole(tmp_path / "link", b"new", force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "kept" / "real").read_bytes() == b"new"
    with pytest.raises(CannotWrite, match="already exists"):
        write_whole(tmp_path / "link", b"newer")


def test_a_link_that_the_user_did_not_name_is_not_followed(tmp_path):
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to("theirs")
    for force in (False, True):
        with pytest.raises(CannotWrite, match="link is a symbolic link, not a regular file"):
            write_whole(tmp_path / "link", b"new", force=force, follow=False)
    assert (tmp_path / "link").read_bytes() == b"theirs"
    write_whole(tmp_path / "theirs", b"new", force=True, follow=False)
    assert (tmp_path / "link").read_bytes() == b"new"


def test_a_link_planted_during_the_write_is_replaced_not_followed(tmp_path):
    (tmp_path / "theirs").write_bytes(b"theirs")

    def pieces():
        yield b"new"
        (tmp_path / "a").symlink_to("theirs")

    write_whole(tmp_path / "a", pieces(), force=True, follow=False)
    assert (tmp_path / "theirs").read_bytes() == b"theirs"
    assert not (tmp_path / "a").is_symlink()


def test_writing_over_a_hard_link_leaves_its_other_name_alone(tmp_path):
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / "a").hardlink_to(tmp_path / "theirs")
    write_whole(tmp_path / "a", b"new", force=True, follow=False)
    assert (tmp_path / "theirs").read_bytes() == b"theirs"


def test_the_name_of_an_unfinished_file_cannot_be_guessed(tmp_path):
    made = {write_beside(tmp_path / "a", [b"x"]).name for _each in range(20)}
    assert len(made) == 20
    assert all(len(name.split("-")[-1]) == len("0123456789abcdef.part") for name in made)


def test_the_mode_does_not_depend_on_the_umask(tmp_path):
    usual = os.umask(0o777)
    try:
        write_whole(tmp_path / "a", b"x", mode=0o640)
    finally:
        os.umask(usual)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_files_are_written_on_systems_without_fchmod(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "fchmod")
    write_whole(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"


def test_files_of_other_users_are_recognised(tmp_path, monkeypatch):
    mine = tmp_path.stat().st_uid
    assert not is_strangers(mine, tmp_path)
    assert is_strangers(mine + 1, tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    assert not is_strangers(mine, tmp_path)  # as on a drive where all files belong to one user
    assert is_strangers(mine, tmp_path / "none")
    monkeypatch.delattr(os, "geteuid")
    assert not is_strangers(mine + 1, tmp_path)


def test_a_link_to_itself_is_refused(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "a")
    with pytest.raises(CannotWrite, match="cannot be written"):
        write_whole(tmp_path / "a", b"new", force=True)
    assert (tmp_path / "a").is_symlink()


@pytest.mark.parametrize("content_only", [True, False])
def test_macos_is_asked_to_flush_the_disk_cache_too(tmp_path, monkeypatch, content_only):
    asked = []
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("fcntl.F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr("fcntl.fcntl", lambda _descriptor, command: asked.append(command))
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))
    sync_file(0, content_only=content_only)
    assert asked == [51]
    monkeypatch.setattr("fcntl.fcntl", failing(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        sync_file(0)


def test_macos_falls_back_to_fsync_if_the_disk_cache_cannot_be_flushed(monkeypatch):
    asked = []
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("fcntl.F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr("fcntl.fcntl", failing(errno.ENOTSUP))
    monkeypatch.setattr(os, "fsync", asked.append)
    sync_file(7)
    assert asked == [7]


def test_an_error_without_a_hint_gets_the_default_hint(tmp_path):
    assert cannot_write(tmp_path, OSError(errno.EIO, ""), "Pray.").hint == "Pray."
    assert cannot_write(tmp_path, OSError(errno.ENOSPC, ""), "Pray.").hint.startswith("Free some space")


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ENOMEM])
def test_a_failing_disk_does_not_make_a_file_look_missing(tmp_path, monkeypatch, number):
    monkeypatch.setattr(Path, "stat", failing(number))
    with pytest.raises(ArchiveError, match="cannot be read"):
        exists(tmp_path / "a")


@pytest.mark.parametrize("name", ["none", "none/none", "x" * 300, "a\0b"])
def test_a_missing_file_does_not_exist(tmp_path, name):
    assert not exists(tmp_path / name)


def test_a_failed_clean_up_does_not_undo_a_finished_write(tmp_path, monkeypatch):
    written = write_beside(tmp_path / "a", [b"new"])
    monkeypatch.setattr(Path, "unlink", failing(errno.EIO))
    take_place(written, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.fixture
def about_to_end(monkeypatch):
    """Replace the lock that is otherwise held until the process ends, so that no thread can start a file."""
    monkeypatch.setattr(files, "_BEGINNING", RLock())


def test_a_process_that_exits_at_once_removes_its_unfinished_files(tmp_path, about_to_end):
    written = write_beside(tmp_path / "a", [b"new"])
    half = write_beside(tmp_path / "b", [b"new"])
    take_place(written, tmp_path / "a")
    assert half.exists()
    remove_unfinished()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_unfinished_file_that_cannot_be_removed_does_not_stop_the_exit(
    tmp_path, about_to_end, monkeypatch
):
    write_beside(tmp_path / "a", [b"new"])
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", failing(errno.EIO))
        remove_unfinished()
    remove_unfinished()
    assert list(tmp_path.iterdir()) == []


def test_no_thread_starts_a_file_while_the_process_exits(tmp_path, about_to_end):
    remove_unfinished()
    late = Thread(target=write_beside, args=(tmp_path / "a", [b"new"]), daemon=True)
    late.start()
    assert list(tmp_path.iterdir()) == []
    files._BEGINNING.release()  # this process does not really end
    late.join()
    assert len(list(tmp_path.iterdir())) == 1


def killed_writer(path, **options) -> Path:
    """Write part of a file as a killed process leaves it, and return its path."""
    left = files.write_beside(path, [b"personal data"], **options)
    files._UNFINISHED.clear()  # as if another process had written it
    return left


def test_the_next_write_to_the_folder_removes_files_of_killed_processes(tmp_path):
    left = killed_writer(tmp_path / "archive-20261120.json")
    write_whole(tmp_path / "another.csv", b"x")
    assert not left.exists()
    assert [file.name for file in tmp_path.iterdir()] == ["another.csv"]


def test_a_file_that_another_program_is_writing_stays(tmp_path):
    left = killed_writer(tmp_path / "out.csv")
    with left.open("rb") as held:
        assert files._lock(held.fileno())
        write_whole(tmp_path / "another.csv", b"x")
        assert left.exists()
    write_whole(tmp_path / "third.csv", b"x")
    assert not left.exists()


def test_a_finished_file_that_waits_for_its_name_stays(tmp_path):
    left = killed_writer(tmp_path / "archive.json", waits=True)
    write_whole(tmp_path / "another.csv", b"x")
    assert left.exists()
    files.sweep(tmp_path / "archive.json")
    assert not left.exists()


def test_unfinished_files_stay_on_file_systems_without_locks(tmp_path, monkeypatch):
    monkeypatch.setattr("fcntl.flock", failing(errno.ENOLCK))
    left = killed_writer(tmp_path / "out.csv")
    write_whole(tmp_path / "another.csv", b"x")
    assert left.exists()


def test_a_link_named_like_an_unfinished_file_is_left_alone(tmp_path):
    mine = tmp_path / "mine"
    mine.write_text("dear to me")
    (tmp_path / ".archive-00000000-x.part").symlink_to(mine)
    write_whole(tmp_path / "another.csv", b"x")
    assert mine.read_text() == "dear to me"
