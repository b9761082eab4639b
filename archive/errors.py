"""The only exceptions that cross a layer. Each is words for people: what happened and what would help."""


class ArchiveError(Exception):
    """Something a person has to know.

    `message` is one sentence that says what was read and where, `hint` one that says what would do.
    `code` is the exit code of the command line (sysexits.h numbers where one fits).
    """

    code = 65

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        stop = "" if self.message.endswith((".", "!", "?", ":", "。")) or not self.hint else "."
        return f"{self.message}{stop} {self.hint}".strip()


class BadValue(ArchiveError):
    """A value does not fit its field; `field` is the fact's key when it is known."""

    field = ""


class UsageError(ArchiveError):
    """The command line was not understood, or there is no terminal."""

    code = 2


class NotFound(ArchiveError):
    """No such file, record or report."""

    code = 66


class NotOrdinary(ArchiveError):
    """A pipe, a device, a folder or a link has the name where an ordinary file is needed."""


class CannotWrite(ArchiveError):
    """The disk, the folder or an existing file is in the way."""

    code = 73


class NotConfirmed(CannotWrite):
    """The file was written, but the disk did not confirm that it is there to stay."""


class ForeignChange(CannotWrite):
    """Another program changed the files of the archive while it was open here, so nothing may be written over them."""


class InUse(ArchiveError):
    """Another program holds the archive."""

    code = 75


class Damaged(ArchiveError):
    """A file is there but is not a readable archive."""
