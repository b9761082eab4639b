"""Saved views: files of this and of older versions."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.service.views import View, Views
from archive.store import Sort

KEYS = st.text(min_size=1, max_size=8).filter(lambda key: not key.startswith("-"))
SORTS = st.lists(st.builds(Sort, KEYS, st.booleans()), max_size=4).map(Sort.of)


@given(query=st.text(max_size=20), sort=SORTS, columns=st.lists(st.text(max_size=8), max_size=3).map(tuple))
def test_a_view_is_read_back_as_it_was_saved(
    tmp_path_factory: pytest.TempPathFactory, query: str, sort: Sort, columns: tuple[str, ...]
) -> None:
    path = tmp_path_factory.mktemp("views") / "views.toml"
    view = View(query, sort, columns)
    Views(path).keep("customers", "mine", view)
    assert Views(path).of("customers") == {"mine": view}


def test_a_view_of_an_older_version_with_one_sort_key_opens(tmp_path: Path) -> None:
    path = tmp_path / "views.toml"
    path.write_text(
        '[customers.late]\nquery = "last:>90d"\nsort = "last"\nreverse = true\ncolumns = ["city"]\n'
    )
    assert Views(path).of("customers") == {"late": View("last:>90d", Sort("last", True), ("city",))}


def test_an_older_version_still_reads_the_first_sort_key(tmp_path: Path) -> None:
    path = tmp_path / "views.toml"
    Views(path).keep("customers", "mine", View(sort=Sort.of([Sort("city"), Sort("last", True)])))
    assert 'sort = "city"\nreverse = false\nthen = ["-last"]\n' in path.read_text()


def test_further_keys_without_a_first_one_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "views.toml"
    path.write_text('[customers.odd]\nthen = ["city"]\n')
    assert Views(path).of("customers") == {"odd": View()}


def test_a_file_with_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "views.toml"
    path.write_text("customers = 3\n")
    with pytest.raises(ArchiveError, match="it contains no views"):
        Views(path)


def test_widths_are_kept_and_odd_ones_are_brought_into_range(tmp_path: Path) -> None:
    path = tmp_path / "views.toml"
    Views(path).keep("customers", "mine", View(widths=(("city", 20), ("a b", 8))))
    assert 'widths = {"city" = 20, "a b" = 8}' in path.read_text()
    path.write_text("[customers.mine]\nwidths = {city = 9999, status = -4}\n")
    assert Views(path).of("customers")["mine"].widths == (("city", 120), ("status", 3))
    path.write_text('[customers.mine]\nwidths = {city = "wide"}\n')
    with pytest.raises(ArchiveError, match="it contains no views"):
        Views(path)
