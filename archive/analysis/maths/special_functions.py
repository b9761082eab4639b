"""Special functions that the standard library lacks."""

from __future__ import annotations

from math import erfc, exp, lgamma, log, sqrt

_LARGE = 10.0  # from here the asymptotic series of digamma is accurate to the last digits


def chi2_sf(x: float, dof: int) -> float:
    """Return P(chi-square with `dof` degrees of freedom > x), the regularised upper incomplete gamma Q(dof/2, x/2).

    Uses the recurrence Q(a + 1, y) = Q(a, y) + y^a e^-y / Gamma(a + 1) from Q(1, y) = e^-y or Q(1/2, y) =
    erfc(sqrt(y)), whose terms are all positive (DLMF 8.8.6).

    Raises:
        ValueError: x is negative or dof is below 1.
    """
    if not (x >= 0 and dof >= 1):
        raise ValueError(f"chi-square of {x} with {dof} degrees of freedom")
    y = x / 2
    if y == 0:
        return 1.0
    a, q = (0.5, erfc(sqrt(y))) if dof % 2 else (1.0, exp(-y))
    while a < dof / 2:
        q += exp(a * log(y) - y - lgamma(a + 1))
        a += 1
    return min(q, 1.0)


def digamma(x: float) -> float:
    """Return the derivative of log Gamma at x, by recurrence up to 10, then the asymptotic series.

    DLMF 5.5.2 and 5.11.2.

    Raises:
        ValueError: x is not positive.
    """
    if not x > 0:
        raise ValueError(f"digamma of {x}")
    below = 0.0
    while x < _LARGE:
        below += 1 / x
        x += 1
    s = 1 / (x * x)
    series = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * 691 / 32760)))))
    return log(x) - 0.5 / x - series - below
