"""Settings changed in the program are written to settings.toml without disturbing what the user wrote there."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.settings import Settings, load_settings, read_settings
from archive.settings_file import create_settings_file, store_setting

HAND_WRITTEN = """# my settings
me = "Mara"   # that is me

[keys]
"browser.export" = "f3"  # like in the old program
"browser.new" = "f4"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def written(file: Path) -> Path:
    file.parent.mkdir()
    file.write_text(HAND_WRITTEN, "utf-8")
    return file


def test_a_setting_is_stored_in_a_new_private_file(file):
    store_setting(file, "me", "Mara")
    assert load_settings(file) == Settings(me="Mara")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_comments_order_and_layout_are_preserved(file):
    store_setting(written(file), "me", "Lena")
    assert file.read_text() == HAND_WRITTEN.replace('"Mara"', '"Lena"')


def test_a_new_setting_is_added_before_the_tables(file):
    store_setting(written(file), "decimal", ",")
    assert load_settings(file).decimal == ","
    assert load_settings(file).keys == {"browser.export": "f3", "browser.new": "f4"}
    assert "# like in the old program" in file.read_text()


def test_keys_are_added_changed_and_removed_one_by_one(file):
    keys = {"browser.export": "f3", "browser.sort": "f5"}
    store_setting(written(file), "keys", keys)
    assert load_settings(file).keys == keys
    assert '"browser.export" = "f3"  # like in the old program' in file.read_text()


def test_a_default_is_not_written_to_a_file_without_the_setting(file):
    store_setting(written(file), "decimal", ".")
    assert file.read_text() == HAND_WRITTEN


def test_a_setting_can_be_reset_to_its_default(file):
    store_setting(written(file), "me", "")
    assert load_settings(file).me == ""


def test_a_symbolic_link_stays_a_link(file, tmp_path):
    target = tmp_path / "dotfiles.toml"
    target.write_text(HAND_WRITTEN)
    file.parent.mkdir()
    file.symlink_to(target)
    store_setting(file, "me", "Lena")
    assert file.is_symlink()
    assert load_settings(target).me == "Lena"


@pytest.mark.parametrize("text", ["me = ", "[keys\n", "me = 1\nme = 2\n"])
def test_a_file_that_is_not_valid_toml_is_never_overwritten(file, text):
    written(file).write_text(text)
    with pytest.raises(ArchiveError, match="cannot be read"):
        store_setting(file, "me", "Mara")
    assert file.read_text() == text


@pytest.mark.parametrize(("key", "value"), [("colour", "red"), ("decimal", "#"), ("me", "a\nb")])
def test_an_invalid_setting_is_not_written(file, key, value):
    with pytest.raises(ArchiveError):
        store_setting(file, key, value)
    assert not file.exists()


def test_other_wrong_settings_in_the_file_do_not_prevent_a_change(file):
    written(file).write_text('decimal = "#"\n')
    store_setting(file, "me", "Mara")
    assert read_settings(file)[0].me == "Mara"


@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=30))
def test_any_printable_text_round_trips(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    store_setting(file, "me", text)
    assert load_settings(file).me == text


def test_the_settings_file_of_the_first_start_has_no_settings(file):
    create_settings_file(file)
    assert load_settings(file) == Settings()
    assert file.read_text().startswith("#")


def test_an_existing_settings_file_is_not_replaced_at_the_first_start(file):
    create_settings_file(written(file))
    assert file.read_text() == HAND_WRITTEN


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to any folder")
def test_a_folder_that_cannot_be_written_is_reported(file):
    written(file).parent.chmod(0o500)
    with pytest.raises(ArchiveError, match=r"settings\.toml"):
        store_setting(file, "me", "Lena")
