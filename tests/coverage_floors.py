"""How much of each layer the tests ran, branches included; exits 1 where a layer is under its floor.

Reads `.coverage` of the last test run with --cov: `python tests/coverage_floors.py [LAYER ...]`.
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
    """The figures of every file, by layer."""
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
    """Percent of the statements and branches that ran; of nothing, all."""
    ran = sum(file["covered_lines"] + file["covered_branches"] for file in files)
    of = sum(file["num_statements"] + file["num_branches"] for file in files)
    return 100 * ran / of if of else 100.0


def main() -> int:
    """Print a line for each layer, and for each file that keeps its layer under the floor."""
    layers = measured()
    missed = 0
    for layer in sys.argv[1:] or FLOORS:
        floor = FLOORS[layer]
        files = layers.get(layer, {})
        reached = share(list(files.values()))
        is_under = reached < floor
        missed += is_under
        print(f"{layer:10} {reached:7.2f} % of {floor} %{'  UNDER ITS FLOOR' if is_under else ''}")
        for name, file in sorted(files.items()):
            if is_under and share([file]) < floor:
                print(f"    {share([file]):7.2f} %  {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
