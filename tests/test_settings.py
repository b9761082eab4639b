"""The settings file, and the folders that things are in."""

from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.settings import Settings, config_folder, data_folder, load_settings


def write(text: str) -> Path:
    path = config_folder() / "settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_folders_are_where_the_desktop_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    assert config_folder() == tmp_path / "c" / "customer-archive"
    assert data_folder() == tmp_path / "d" / "customer-archive"


@pytest.mark.parametrize("named", ["", "relative/folder"])
def test_folders_are_at_home_where_the_desktop_says_nothing(monkeypatch, tmp_path, named):
    monkeypatch.setenv("XDG_CONFIG_HOME", named)
    monkeypatch.setenv("XDG_DATA_HOME", named)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_folder() == tmp_path / ".config" / "customer-archive"
    assert data_folder() == tmp_path / ".local" / "share" / "customer-archive"


def test_without_a_file_the_defaults_hold():
    assert load_settings() == Settings()


def test_what_stands_in_the_file_holds():
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
def test_what_cannot_hold_is_named(text, said, hint):
    path = write(text)
    with pytest.raises(ArchiveError, match=said) as caught:
        load_settings()
    assert str(path) in caught.value.message
    assert hint in caught.value.hint


def test_a_file_that_is_no_text_or_a_folder_gets_a_sentence(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(ArchiveError, match="cannot be read"):
        load_settings(path)
    with pytest.raises(ArchiveError, match="cannot be read"):
        load_settings(tmp_path)
