"""Provide the CDNOW sample, as of 30 September 1997."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from archive.analysis.maths.histories import Sample, history, log_gaps, sample

AS_OF = date(1997, 9, 30).toordinal()


@pytest.fixture(scope="session")
def cdnow() -> Sample:
    """Return the 2,357 customers who first bought in the first quarter of 1997."""
    days: dict[str, set[int]] = defaultdict(set)
    for line in (Path(__file__).parents[2] / "data" / "cdnow_sample.txt").read_text("utf-8").splitlines():
        _, customer, day, *_ = line.split()
        days[customer].add(date.fromisoformat(day).toordinal())
    bought = [sorted(own) for own in days.values()]
    histories = [found for own in bought if (found := history(own, AS_OF))]
    return sample(histories, sum(log_gaps(own, AS_OF) for own in bought))
