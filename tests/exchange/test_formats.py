"""Test the registries of formats, layouts and header words: entries are complete, and words are unambiguous."""

import pkgutil
from importlib import import_module

import pytest

from archive.errors import UsageError
from archive.exchange import formats as registry
from archive.exchange.format import Format, ReadOptions, WriteOptions
from archive.exchange.formats import format_named, format_of, formats
from archive.exchange.headers.synonyms import normal, synonyms
from archive.exchange.layouts import _LAYOUTS, find_layout, layout_names
from archive.exchange.mapping import _Placing
from archive.exchange.paths import Place, place_of
from archive.model.lists import ListOf
from archive.model.tables import TABLES

any_table = pytest.mark.parametrize("table", TABLES)


def test_every_module_of_the_registry_is_a_format_with_a_name_of_its_own():
    modules = [
        import_module(f"{registry.__name__}.{m.name}") for m in pkgutil.iter_modules(registry.__path__)
    ]
    assert all(isinstance(module.FORMAT, Format) for module in modules)
    assert len({module.FORMAT.name for module in modules}) == len(modules) == len(formats())
    assert all(suffix.startswith(".") for form in formats().values() for suffix in form.suffixes)


def test_a_format_is_found_by_its_name_or_by_the_bytes():
    assert format_named("csv").name == "csv"
    assert format_of(b"a,b\n1,2\n").name == "csv"
    assert format_of(b"PK\x03\x04\x00").name == "csv"  # which then says what is wrong
    assert format_of("é".encode() * 2050).name == "csv"  # of which only the beginning is looked at
    with pytest.raises(UsageError, match="format klingon"):
        format_named("klingon")


def test_a_table_written_as_csv_is_read_again():
    form = formats()["csv"]
    rows = [["a", "b"], ["=1", "ä"]]
    for options in (WriteOptions(), WriteOptions(for_file=False, delimiter=";", raw=True)):
        data = b"".join(form.write(rows, options))
        sheet = form.read(data, ReadOptions(raw=options.raw))
        assert [sheet.header, *(row.cells for row in sheet.rows)] == rows


@any_table
def test_every_word_leads_to_a_field(table):
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


def test_a_program_is_known_by_its_columns_or_by_its_name():
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
    for key, fact in cls.FACTS.items():
        places.append(Place(key))
        if isinstance(fact.kind, ListOf):
            places += [Place(key, 3, part) for part in fact.kind.part.FACTS]
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
def test_what_is_no_key_has_no_place(header):
    assert place_of(TABLES["customers"], header) is None


def test_sides_of_links_are_places():
    cls = TABLES["customers"]
    for header in ("referred_by.code", "positions.2.organisation.name", "extra.a.b", "extra"):
        assert str(place_of(cls, header)) == header
    assert place_of(cls, "介绍人.名称") == Place("referred_by", side="name")
