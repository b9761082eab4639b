"""When the search for garbage is made, and when it is not."""

import gc

import pytest

from archive import collector


def test_all_objects_are_gone_through_only_when_that_is_asked_for():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), collector.when_asked():
        assert gc.get_threshold()[:2] == before[:2]
        assert gc.get_threshold()[2] > 1_000_000
        1 / 0  # noqa: B018
    assert gc.get_threshold() == before


@pytest.mark.parametrize(("younger", "is_on", "times"), [(50, True, 1), (3, True, 0), (50, False, 0)])
def test_a_search_is_made_where_one_is_due(monkeypatch, younger, is_on, times):
    made = []
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, younger))
    monkeypatch.setattr(gc, "isenabled", lambda: is_on)
    monkeypatch.setattr(gc, "collect", lambda: made.append(1))
    collector.search()
    assert len(made) == times
