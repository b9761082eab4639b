"""Test units and their names."""

from archive.model.units import is_unit, same_unit, unit_name


def test_units_are_stored_under_one_name() -> None:
    assert [unit_name(word) for word in ("Bags", "袋", "litres", "sprigs")] == ["bag", "袋", "l", "sprigs"]
    assert is_unit("Bag")
    assert is_unit("公斤")
    assert not is_unit("bags of")


def test_synonyms_of_a_unit_are_equal() -> None:
    assert same_unit("Bags", "袋")
    assert same_unit("crates", "crate")
    assert same_unit("wish", "wishes")
    assert same_unit("", "")
    assert not same_unit("bag", "")
    assert not same_unit("", "s")
    assert not same_unit("kg", "g")
