"""Update the tables in docs/manual.md, and print the name of each table that changed."""

from pathlib import Path

from docs.tables import rewritten, stale

MANUAL = Path(__file__).parents[1] / "manual.md"

text = MANUAL.read_text(encoding="utf-8")
for name in stale(text):
    print(f"docs/manual.md: table {name}")
MANUAL.write_text(rewritten(text), encoding="utf-8")
