"""A record type that exists only in the tests: product samples handed to a customer."""

from __future__ import annotations

from datetime import date

from archive.model.field_type import Ref
from archive.model.fields import Record, fact, record
from archive.model.kinds import DATE, LONG_TEXT, TEXT, Link


@record
class Sample(Record):
    """A sample that a customer was given."""

    TABLE = "samples"
    LABEL = "Samples"
    NOUN = "sample"
    RANK = 75
    LETTER = "x"
    ADD = ("x", "a sample")
    COLUMNS = ("product", "customer", "given_on")
    PROFILE_COLUMNS = ("product", "given_on", "note")
    IDENTITY = ("customer", "product")
    DAY = "given_on"
    SYNONYMS = "\nproduct: specimen\n"

    customer: Ref = fact(Link("customers"), "Customer", required=True)
    product: str = fact(TEXT, "Product", required=True)
    given_on: date | None = fact(DATE, "Given on")
    note: str = fact(LONG_TEXT, "Note")
