"""Test the registries of formats, layouts and header words: entries are complete, and words are unambiguous."""

import pkgutil
from importlib import import_module

import pytest
from adding import add_formats

from archive.errors import ArchiveError, UsageError
from archive.exchange import formats as registry
from archive.exchange.format import Certainty, Format, ReadOptions, Row, Source, Table, WriteOptions
from archive.exchange.formats import (
    format_for,
    format_named,
    format_of,
    formats,
    readable,
    suffix_of,
    writable,
)
from archive.exchange.headers.synonyms import normal, synonyms
from archive.exchange.layouts import _LAYOUTS, find_layout, layout_names
from archive.exchange.mapping import _Placing
from archive.exchange.paths import Place, place_of
from archive.model.field_types.lists import ListOf
from archive.model.tables import TABLES

any_table = pytest.mark.parametrize("table", TABLES)

# A readable format, a write-only format, and a module that declares no format.
MODULES = {
    "tied": """
from archive.exchange.format import Certainty, Format, Source
FORMAT = Format(
    key="tied",
    label="Tied",
    suffixes=(".tie",),
    place=0,
    read=lambda data, options: Source(header=[], rows=[]),
    sniff=lambda head, suffix: Certainty.LIKELY if suffix == ".csv" else Certainty(3 * (b"knot" in head)),
)
""",
    "written_only": """
from archive.exchange.format import Format
FORMAT = Format(key="calendar", label="C", suffixes=(".cal",), place=9, write=lambda tables, options: iter([]))
""",
    "helper": "ANSWER = 42",
}


@pytest.fixture
def added(monkeypatch, tmp_path):
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    add_formats(monkeypatch, tmp_path)


def test_every_registry_module_is_a_format_with_a_unique_key():
    modules = [
        import_module(f"{registry.__name__}.{m.name}") for m in pkgutil.iter_modules(registry.__path__)
    ]
    assert all(isinstance(module.FORMAT, Format) for module in modules)
    assert len({module.FORMAT.key for module in modules}) == len(modules) == len(formats())
    assert all(form.read or form.write for form in formats().values())
    assert all(suffix.startswith(".") for form in formats().values() for suffix in form.suffixes)


def test_modules_with_a_declaration_are_formats_in_declared_order(added):
    assert list(formats()) == ["tied", "csv", "calendar"]
    assert list(readable()) == ["tied", "csv"]
    assert list(writable()) == ["csv", "calendar"]


def test_the_most_certain_format_wins_and_ties_go_to_the_first(added):
    assert format_of(b"a,b\n1,2\n").key == "csv"
    assert format_of(b"a,b\n1,2\n", ".txt").key == "csv"
    assert format_of(b"a,b\n1,2\n", ".csv").key == "tied"
    assert format_of(b"knot,b\n1,2\n", ".TXT").key == "tied"


def test_text_in_an_encoding_that_must_be_named_is_a_table_of_text():
    assert format_of("Name,Köln\n".encode("cp1252")).key == "csv"
    chinese = "专业国".encode("utf-16-le") * 100
    assert format_of(chinese, encoding="utf-16-le").key == "csv"
    with pytest.raises(ArchiveError, match="none of the formats"):
        format_of(chinese)
    with pytest.raises(UsageError, match="no encoding klingon"):
        format_of(b"a", encoding="klingon")


@pytest.mark.parametrize(
    ("head", "what"),
    [(b"PK\x03\x04xl/", "This is an Excel workbook."), (bytes(range(256)) * 9, "none of the formats")],
)
def test_an_unrecognised_file_is_refused_with_the_list_of_formats(head, what):
    with pytest.raises(ArchiveError, match=what) as caught:
        format_of(head, ".csv")
    assert "csv (.csv, .tsv, .txt)" in caught.value.hint


def test_a_format_is_found_by_its_key_or_by_the_suffix_of_the_file_to_write(added):
    assert format_named("csv", formats()).key == "csv"
    assert format_for("Out.TSV").key == "csv"
    assert format_for("out").key == "csv"
    assert format_for("a.b/out.cal").key == "calendar"
    assert suffix_of("a.b/c") == ""
    with pytest.raises(UsageError, match="no file format klingon"):
        format_named("klingon", readable())
    with pytest.raises(
        UsageError, match=r"No file format has the suffix \.xyz\. Choose one of csv \(\.csv, .*calendar"
    ):
        format_for("out.xyz")


def test_a_table_written_as_csv_can_be_read_back():
    form = formats()["csv"]
    table = Table("x", ["a", "b"], [["=1", "ä"]])
    for options in (WriteOptions(), WriteOptions(for_file=False, delimiter=";", raw=True)):
        data = b"".join(form.write([table], options))
        source = form.read(data, ReadOptions(raw=options.raw))
        assert (source.header, list(source.rows)) == (["a", "b"], [Row(2, ["=1", "ä"])])


def test_a_csv_suffix_sets_the_delimiter_unless_one_is_specified():
    form, table = formats()["csv"], Table("x", ["a", "b"], [])
    assert b"".join(form.write([table], WriteOptions(bom=False, suffix=".tsv"))) == b"a\tb\r\n"
    assert b"".join(form.write([table], WriteOptions(bom=False, suffix=".tsv", delimiter=";"))) == b"a;b\r\n"


def test_a_csv_file_has_one_table_and_names_omitted_fields():
    form, table = formats()["csv"], Table("x", ["a"], [])
    for tables in ([], [table, table]):
        with pytest.raises(UsageError, match="exactly one table"):
            form.write(tables, WriteOptions())
    assert form.loses(table) == []
    (sentence,) = form.loses(Table("x", ["a"], [], frozenset({"mood", "aura"})))
    assert "newer version of this program added: aura, mood." in sentence


def test_a_minimal_format_recognises_loses_and_refuses_nothing():
    form = Format(key="x", label="X", suffixes=(), place=1)
    assert form.sniff(b"a,b", ".csv") is Certainty.NO
    assert form.loses(Table("x", [], [])) == []
    form.check(b"", ReadOptions())
    assert Source(header=["a"], rows=[]).sheets == ()


@any_table
def test_every_synonym_leads_to_a_field(table):
    for path in synonyms(table).values():
        assert _Placing(TABLES[table], []).placed([]) == []
        place, _label = (
            _Placing(TABLES[table], [])._grouped(path) if "@" in path else (place_of(TABLES[table], path), "")
        )
        assert isinstance(place, Place), path


def test_every_column_of_a_known_program_leads_to_a_field():
    for layout in _LAYOUTS:
        cls = TABLES[layout.table]
        for path in [*layout.columns.values(), *layout.patterns.values()]:
            found = path.format("work")
            place = _Placing(cls, [])._grouped(found)[0] if "@" in found else place_of(cls, found)
            assert not found or place, (layout.name, path)
        assert all(normal(name) == name for name in layout.columns)


def test_a_program_is_recognised_by_columns_or_name():
    assert layout_names()[:2] == ["google", "outlook"]
    google = find_layout(["Name", "Phone 1 - Value"])
    assert google is not None
    assert google.name == "google"
    assert find_layout(["Name", "Phone"]) is None
    named = find_layout(["Name", "Phone"], "hubspot")
    assert named is not None
    assert named.path("Country/Region") == "addresses@.country"
    assert named.path("Name") is None


@any_table
def test_every_field_has_a_header_in_both_languages_that_is_read_back(table):
    cls = TABLES[table]
    places = [Place("id"), Place("extra", name="客户 1.2")]
    for key, field in cls.FIELDS.items():
        places.append(Place(key))
        if isinstance(field.type, ListOf):
            places += [Place(key, 3, part) for part in field.type.part.FIELDS]
    for language in ("en", "zh"):
        headers = [place.header(cls, language) for place in places]
        assert len(set(headers)) == len(headers)
        assert [place_of(cls, header) for header in headers] == places


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nope",
        "extra.",
        "phones.0.value",
        "phones.x.value",
        "phones.1",
        "phones.1.nope",
        "phones.1.value.code",
        "full_name.code",
        "referred_by.kind",
        "positions.1.organisation.kind",
        "phones.99999.value",
        "customers",
    ],
)
def test_an_invalid_key_has_no_path(header):
    assert place_of(TABLES["customers"], header) is None


def test_both_sides_of_a_link_are_paths():
    cls = TABLES["customers"]
    for header in ("referred_by.code", "positions.2.organisation.name", "extra.a.b", "extra"):
        assert str(place_of(cls, header)) == header
    assert place_of(cls, "介绍人.名称") == Place("referred_by", side="name")
