"""Run a harness on a store and print the result as JSON: python -m faults.drive HARNESS STORE COUNT SEED FOLDER."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from faults.bad_stores import Believing, Renamed, Stock, Trusting, Unsynced
from faults.children import end_with_parent
from faults.stores import Ours
from faults.work import usual

STORES = {
    "ours": Ours,
    "stock": Stock,
    "renamed": Renamed,
    "unsynced": Unsynced,
    "believing": Believing,
    "trusting": Trusting,
}


def main(harness: str, store: str, count: str, seed: str, folder: str) -> None:
    module = import_module(f"faults.{harness}")
    end_with_parent()
    _warm()
    subjects = getattr(module, "SUBJECTS", STORES)
    result = module.run(subjects[store], int(count), Random(int(seed)), Path(folder))
    sys.stdout.write(json.dumps(result.dump()) + "\n")


def _warm() -> None:
    """Run short sessions so that lazily imported modules are loaded before children are forked."""
    with TemporaryDirectory() as folder:
        for store in (Stock, Renamed, Ours):
            usual(store, Path(folder) / f"{store.__name__}.json", 1, lambda text: None, steps=20)


if __name__ == "__main__":
    main(*sys.argv[1:])
