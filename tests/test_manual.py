"""The manual matches the program: its generated tables are current, and its examples, messages and labels exist."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from archive.cli import _parser
from archive.model.contract_status import CONTRACT_STATUS, TERM_STATUS
from archive.model.dates import parse_partial
from archive.model.derived import derived_fields
from archive.model.field_types.base import Context
from archive.model.filters import compile_query
from archive.model.query import parse
from archive.model.tables import TABLES
from archive.service.importing.plan import MERGES
from archive.store.changes import KEPT_DAYS, KEPT_ENTRIES
from archive.ui.screens.profile_tabs import TABS
from docs.tables import rewritten, screens, stale, tables
from docs.tables.commands import command
from docs.tables.records import fields, personal_settings

ROOT = Path(__file__).parents[1]
MANUAL = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = MANUAL.splitlines()
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SHOWN = re.compile(
    r'\b(?:_|N_|plural)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)'
)  # one literal, or several that are joined
LIMITS = "<!-- table: limits -->\n<!-- end -->\n"
CTX = Context(now=datetime.fromisoformat("2026-11-20T10:30"), currency="EUR")  # the manual's Friday


def section(title: str) -> str:
    """Return the text below a heading, up to the next heading of the same or a higher level."""
    level = title.partition(" ")[0]
    start = LINES.index(title) + 1
    ends = (n for n in range(start, len(LINES)) if re.match(rf"#{{1,{len(level)}}} ", LINES[n]))
    return "\n".join(LINES[start : next(ends, len(LINES))])


def table(title: str, first: str) -> list[tuple[str, str]]:
    """Return the first two cells of each row of the section's last table whose first column has this name."""
    rows: list[tuple[str, str]] = []
    lines = section(title).splitlines()
    start = max(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        rows.append((cells[0], cells[1]))
    assert rows
    return rows


def examples(title: str, first: str = "you type") -> list[tuple[str, str]]:
    return [(typed.strip("`"), meant) for typed, meant in table(title, first)]


def command_lines(text: str) -> Iterator[str]:
    """Yield the arguments of `archive` in code blocks, without remarks after three blanks."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if found := re.match(r"(?:\.venv/bin/)?archive\b(.*)", line):
                yield re.split(r"\s{3,}", found[1])[0]


def test_the_tables_of_the_manual_are_up_to_date() -> None:
    assert stale(MANUAL) == [], "These tables of docs/manual.md are out of date. Run `make manual`."


def test_a_table_that_differs_or_is_missing_is_named() -> None:
    text = f"<!-- table: programs -->\nold\n<!-- end -->\n{rewritten(LIMITS)}"
    missing = [name for name in tables() if name not in ("programs", "limits")]
    assert stale(text) == [*missing, "programs"]
    assert stale(rewritten(text)) == missing


def test_an_unknown_or_unclosed_table_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown tables: moods"):
        rewritten("<!-- table: moods -->\n<!-- end -->\n")
    with pytest.raises(ValueError, match="no line <!-- end -->"):
        rewritten("<!-- table: limits -->\n")


def test_text_outside_the_tables_stays_unchanged() -> None:
    text = "Before.\n<!-- table: programs -->\nold\n<!-- end -->\nAfter.\n"
    first, *_table, last = rewritten(text).splitlines()
    assert (first, last) == ("Before.", "After.")


def test_a_screen_without_a_title_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(screens.SCREENS, "history")
    with pytest.raises(ValueError, match="differ: history"):
        list(screens.all_keys())


def test_a_command_is_listed_with_its_keys_help_and_settings_name() -> None:
    rows = list(screens.all_keys())
    undo = re.compile(r"\| `u` \| Undo \| Undo [^|]+\. \| `archiveapp\.undo` \|")
    assert any(map(undo.fullmatch, rows))
    assert any(row.startswith("| `ctrl+s` `f2` | Save |") and row.endswith("| `form.save` |") for row in rows)


def test_a_field_is_listed_with_its_label_type_and_notation() -> None:
    rows = list(fields())
    assert "| `full_name` | Full name * | text | name |  |" in rows
    assert "| `phones.value` | Number * | phone |  |  |" in rows
    assert "| `wallets.confidence` | Confidence | choice |  | high, medium, low |" not in rows
    assert "| `confidence` | Confidence | choice |  | high, medium, low |" in rows


def test_a_setting_is_listed_with_its_default_and_meaning() -> None:
    rows = list(personal_settings())
    values = "`.`: 1,234.50 (point); `,`: 1.234,50 (comma)."
    assert f'| `decimal` | `"."` | How numbers are written and shown. {values} |' in rows
    assert any(row.startswith("| `keys` | `{}` |") for row in rows)


@pytest.mark.parametrize("name", _parser.verbs())
def test_a_verb_has_a_row_for_each_argument(name: str) -> None:
    verb = _parser.load(_parser.verbs()[name])
    parser = argparse.ArgumentParser(add_help=False)
    verb.arguments(parser)
    rows = [line for line in command(verb) if line.startswith("| `")]
    assert len(rows) == len(parser._actions)
    assert all(any(f"`{option}`" in row for row in rows) for option in parser._option_string_actions)


@pytest.mark.parametrize("line", [*command_lines(MANUAL), *command_lines(README)])
def test_every_command_line_in_the_manual_parses(line: str) -> None:
    words = shlex.split(line)
    verb, args = _parser.called(words)
    assert callable(verb)
    assert args.archive.name
    names = [word for word in words if word in _parser.verbs()]
    assert not names or getattr(args, "file", None) not in names


def test_the_manual_has_every_tab_of_the_profile() -> None:
    tabs = re.findall(r"^\d\. ([^:\n]+)", section("## Read and update a profile"), re.MULTILINE)
    assert tabs == [tab.label for tab in TABS]


@pytest.mark.parametrize(("filter_", "meant"), examples("## Filters"))
def test_every_filter_in_the_manual_parses(filter_: str, meant: str) -> None:
    assert callable(compile_query(parse(filter_), TABLES["customers"], CTX))
    assert meant


def test_the_manual_explains_every_calculated_name_in_filters() -> None:
    words = [word.strip("`") for word, _text in table("## Filters", "calculated")]
    derived = [name for cls in TABLES.values() for name in derived_fields(cls, CTX)]
    assert sorted(words) == sorted({*derived, "product"})


def test_the_manual_explains_every_status_of_a_contract_and_a_term() -> None:
    states = [state for state, _text in table("## Check contracts", "contract")]
    assert states == list(CONTRACT_STATUS.options.values())
    assert [state for state, _text in table("## Check contracts", "term")] == list(
        TERM_STATUS.options.values()
    )


@pytest.mark.parametrize("text", ["5 March", "1970", "Apr 1970", "--0414"])
def test_every_birthday_in_the_manual_parses(text: str) -> None:
    assert f"`{text}`" in section("### Dates")
    assert parse_partial(text, CTX.today).full_date is None


def test_the_manual_explains_every_merge_mode() -> None:
    assert [name.strip("`") for name, _text in table("### On conflict", "`--merge`")] == list(MERGES)


def test_the_manual_says_how_long_the_history_is_kept() -> None:
    assert f"the last {KEPT_ENTRIES:,} changes and those of the last {KEPT_DAYS} days" in MANUAL


@cache
def shown_texts() -> frozenset[str]:
    """Return all translatable texts of the program, which are the texts that screens can show."""
    sources = [path.read_text("utf-8") for path in (ROOT / "archive").rglob("*.py")]
    literals = [found for source in sources for found in _SHOWN.findall(source)]
    return frozenset("".join(_LITERAL.findall(literal)) for literal in literals)


def test_every_message_in_the_manual_exists_in_the_program() -> None:
    texts = shown_texts()
    messages = [message for message, _advice in table("## Messages", "the program says")]
    unknown = [
        message
        for message in messages
        if not any(all(part.strip() in text for part in message.split("...")) for text in texts)
    ]
    assert unknown == []


def test_every_label_in_the_manual_exists_in_the_program() -> None:
    by_hand = " ".join(re.sub(r"<!-- table: .+? -->\n.*?<!-- end -->", "", MANUAL, flags=re.DOTALL).split())
    labels = set(re.findall(r"(?<!\*)\*(\w[^*]*)\*(?!\*)", by_hand.replace("`*`", "")))
    texts = [text.lower() for text in shown_texts()]
    assert labels
    assert [label for label in sorted(labels) if not any(label.lower() in text for text in texts)] == []


@pytest.mark.parametrize(("text", "folder"), [(MANUAL, ROOT / "docs"), (README, ROOT)])
def test_every_link_leads_to_an_existing_file_or_heading(text: str, folder: Path) -> None:
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        path, _hash, heading = target.partition("#")
        assert not path or (folder / path).exists(), target
        assert path or heading in headings, target
