"""Fixtures for the tests of the command line: calling it, and an archive with a few records."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.cli import run


class Answer(NamedTuple):
    """The exit code and output of a call."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Call = Callable[..., Answer]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], path: Path) -> Call:
    """Return a function that runs the command with arguments on the test's archive."""

    def called(*words: object, archive: Path | None = path) -> Answer:
        capsys.readouterr()
        named = [] if archive is None else ["--archive", str(archive)]
        code = run([*named, *map(str, words)])
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return called


@pytest.fixture
def filled(call: Call, path: Path) -> Path:
    """An archive with three customers, a product, two purchases and an activity."""
    for words in (
        ("customers", "kind=organisation", "full_name=North Foods", "status=active", "tags=vip"),
        ("customers", "kind=person", "full_name=王建国", "phones=+49 228 555 0147", "status=prospect"),
        ("customers", "kind=person", "full_name=Ann Bell", "referred_by=C-00001", "addresses.city=Bonn"),
        ("products", "code=RICE", "name=Rice", "unit=bag", "usual_price=35.50", "currency=EUR"),
    ):
        assert call("add", *words).code == 0
    assert call("buy", "C-00001", "20 bags rice @35.50 yesterday").code == 0
    assert call("buy", "C-00001", "2 kg sugar @3 2020-05-04").code == 0
    assert call("log", "C-00001", "call 10m price talk, send quote +2w").code == 0
    return path
