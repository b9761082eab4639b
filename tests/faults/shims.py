"""Shared libraries for LD_PRELOAD that make system calls fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path


def built(source: Path, folder: Path) -> str:
    """Compile a library and return its path, or "!" and the reason if that fails."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if not compiler:
        return "!no C compiler is installed"
    made = folder / f"{source.stem}.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"!the shim does not compile: {done.stderr}" if done.returncode else str(made)
