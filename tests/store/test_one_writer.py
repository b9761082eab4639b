"""An archive has a single writer at a time, and changes of other programs are not overwritten."""

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

import pytest
from saved import add, person

from archive.errors import CannotWrite, ForeignChange, InUse, NotFound
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.store import database
from archive.store.wal import appender


def holder_process(path: Path) -> subprocess.Popen:
    code = (
        "import sys; from pathlib import Path; from archive.service.archive import Archive\n"
        "archive = Archive.open(Path(sys.argv[1]), create=True); print('open', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "open\n"
    return process


def test_a_second_writer_is_refused_with_the_name_of_the_holder_until_that_process_ends(path, settings):
    holder = holder_process(path)
    try:
        with pytest.raises(InUse, match=f"process {holder.pid} on {socket.gethostname()}, since"):
            Archive.open(path, settings, create=True)
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    Archive.open(path, settings, create=True).close()


def test_readers_need_no_lock(archive, path, settings):
    (uid,) = add(archive, person("North"))
    reader = Archive.open(path, settings, write=False)
    assert reader.get(Customer, uid).full_name == "North"
    reader.close()


def test_an_archive_has_the_same_lock_through_a_symbolic_link(archive, path, tmp_path):
    add(archive, person("North"))
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with pytest.raises(InUse):
        Archive.open(link)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "\udcff"])
def test_a_holder_without_a_name_is_called_another_program(archive, path, content):
    path.with_name("archive.json.lock").write_text(content, "utf-8", "surrogateescape")
    with pytest.raises(InUse, match="another program"):
        Archive.open(path, create=True)


def test_the_lock_is_held_even_if_its_holder_cannot_be_written(path, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        holder = Archive.open(path, create=True)
    with pytest.raises(InUse, match="another program"):
        Archive.open(path, create=True)
    holder.close()


def test_an_archive_with_an_impossible_path_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "a.json", tmp_path / ("x" * 300)):
        with pytest.raises(CannotWrite, match="cannot be written"):
            Archive.open(place, create=True)
        with pytest.raises(NotFound, match="no archive at"):
            Archive.open(place)


def test_closing_waits_for_a_save_in_another_thread(archive, path, monkeypatch):
    begun, may_go_on, sync_file = Event(), Event(), appender.sync_file

    def slow(descriptor, **more):
        begun.set()
        may_go_on.wait()
        sync_file(descriptor, **more)

    monkeypatch.setattr(appender, "sync_file", slow)
    monkeypatch.setattr(database, "WORTH_AN_INDEX", 0)  # closing does not compact large archives
    monkeypatch.setattr(database.Database, "_is_due", lambda held: False)
    with ThreadPoolExecutor() as threads:
        saved = threads.submit(archive.save, person("Late"))
        begun.wait()
        closed = threads.submit(archive.close)
        has_closed = wait([closed], 0.1).done
        may_go_on.set()
        assert not has_closed
        assert saved.result()
        closed.result()
    assert "Late" in Archive.open(path).names("customers")


def test_a_file_changed_by_another_program_is_not_overwritten(archive, path):
    (uid,) = add(archive, person("North"))
    foreign = path.read_bytes() + b" "
    path.write_bytes(foreign)
    with pytest.raises(CannotWrite, match="changed by another program"):
        archive.edit("customers", uid, full_name="West")
    assert path.read_bytes() == foreign
    path.unlink()
    with pytest.raises(CannotWrite, match="changed by another program"):
        archive.edit("customers", uid, full_name="West")
    with pytest.raises(ForeignChange, match="changed by another program"):
        archive.close()
    assert not path.exists()


def test_a_file_created_by_another_program_is_not_overwritten(archive, path):
    path.write_bytes(b"mine")
    with pytest.raises(CannotWrite, match="Another program created"):
        archive.save(person("North"))
    assert path.read_bytes() == b"mine"
