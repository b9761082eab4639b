"""What is said when an error of the program ends it: where it went wrong, and nothing of anybody's data."""

from __future__ import annotations

from pathlib import Path

from textual.worker import Worker, WorkerState

from archive.text import _
from archive.ui.error_guard import ShowsErrors

WAITED_FOR = frozenset({"open", "select", "lines", "report", "plan"})
"""Groups of threads whose answer a screen waits for."""


class EndsWithErrors(ShowsErrors):
    """An error of the program in a thread that somebody waits for ends the program with its report, as any other does:
    what it was to say would never come."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        worker = event.worker
        if worker.group in WAITED_FOR and event.state == WorkerState.ERROR and worker.error:
            raise worker.error  # an ArchiveError is shown, as that of any handler


def crash_report(error: BaseException | None) -> str:
    """Type, file and line of an error of ours, without any value."""
    return _(
        "An error of the program ended it: {kind} in {where}. Everything that was saved is on the disk."
    ).format(kind=type(error).__name__, where=_place_of(error))


def _place_of(error: BaseException | None) -> str:
    """ "FILE:LINE" of the innermost frame."""
    trace = error.__traceback__ if error else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
