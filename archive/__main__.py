"""Entry point of `python -m archive` and of the installed command `archive`."""

import gc
import os
import signal
import sys
from contextlib import suppress
from types import FrameType, TracebackType
from typing import NoReturn

SOFTWARE_ERROR = 70
INTERRUPTED = 128 + 2
ORDERLY = 1.6  # seconds for an orderly end after a signal; users are promised two


class Ended(BaseException):
    """The system asked this process to end. Not a SystemExit, because some callers catch SystemExit from libraries."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def main() -> None:
    """Run the command line and exit with its exit code."""
    if sys.argv[1:] == ["--version"]:  # before any other import, so that it is fast for scripts
        from archive import __version__

        print(f"archive {__version__}")
        sys.exit(0)
    sys.excepthook = last_resort
    gc.disable()  # until an archive is open: everything allocated at startup stays, so collections find nothing
    _tidy_up_when_ended()
    try:
        from archive.cli import run

        sys.exit(run(sys.argv[1:]))
    except Ended as ended:
        _drop_output()
        sys.exit(ended.code)


def _tidy_up_when_ended() -> None:
    """Leave no temporary files behind if the terminal is closed or the system shuts down."""
    for number in _signals():
        if signal.getsignal(number) is signal.SIG_DFL:  # keep it ignored under nohup
            signal.signal(number, _leave)


def _signals() -> tuple[int, ...]:
    return (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))


def _leave(number: int, _frame: FrameType | None) -> None:
    """Unwind the stack within a limited time. Further signals are ignored, because a shutdown sends several."""
    for other in _signals():
        signal.signal(other, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, lambda _number, _frame: _leave_now(128 + number))
        signal.setitimer(signal.ITIMER_REAL, ORDERLY)
    raise Ended(128 + number)


def _leave_now(code: int) -> NoReturn:
    """Delete the temporary files and exit at once. Acknowledged changes are on disk; the kernel releases the lock."""
    from archive.files import remove_unfinished

    remove_unfinished()
    os._exit(code)


def _drop_output() -> None:
    """Discard buffered output. If its reader has gone, flushing it at exit would fail and change the exit code."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            with suppress(OSError, ValueError):  # the stream has no descriptor or is closed
                os.dup2(devnull, stream.fileno())


def last_resort(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Report the type and the place of an internal error, without its message, which may contain customer data."""
    if issubclass(kind, KeyboardInterrupt):
        raise SystemExit(INTERRUPTED)
    if isinstance(error, Ended):
        raise SystemExit(error.code)
    missing = f" ({error.name})" if isinstance(error, ImportError) else ""
    print(f"archive: internal error {kind.__name__}{missing} in", file=sys.stderr)
    while trace:
        code = trace.tb_frame.f_code
        print(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}", file=sys.stderr)
        trace = trace.tb_next
    raise SystemExit(SOFTWARE_ERROR)


if __name__ == "__main__":
    main()
