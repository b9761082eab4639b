"""The settings file, and the folders for configuration and data."""

import os
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.settings import Settings, config_folder, data_folder, load_settings


def write(text: str) -> Path:
    path = config_folder() / "settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_folders_follow_the_xdg_variables(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    assert config_folder() == tmp_path / "c" / "customer-archive"
    assert data_folder() == tmp_path / "d" / "customer-archive"


@pytest.mark.parametrize("named", ["", "relative/folder"])
def test_without_xdg_variables_folders_are_in_the_home_folder(monkeypatch, tmp_path, named):
    monkeypatch.setenv("XDG_CONFIG_HOME", named)
    monkeypatch.setenv("XDG_DATA_HOME", named)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_folder() == tmp_path / ".config" / "customer-archive"
    assert data_folder() == tmp_path / ".local" / "share" / "customer-archive"


def test_without_a_file_the_defaults_apply():
    assert load_settings() == Settings()


def test_values_in_the_file_override_the_defaults():
    write('me = "Mara"\ndate_order = "ymd"\ndecimal = ","\n[keys]\nsave = "f5"\n')
    assert load_settings() == Settings(me="Mara", date_order="ymd", decimal=",", keys={"save": "f5"})


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("me = ", "cannot be read", ""),
        ("colour = 1", "no setting called colour", "date_order"),
        ("me = 5", "me cannot be 5", ""),
        ('date_order = "ydm"', "date_order cannot be 'ydm'", "dmy mdy ymd"),
        ('keys = "x"', "keys cannot be 'x'", ""),
        ("[keys]\nsave = 5", "keys cannot be", ""),
    ],
)
def test_an_invalid_setting_is_refused(text, said, hint):
    path = write(text)
    with pytest.raises(ArchiveError, match=said) as caught:
        load_settings()
    assert str(path) in caught.value.message
    assert hint in caught.value.hint


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_loop(path: Path) -> None:
    path.symlink_to(path.name)


DEEP = ["a"] * 3000  # the parser accepts them, but a recursive repr would not


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b"me = '\xff'"), "cannot be read: byte 6 is not UTF-8 text"),
        (lambda path: path.write_bytes("me = 'x'".encode("utf-16")), "cannot be read: byte 0 is not UTF-8"),
        (lambda path: path.write_text("a=" + "[" * 5000), "cannot be read: it is nested too deeply"),
        (lambda path: path.write_text(f"me.{'.'.join(DEEP)} = 1"), "cannot be read: it is nested too deeply"),
        (Path.mkdir, "cannot be read: it is a folder"),
        (os.mkfifo, "is a pipe, not a regular file"),
        (a_device, "is a device, not a regular file"),
        (a_loop, "cannot be read: its symbolic links form a loop"),
        (sparse, "is too large"),
    ],
)
def test_a_settings_file_that_cannot_be_read_is_named_with_a_remedy(tmp_path, make, said):
    make(tmp_path / "settings.toml")
    with pytest.raises(ArchiveError, match=said) as caught:
        load_settings(tmp_path / "settings.toml")
    assert "settings.toml" in caught.value.message
    assert caught.value.hint == "Fix or delete that file."


def test_a_byte_order_mark_is_ignored(tmp_path):
    (tmp_path / "settings.toml").write_text('me = "Mara"', "utf-8-sig")
    assert load_settings(tmp_path / "settings.toml").me == "Mara"


def test_the_settings_file_may_be_a_symbolic_link(tmp_path):
    (tmp_path / "kept.toml").write_text('me = "Mara"')
    (tmp_path / "settings.toml").symlink_to("kept.toml")
    assert load_settings(tmp_path / "settings.toml").me == "Mara"
