"""The fixed date of the benchmarks."""

from datetime import datetime

from archive.model.field_types.base import Context

NOW = datetime(2026, 11, 20, 10, 30)  # noqa: DTZ001 - dates are local to the user
CTX = Context(now=NOW)
