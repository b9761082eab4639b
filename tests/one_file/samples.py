"""A record type that exists only in the tests: product samples handed to a customer."""

from __future__ import annotations

from datetime import date

from archive.model.field_types.base import Ref
from archive.model.field_types.standard import DATE, LONG_TEXT, TEXT, Link
from archive.model.fields import Record, field, record


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

    customer: Ref = field(Link("customers"), "Customer", required=True)
    product: str = field(TEXT, "Product", required=True)
    given_on: date | None = field(DATE, "Given on")
    note: str = field(LONG_TEXT, "Note")
