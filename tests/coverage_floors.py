"""Check the branch coverage of each layer against its minimum; exit with 1 if a layer is below it.

Reads `.coverage` from the last test run with --cov: `python tests/coverage_floors.py [LAYER ...]`.
"""

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from coverage import Coverage

FLOORS = {"model": 100, "store": 100, "analysis": 100, "exchange": 100, "service": 95, "cli": 95, "ui": 90}
PACKAGE = "archive"


def measured() -> dict[str, dict[str, dict[str, int]]]:
    """Return the coverage summary of every file, by layer."""
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_bytes())["files"]
    layers: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for name, file in files.items():
        parts = Path(name).parts
        layers[parts[parts.index(PACKAGE) + 1]][name] = file["summary"]
    return layers


def share(files: list[dict[str, int]]) -> float:
    """Return the percentage of statements and branches that ran; 100 if there are none."""
    ran = sum(file["covered_lines"] + file["covered_branches"] for file in files)
    of = sum(file["num_statements"] + file["num_branches"] for file in files)
    return 100 * ran / of if of else 100.0


def main() -> int:
    """Print a line for each layer, and one for each file below the minimum of a failing layer."""
    layers = measured()
    missed = 0
    for layer in sys.argv[1:] or FLOORS:
        floor = FLOORS[layer]
        files = layers.get(layer, {})
        reached = share(list(files.values()))
        is_under = reached < floor
        missed += is_under
        print(f"{layer:10} {reached:7.2f} % of {floor} %{'  BELOW MINIMUM' if is_under else ''}")
        for name, file in sorted(files.items()):
            if is_under and share([file]) < floor:
                print(f"    {share([file]):7.2f} %  {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
