"""Customer Archive. Importing this package costs nothing; `archive.__main__` is the command."""

__version__ = "0.1.0"
