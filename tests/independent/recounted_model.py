"""Evaluate MBG/CNBD-k at a report's parameters, with the formulas of Platzer and Reutterer (2016).

Time is in weeks. Gaps between purchases are Erlang(k, lambda); after every purchase, including the first, the
customer drops out with probability p. Across customers, lambda is Gamma(r, alpha) and p is Beta(a, b). The fit is
not repeated: only the likelihood and each customer's probabilities at the given parameters are checked.
"""

import math
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.independent.ledger import DAY
from tests.independent.plain_maths import auc

Bought = dict[str, list[date]]


class Model:
    """The model with a report's parameters."""

    def __init__(self, figures: dict[str, Any]) -> None:
        values = (figures[f"model.{key}"]["value"] for key in ("k", "r", "alpha", "a", "b"))
        self.k, self.r, self.alpha, self.a, self.b = values

    def _parts(self, days: list[date], as_of: date) -> tuple[float, float, float]:
        """Return the log-likelihoods of having dropped out and of being active, and their common term."""
        x, last, age = len(days) - 1, (days[-1] - days[0]).days / 7, (as_of - days[0]).days / 7
        k, shape = self.k, self.r + self.k * x
        gaps = sum(math.log((then - first).days / 7) for first, then in pairwise(days))
        common = (k - 1) * gaps - x * math.lgamma(k) - math.lgamma(self.r) + self.r * math.log(self.alpha)
        common -= _beta(self.a, self.b)
        left = _beta(self.a + 1, self.b + x) + math.lgamma(shape) - shape * math.log(self.alpha + last)
        waited = age - last
        terms = [
            math.lgamma(shape + j)
            - (shape + j) * math.log(self.alpha + age)
            + (j * math.log(waited) - math.lgamma(j + 1) if j else 0.0)
            for j in range(k if waited else 1)
        ]
        there = _beta(self.a, self.b + x + 1) + _log_sum(terms)
        return left, there, common

    def log_likelihood(self, bought: Bought, as_of: date) -> float:
        """Return the log-likelihood of all customers."""
        parts = (self._parts(days, as_of) for days in bought.values())
        return math.fsum(_log_sum([left, there]) + common for left, there, common in parts)

    def alive(self, days: list[date], as_of: date) -> float:
        """Return P(alive), limited to 0.01 to 0.99."""
        left, there, _common = self._parts(days, as_of)
        return min(max(math.exp(there - _log_sum([left, there])), 0.01), 0.99)


def _beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _log_sum(logs: list[float]) -> float:
    most = max(logs)
    return most + math.log(math.fsum(math.exp(each - most) for each in logs))


def cuts(bought: Bought, lost_on: Any, as_of: date) -> list[dict[str, Any]]:
    """Return the columns of the back-test that do not depend on the model, for each cut.

    `lost_on` returns the customers that are lost at the end of a day.
    """
    found = []
    for days in (30, 90, 180):
        cut = as_of - timedelta(days)
        past = {code: [day for day in each if day <= cut] for code, each in bought.items()}
        known = {code: each for code, each in past.items() if each and code not in lost_on(cut)}
        came = [any(cut + DAY <= day <= as_of for day in bought[code]) for code in known]
        n, k = len(known), sum(came)
        rate = k / n if n else None
        row: dict[str, Any] = {"days": days, "on": cut.isoformat(), "customers": n, "bought": k, "rate": rate}
        is_judged = _is_enough(past) and 5 <= k <= n - 5
        row["auc_recency"] = (
            auc([(each[-1] - cut).days for each in known.values()], came) if is_judged else None
        )
        row["brier_base"] = rate * (1 - rate) if rate is not None and is_judged else None
        found.append(row)
    return found


def _is_enough(past: Bought) -> bool:
    """Whether there are the 20 customers and 10 repeat purchases that a model needs."""
    known = [days for days in past.values() if days]
    return len(known) >= 20 and sum(len(days) - 1 for days in known) >= 10
