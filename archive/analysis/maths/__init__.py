"""The mathematics of the reports: pure functions of numbers, standard library only.

Undefined (no cases, a zero or unknown denominator) is None, never zero; the caller says why.
Shares and probabilities are fractions from 0 to 1; dates are compared as dates or day numbers.
"""
