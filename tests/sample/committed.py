"""The files of the sample, as they are committed."""

from pathlib import Path

COMMITTED = Path(__file__).parents[2] / "sample_data"
NAMES = ["sample.archive.json", "contacts.csv", "contacts_zh.csv", "purchases.csv"]
