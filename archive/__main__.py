"""`python -m archive` and the installed command `archive`."""

import gc
import signal
import sys
from types import FrameType, TracebackType

SOFTWARE_ERROR = 70
INTERRUPTED = 128 + 2


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:  # before any other import: it is what scripts ask first
        from archive import __version__

        print(f"archive {__version__}")
        sys.exit(0)
    sys.excepthook = last_resort
    gc.disable()  # until an archive is open: what starting makes stays, and the collector would go through it
    _tidy_up_when_ended()
    from archive.cli import run

    sys.exit(run(sys.argv[1:]))


def _tidy_up_when_ended() -> None:
    """Leave no half-written file where a terminal is closed or the system shuts down."""
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is signal.SIG_DFL:  # not where somebody wants it ignored, as nohup does
            signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def last_resort(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say of an error of the program where it is, and nothing of the customers whose data it may quote."""
    if issubclass(kind, KeyboardInterrupt):
        raise SystemExit(INTERRUPTED)
    missing = f" of {error.name}" if isinstance(error, ImportError) else ""
    print(f"archive: an error of the program, {kind.__name__}{missing}, in", file=sys.stderr)
    while trace:
        code = trace.tb_frame.f_code
        print(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}", file=sys.stderr)
        trace = trace.tb_next
    raise SystemExit(SOFTWARE_ERROR)


if __name__ == "__main__":
    main()
