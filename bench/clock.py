"""The day of the benchmarks."""

from datetime import datetime

from archive.model.fields import Context

NOW = datetime(2026, 11, 20, 10, 30)  # noqa: DTZ001 - days are days where the user is
CTX = Context(now=NOW)
