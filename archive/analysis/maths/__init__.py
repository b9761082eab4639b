"""The mathematics of the reports: pure functions, standard library only.

An undefined result (no cases, a zero or unknown denominator) is None, never zero; the caller gives the reason.
Shares and probabilities are fractions from 0 to 1; dates are `date` objects or day numbers.
"""
