"""The cyclic garbage collector: paused on request, run when due, skipped at exit."""

import gc
import weakref

import pytest

from archive import collector


def test_full_collections_are_paused_on_request():
    before = gc.get_threshold()
    with collector.when_asked():
        during = gc.get_threshold()
    assert during[:2] == before[:2]
    assert during[2] > 1_000_000
    assert gc.get_threshold() == before


def fail() -> None:
    with collector.when_asked():
        raise ZeroDivisionError


def test_full_collections_resume_after_an_error():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert gc.get_threshold() == before


@pytest.mark.parametrize(("younger", "is_on", "times"), [(21, True, 1), (20, True, 0), (50, False, 0)])
def test_a_collection_runs_if_it_is_due(monkeypatch, younger, is_on, times):
    made = []
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, younger))
    monkeypatch.setattr(gc, "isenabled", lambda: is_on)
    monkeypatch.setattr(gc, "collect", lambda: made.append(1))
    collector.search(20)
    assert len(made) == times


def test_no_object_is_collected_when_the_program_exits():
    class Circle:
        pass

    circle = Circle()
    circle.itself = circle
    gone = weakref.ref(circle)
    collector.leave_to_the_system()
    del circle
    try:
        gc.collect()
        assert gone() is not None
    finally:
        gc.unfreeze()
    gc.collect()
    assert gone() is None
