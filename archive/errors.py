"""The exceptions that may cross layers. Each carries a message and a hint for the user."""


class ArchiveError(Exception):
    """An error that is shown to the user.

    Attributes:
        message: A sentence that says what was read, where, and why it is wrong.
        hint: A sentence that tells the user what to do, or "".
        code: The exit code of the command line, from sysexits.h where possible.
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
    """A value does not fit its field; `field` is the key of the field if known."""

    field = ""


class UsageError(ArchiveError):
    """The command line was not understood, or there is no terminal."""

    code = 2


class NotFound(ArchiveError):
    """No such file, record or report."""

    code = 66


class NotOrdinary(ArchiveError):
    """A regular file is required, but the path is a pipe, a device, a folder or a link."""


class CannotWrite(ArchiveError):
    """A file cannot be written because of the disk, its folder or an existing file."""

    code = 73


class NotConfirmed(CannotWrite):
    """The file was written, but the disk did not confirm that it is durable."""


class ForeignChange(CannotWrite):
    """Another program changed the files of the open archive, so they must not be overwritten."""


class InUse(ArchiveError):
    """Another program has the archive open for writing."""

    code = 75


class Damaged(ArchiveError):
    """A file exists, but it is not a readable archive."""
