"""Parse the command line: find the function to call and its arguments."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from archive import __version__
from archive.cli._console import Console
from archive.cli._verbs import Verb
from archive.errors import UsageError
from archive.settings import data_folder, read_settings
from archive.text import N_, _, use_language

Call = Callable[[argparse.Namespace, Console], int]
_ABOUT = N_(
    "Customer Archive keeps your customers in a file. Without a command, it opens the terminal program."
)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError, so that its errors are reported like all others."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}.", _("See `{command} --help`.").format(command=self.prog))


def verbs() -> dict[str, str]:
    """Return the module of each verb. The module of a Python keyword or built-in ends in an underscore: `import_`."""
    files = sorted(Path(__file__).parent.iterdir())  # pkgutil would take 10 ms longer
    names = (file.stem for file in files if file.suffix == ".py")
    return {name.rstrip("_"): name for name in names if not name.startswith("_")}


def load(module: str) -> Verb:
    """Import the module of a verb and return its declaration. Only the verb that is called is imported."""
    verb: Verb = import_module(f"archive.cli.{module}").VERB
    return verb


def called(argv: list[str]) -> tuple[Call, argparse.Namespace]:
    """Return the function that the command line calls, and its parsed arguments.

    Raises:
        UsageError: The arguments are wrong.
    """
    at = _first_word(argv)
    module = verbs().get(argv[at]) if at < len(argv) else None
    if module is None:
        return _file_or_help(argv)
    verb = load(module)
    parser = _parser(f"archive {verb.name}", verb)
    verb.arguments(parser)
    words = argv[:at] + argv[at + 1 :]
    args = parser.parse_args(list(map(_free, words)) if verb.free_text else words)
    return verb.run, _completed(args, interactive=verb.interactive)


def _free(word: str) -> str:
    """Prefix a word such as -tag:vip with a blank, so that argparse does not take it for an option."""
    return f" {word}" if word[:1] == "-" and word[1:2] not in ("", "-") and word != "-h" else word


def _file_or_help(argv: list[str]) -> tuple[Call, argparse.Namespace]:
    from archive.cli._open import open_file

    details = _listed_verbs() if {"-h", "--help"}.intersection(argv) else ""
    parser = _parser("archive", Verb("archive", _ABOUT, open_file, details=details))
    parser.usage = "archive [--archive PATH] [FILE | COMMAND ...]"
    parser.add_argument("--version", action="version", version=f"archive {__version__}")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help=_("the archive to open in the terminal program")
    )
    args = parser.parse_args(argv)
    if args.file is not None and args.archive is not None:
        raise UsageError(
            _("Two archives are specified: {one} and {other}.").format(one=args.file, other=args.archive),
            _("Name the archive once, with or without --archive."),
        )
    args.archive = args.archive if args.file is None else args.file
    return open_file, _completed(args, interactive=True)


def _listed_verbs() -> str:
    """Return the list of verbs for `archive --help`."""
    declared = [load(module) for module in verbs().values()]
    width = max(len(verb.name) for verb in declared)
    lines = [f"  {verb.name:{width}}  {_(verb.summary)}" for verb in declared]
    return "\n".join([_("commands:"), *lines, "", _("`archive COMMAND --help` describes a command.")])


def _first_word(argv: list[str]) -> int:
    """Return the index of the first argument after any `--archive PATH`."""
    at = 0
    while at < len(argv) and argv[at].partition("=")[0] == "--archive":
        at += 1 if "=" in argv[at] else 2
    return at


def _parser(prog: str, verb: Verb) -> Parser:
    parser = Parser(
        prog=prog,
        description=_(verb.summary),
        epilog=_(verb.details) or None,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--archive", metavar="PATH", help=_("the archive to use"))
    return parser


def _completed(args: argparse.Namespace, *, interactive: bool) -> argparse.Namespace:
    """Load `settings`, resolve `archive` to a path, and set `named` if it was given on the command line.

    A wrong setting ends a command, which could write a wrong date. The terminal program starts with the default of
    that setting, and shows `problems`.
    """
    args.settings, args.problems = read_settings()
    if args.problems and not interactive:
        raise args.problems[0]
    if args.settings.language:
        use_language(args.settings.language)
    args.named = args.archive is not None
    args.archive = archive_path(args.archive)
    return args


def archive_path(named: str | None) -> Path:
    """Return the named path, else the value of ARCHIVE_FILE, else `archive.json` in the data folder.

    Raises:
        UsageError: The path is a folder.
    """
    text = named if named is not None else os.environ.get("ARCHIVE_FILE", "")
    if named is None and not text:
        return data_folder() / "archive.json"
    path = Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises for an unknown ~user
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir may raise for an invalid name
        raise UsageError(
            _("{path} is a folder, not an archive.").format(path=path), _("Specify a file in it.")
        )
    return path
