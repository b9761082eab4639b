"""The manual and the README say what the program does: keys, options, fields, filters and examples are compared."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from archive.analysis.request import reports
from archive.cli import _parser
from archive.exchange.csv_table import MAX_CELL
from archive.exchange.formats import formats
from archive.exchange.layouts import layout_names
from archive.inputs import MOST
from archive.model.contract_status import CONTRACT_STATUS, TERM_STATUS
from archive.model.dates import parse_date, parse_partial
from archive.model.derived import derived_fields
from archive.model.field_type import Context
from archive.model.fields import Fact, Record
from archive.model.filters import compile_query
from archive.model.kinds import LINE_CAP, TAGS, TEXT_CAP, Choice
from archive.model.lists import LIST_CAP, ListOf
from archive.model.numbers import parse_number
from archive.model.partial_date import FIRST_YEAR, LAST_YEAR
from archive.model.query import QUERY_CAP, parse
from archive.model.quick_entry.line import explain, read_contact, read_purchase
from archive.model.records.product import Product
from archive.model.tables import TABLES
from archive.service.importing.plan import MERGES
from archive.settings import Settings
from archive.store.changes import KEPT_DAYS, KEPT_ENTRIES
from archive.ui import app, screens
from archive.ui.commands import Command, HasCommands, commands_of, show_key
from archive.ui.navigation import PLACES
from archive.ui.screens.import_options import OPTIONS
from archive.ui.screens.profile_tabs import TABS
from archive.ui.widgets.inputs import LONGEST_LINE

ROOT = Path(__file__).parents[1]
MANUAL = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = MANUAL.splitlines()
CTX = Context(now=datetime.fromisoformat("2026-11-20T10:30"), currency="EUR")  # the manual's Friday
RICE = Product(uid="p", code="R25", name="Jasmine rice", unit="bag", usual_price=Decimal(18), currency="EUR")


def section(title: str) -> str:
    """The text below a heading, up to the next one of its level or above."""
    level = title.partition(" ")[0]
    start = LINES.index(title) + 1
    ends = (n for n in range(start, len(LINES)) if re.match(rf"#{{1,{len(level)}}} ", LINES[n]))
    return "\n".join(LINES[start : next(ends, len(LINES))])


def table(title: str, first: str) -> list[tuple[str, str]]:
    """The first two cells of the rows of a section's table whose first column has this name."""
    rows: list[tuple[str, str]] = []
    lines = iter(section(title).splitlines())
    next(line for line in lines if line.startswith(f"| {first} |"))
    next(lines)
    for line in lines:
        if not line.startswith("|"):
            break
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        rows.append((cells[0], cells[1]))
    assert rows
    return rows


def examples(title: str, first: str = "you type") -> list[tuple[str, str]]:
    return [(typed.strip("`"), meant) for typed, meant in table(title, first)]


def command_lines(text: str) -> Iterator[str]:
    """What stands behind `archive` in code blocks; three blanks begin a remark."""
    for block in re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if found := re.match(r"(?:\.venv/bin/)?archive\b(.*)", line):
                yield re.split(r"\s{3,}", found[1])[0]


def owners() -> Iterator[type]:
    """Every class that declares commands."""
    modules = [
        import_module(f"{screens.__name__}.{module.name}") for module in iter_modules(screens.__path__)
    ]
    for module in [*modules, app]:
        for thing in vars(module).values():
            is_own = isinstance(thing, type) and thing.__module__ == module.__name__
            if is_own and issubclass(thing, HasCommands):
                yield thing


def declared() -> Iterator[tuple[Command, str]]:
    for owner in owners():
        own = {name.removeprefix("action_") for name in vars(owner)}
        yield from ((found, text) for name, found, text in commands_of(owner) if name in own)


def command_row(found: Command, text: str) -> str:
    keys = dict.fromkeys(show_key(key) for key in found.keys.split(","))
    return f"| {' '.join(f'`{key}`' for key in keys)} | {found.label} | {text} |"


def field_row(key: str, fact: Fact) -> str:
    label = f"{fact.label} (required)" if fact.required else fact.label
    how = ", ".join(fact.kind.options) if isinstance(fact.kind, Choice) else fact.hint
    cells = (f"`{key}`", label, fact.kind.name, ", ".join(fact.aliases), how)
    return f"| {' | '.join(cells)} |"


def field_rows(cls: type[Record]) -> Iterator[str]:
    for key, fact in cls.FACTS.items():
        yield field_row(key, fact)
        if isinstance(fact.kind, ListOf):
            for part, inner in fact.kind.part.FACTS.items():
                yield field_row(f"{key}.{part}", inner)


def test_the_manual_has_every_command_with_its_keys_and_its_help() -> None:
    missing = [row for found, text in declared() if (row := command_row(found, text)) not in LINES]
    assert not missing


def test_the_manual_has_no_command_that_the_program_lacks() -> None:
    known = {command_row(found, text) for found, text in declared()}
    head = "| key | command | what it does |"
    shown: set[str] = set()
    for block in "\n".join(LINES).split(head)[1:]:
        shown.update(block.partition("\n\n")[0].splitlines()[2:])
    assert shown == known


def test_the_manual_has_every_place_with_its_letter() -> None:
    places = table("## Places and keys", "key")
    assert places == [(f"`{place.letter}`", place.label) for place in PLACES.values()]


def test_the_manual_has_every_tab_of_the_profile() -> None:
    assert [tab for tab, _text in table("## The profile of a customer", "tab")] == [tab.label for tab in TABS]


@pytest.mark.parametrize("name", TABLES)
def test_the_manual_has_every_field_as_it_is_declared(name: str) -> None:
    text = section(f"### {TABLES[name].LABEL}: `{name}`").splitlines()
    assert [line for line in text if line.startswith("| `")] == list(field_rows(TABLES[name]))


def test_the_manual_has_every_verb_and_no_other() -> None:
    headings = re.findall(r"^### archive (\w+)$", MANUAL, re.MULTILINE)
    assert headings == sorted(_parser.verbs())


@pytest.mark.parametrize("name", _parser.verbs())
def test_the_manual_has_every_option_of_a_verb_and_no_other(name: str) -> None:
    verb = _parser.load(_parser.verbs()[name])
    parser = argparse.ArgumentParser(add_help=False)
    verb.arguments(parser)
    text = section(f"### archive {name}")
    assert verb.summary[1:] in text
    options = {option for action in parser._actions for option in action.option_strings}
    assert set(re.findall(r"`(--?[a-z][a-z-]*)`", text)) == options
    for action in parser._actions:
        assert action.option_strings or f"| `{action.metavar}` |" in text
        assert (action.help or "").partition(":\n")[0] in text
        assert all(f"`{choice}`" in text for choice in action.choices or ())


@pytest.mark.parametrize("line", [*command_lines(MANUAL), *command_lines(README)])
def test_every_command_line_that_is_shown_is_understood(line: str) -> None:
    words = shlex.split(line)
    verb, args = _parser.called(words)
    assert callable(verb)
    assert args.archive.name
    names = [word for word in words if word in _parser.verbs()]
    assert not names or getattr(args, "file", None) not in names


@pytest.mark.parametrize(("filter_", "meant"), examples("### The filter language"))
def test_every_filter_that_is_shown_is_understood(filter_: str, meant: str) -> None:
    assert callable(compile_query(parse(filter_), TABLES["customers"], CTX))
    assert meant


def test_the_manual_has_every_word_of_the_filter_language_that_is_no_field() -> None:
    words = " ".join(word for word, _text in table("### The filter language", "word"))
    derived = [name for cls in TABLES.values() for name in derived_fields(cls, CTX)]
    assert all(f"`{name}`" in words for name in (*derived, "product", "city", "organisation"))


@pytest.mark.parametrize(("line", "meant"), examples("### Log"))
def test_every_contact_in_one_line_is_understood_as_the_manual_says(line: str, meant: str) -> None:
    assert explain(read_contact(line, CTX), CTX) == meant


@pytest.mark.parametrize(("line", "meant"), examples("### Bought"))
def test_every_purchase_in_one_line_is_understood_as_the_manual_says(line: str, meant: str) -> None:
    order = read_purchase(line, CTX, lambda text: RICE if text == RICE.name else None)
    assert explain(order, CTX, RICE if order.product.uid else None) == meant


@pytest.mark.parametrize(("key", "line"), examples("### Lists", "field"))
def test_every_part_of_a_list_in_one_line_is_understood(key: str, line: str) -> None:
    kind, text = TABLES["customers"].FACTS[key].kind, line.strip("`")
    two = {"Wang <wang@north.example>, ann@north.example", "Mon-Fri 9-12 14-17", "Mon 9.30-17.30 Tue 10-18"}
    assert len(kind.parse(text, CTX)) == (2 if text in two else 1)


AGREED = "## Contracts, wallets, campaigns and plans"


@pytest.mark.parametrize(("key", "line"), examples(AGREED, "list"))
def test_every_delivery_and_supplier_in_one_line_is_understood(key: str, line: str) -> None:
    name, *keys = key.split(".")
    facts: dict[str, Fact] = TABLES[name].FACTS
    for inner in keys:
        kind = facts[inner].kind
        assert isinstance(kind, ListOf)
        facts = kind.part.FACTS
    (part,) = kind.parse(line.strip("`"), CTX)
    assert kind.line(part, CTX).replace("@710", "@710.00") == line.strip("`")


def test_the_manual_says_when_a_contract_and_a_term_are_what() -> None:
    states = [state for state, _text in table(AGREED, "a contract is")]
    assert states == list(CONTRACT_STATUS.options.values())
    assert [state for state, _text in table(AGREED, "a term is")] == list(TERM_STATUS.options.values())


@pytest.mark.parametrize(("text", "meant"), examples("### Dates"))
def test_every_date_is_understood_as_the_manual_says(text: str, meant: str) -> None:
    assert parse_date(text, CTX.today).isoformat() == meant


@pytest.mark.parametrize("text", ["5 March", "1970", "Apr 1970"])
def test_every_birthday_of_the_manual_is_understood(text: str) -> None:
    assert f"`{text}`" in section("### Dates")
    assert parse_partial(text, CTX.today).whole is None


@pytest.mark.parametrize(("text", "meant"), examples("### Numbers"))
def test_every_number_is_understood_as_the_manual_says(text: str, meant: str) -> None:
    assert parse_number(text) == Decimal(meant)


@pytest.mark.parametrize("name", reports())
def test_the_manual_has_every_report_with_its_options(name: str) -> None:
    text = section(f"### {name}")
    for option in reports()[name].declared.options:
        values = ", ".join(f"`{choice}`" for choice in option.choices) or "a number"
        assert f"| `{option.key}` | {values} |" in text


def test_the_manual_has_every_setting_with_its_default() -> None:
    shown = Settings()._asdict()
    wanted = [
        (f"`{name}`", f"`{value!s}`" if value == {} else f'`"{value}"`') for name, value in shown.items()
    ]
    assert table("## Settings", "setting") == wanted


def test_the_manual_has_every_format_with_its_endings() -> None:
    wanted = [
        (f"`{name}`", ", ".join(f"`{end}`" for end in form.suffixes)) for name, form in formats().items()
    ]
    assert table("## Formats", "format") == wanted


def test_the_manual_names_every_program_whose_files_are_known() -> None:
    assert f"\n{', '.join(layout_names())}.\n" in section("### What is read")


def test_the_manual_has_every_option_of_the_import_place_and_every_way_of_merging() -> None:
    options = [name for name, _text in table("### On the screen", "option")]
    assert options == [title for title, _values in OPTIONS.values()]
    assert [name.strip("`") for name, _text in table("### When values differ", "`--merge`")] == list(MERGES)


def test_the_limits_of_the_manual_are_those_of_the_program() -> None:
    minutes = TABLES["interactions"].FACTS["minutes"].kind
    assert [most for _what, most in table("## Limits", "what")] == [
        f"{LINE_CAP:,} characters",
        f"{TAGS.cap} characters",
        f"{TEXT_CAP:,} characters",
        f"{LONGEST_LINE:,} characters",
        f"{LIST_CAP}",
        f"{QUERY_CAP:,} characters",
        "28",
        f"{MAX_CELL:,} characters",
        f"{MOST >> 30} GiB",
        f"{FIRST_YEAR} to {LAST_YEAR}",
        f"{minutes.high:,}",  # type: ignore[attr-defined]
    ]
    assert f"the last {KEPT_ENTRIES:,} changes and those of the last {KEPT_DAYS} days" in MANUAL


@pytest.mark.parametrize(("text", "folder"), [(MANUAL, ROOT / "docs"), (README, ROOT)])
def test_every_link_leads_to_a_file_or_a_heading_that_exists(text: str, folder: Path) -> None:
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        path, _hash, heading = target.partition("#")
        assert not path or (folder / path).exists(), target
        assert path or heading in headings, target
