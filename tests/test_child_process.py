"""Child processes never run Python files from the working folder."""

import os
import subprocess
import sys

import pytest
from harm import held, make, make_long
from strategies import NOW

from archive.child_process import start_child
from archive.service import backups
from archive.service.archive import Archive
from archive.store import opening
from archive.store.checkpointer import BackgroundCheckpointer

# Modules that a child imports early or late, the package itself, and modules that Python imports at start-up.
PLANTED = ["json", "signal", "runpy", "sitecustomize", "usercustomize", "archive", "dateutil", "csv", "zlib"]


@pytest.fixture(params=["", ".", os.pathsep], ids=["no path", "the folder itself", "an empty entry"])
def downloads(request, tmp_path, monkeypatch):
    """A working folder with planted modules, in some cases on the user's PYTHONPATH."""
    folder, ran = tmp_path / "downloads", tmp_path / "ran"
    folder.mkdir()
    for name in PLANTED:
        (folder / f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write({name!r})\nraise ImportError\n")
    monkeypatch.chdir(folder)
    if request.param:
        monkeypatch.setenv("PYTHONPATH", request.param)
    yield folder
    assert not ran.exists(), f"{ran.read_text()} ran from the working folder"


def test_planted_modules_run_in_an_ordinary_child(downloads, tmp_path):
    subprocess.run(
        [sys.executable, "-m", "json.tool"], check=False, stdin=subprocess.DEVNULL, capture_output=True
    )
    assert (tmp_path / "ran").exists()
    (tmp_path / "ran").unlink()


def test_a_child_runs_nothing_from_the_working_folder(downloads, tmp_path):
    child = start_child("archive", "--archive", str(tmp_path / "a.json"), "fields", stdout=subprocess.PIPE)
    said, _errors = child.communicate()
    assert (child.returncode, b"full_name" in said) == (0, True)


def test_the_checkpoint_runs_nothing_from_the_working_folder(downloads, path):
    make_long(path)
    made = []
    BackgroundCheckpointer(path, opening.load(path, write=False).frames[-1].lsn, made.append).wait()
    assert len(made) == 1


def test_the_daily_backup_runs_nothing_from_the_working_folder(downloads, path, settings, monkeypatch):
    make(path)
    monkeypatch.setattr(backups, "LARGE", 0)
    archive = Archive.open(path, settings, clock=lambda: NOW)
    backups.daily(archive, lambda: False)
    archive.close()
    ((_made, file),) = backups.generations(path, path.parent / "backups")
    assert held(file) == held(path)
