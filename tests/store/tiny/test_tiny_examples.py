"""The examples in the README run unchanged."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from archive.model.records.customer import Customer
from archive.service.archive import Archive

ROOT = Path(__file__).parents[3]
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture
def archived(tmp_path):
    """A folder with an archive of an active and a dormant customer, where the examples look for it."""
    archive = Archive.open(tmp_path / "archive.json", create=True)
    archive.save(Customer(kind="person", full_name="Ada Active", status="active"))
    archive.save(Customer(kind="person", full_name="Leo Dormant", status="dormant"))
    archive.close()
    return tmp_path


@pytest.mark.parametrize(("example", "said"), list(zip(EXAMPLES, ["Ada Active", "2"], strict=True)))
def test_an_example_prints_the_documented_result(archived, example, said):
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{example}"],
        cwd=archived,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
    assert "Leo Dormant" not in done.stdout
