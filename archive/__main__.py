"""`python -m archive` and the installed command `archive`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:  # before any other import: it is what scripts ask first
        from archive import __version__

        print(f"archive {__version__}")
        sys.exit(0)
    from archive.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
