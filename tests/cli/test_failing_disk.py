"""A command reports every failing file system call below the archive's folder as an error."""

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import cli

LOOKS = ("stat", "lstat", "listdir", "scandir", "open")
COMMANDS = {
    "list": (),
    "check": (),
    "repair": (),
    "backup": (),
    "undo": (),
    "compact": (),
    "import": ("new.csv",),
    "export": ("-o", "out.csv"),
    "add": ("customers", "kind=person", "full_name=Cy Low"),
}
ENDLESS = 400  # more file system calls than any command needs


class FailingLook:
    """Make the `nth` file system call below a folder fail."""

    def __init__(self, folder: Path, nth: int) -> None:
        self.folder, self.left = str(folder), nth

    def install(self, patched: pytest.MonkeyPatch) -> None:
        for name in LOOKS:
            patched.setattr(os, name, self._instead_of(getattr(os, name)))

    def _instead_of(self, call):
        def look(path=".", *words, **options):
            if not isinstance(path, int) and os.fspath(path).startswith(self.folder):
                self.left -= 1
                if self.left == 0:
                    raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
            return call(path, *words, **options)

        return look


def answers(words: list[str], made: Path, folder: Path) -> Iterator[int]:
    """Run a command on fresh copies of an archive, failing one call later each time, and yield the exit codes."""
    for nth in range(1, ENDLESS):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
        look = FailingLook(folder, nth)
        with pytest.MonkeyPatch.context() as patched:
            look.install(patched)
            code = cli.run(["--archive", str(folder / "archive.json"), *words])
        if look.left > 0:
            return
        yield code
    raise AssertionError("the command never stops making file system calls")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_file_system_call_may_fail(command, call, filled, tmp_path, capsys):
    made = tmp_path / "made"
    made.mkdir()
    shutil.copy(filled, made / "archive.json")
    assert call("backup", archive=made / "archive.json").code == 0
    (made / "new.csv").write_text("full_name\nBo Lund\n")
    folder = tmp_path / "used"
    words = [str(folder / word) if word.endswith(".csv") else word for word in COMMANDS[command]]
    codes = list(answers([command, *words], made, folder))
    capsys.readouterr()
    assert len(codes) > 5
    assert any(codes)
