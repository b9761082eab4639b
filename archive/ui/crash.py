"""The message for an internal error that ends the program: its location, without customer data."""

from __future__ import annotations

from pathlib import Path

from textual.worker import Worker, WorkerState

from archive.text import _
from archive.ui.error_guard import ShowsErrors

WAITED_FOR = frozenset({"open", "select", "lines", "report", "plan"})
"""Worker groups whose result a screen waits for."""


class EndsWithErrors(ShowsErrors):
    """Mixin that lets an internal error in an awaited worker thread end the program with a crash report.

    Otherwise the screen would wait for the result forever.
    """

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        worker = event.worker
        if worker.group in WAITED_FOR and event.state == WorkerState.ERROR and worker.error:
            raise worker.error  # an ArchiveError is shown like that of any handler


def crash_report(error: BaseException | None) -> str:
    """Return a message with the type, file and line of an internal error, but no values."""
    return _("The program has crashed: {kind} in {where}. Everything you saved is on disk.").format(
        kind=type(error).__name__, where=_place_of(error)
    )


def _place_of(error: BaseException | None) -> str:
    """Return "FILE:LINE" of the innermost frame."""
    trace = error.__traceback__ if error else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
