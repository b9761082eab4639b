"""Test that all records, parts and field types survive round trips through storage, display and editing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import COMMA, NAUGHTY, PLAIN, parts, records, values

from archive.errors import BadValue
from archive.model.field_types.base import Context, FieldType
from archive.model.field_types.lists import ListOf
from archive.model.fields import Field, Item
from archive.model.tables import TABLES


def declared(cls: type[Item]) -> list[tuple[type[Item], Field]]:
    """Yield every field of a class and of the entries of its lists."""
    found = []
    for field in cls.FIELDS.values():
        found.append((cls, field))
        if isinstance(field.type, ListOf):
            found.extend(declared(field.type.part))
    return found


FIELDS = {f"{cls.__name__}.{field.key}": field for table in TABLES.values() for cls, field in declared(table)}
# A field type of each class; for lists, links and ranges, every type.
KINDS = {
    (
        type(kind),
        *(str(vars(kind).get(name, "")) for name in ("part", "table", "free", "low", "cap", "name")),
    ): kind
    for kind in (field.type for field in FIELDS.values())
}
PARTS = {cls for table in TABLES.values() for cls, _field in declared(table)} - set(TABLES.values())
any_field = pytest.mark.parametrize("kind", KINDS.values(), ids=[kind.name for kind in KINDS.values()])
any_table = pytest.mark.parametrize("cls", TABLES.values(), ids=TABLES)
any_part = pytest.mark.parametrize("cls", sorted(PARTS, key=str), ids=lambda cls: cls.__name__)


def through_json(raw):
    return json.loads(json.dumps(raw, ensure_ascii=False, allow_nan=False).encode())


@any_table
@given(data=st.data())
def test_records_round_trip_through_files(cls, data):
    record = data.draw(records(cls))
    raw = through_json(record.dump())
    assert cls.load(raw) == record
    assert cls.load(raw).dump() == raw


@any_part
@given(data=st.data())
def test_parts_round_trip_through_files(cls, data):
    part = data.draw(parts(cls))
    assert cls.load(through_json(part.dump())) == part


@any_field
@given(data=st.data())
def test_values_round_trip_through_cells(kind, data):
    value = data.draw(values(kind))
    assert kind.parse(kind.cell(value), PLAIN) == value


@any_field
@pytest.mark.parametrize("ctx", [PLAIN, COMMA], ids=["point", "comma"])
@given(data=st.data())
def test_values_round_trip_through_inputs(kind, ctx, data):
    value = data.draw(values(kind))
    assert kind.parse(kind.edit(value, ctx), ctx) == value


@any_field
@given(data=st.data())
def test_every_value_can_be_shown_searched_and_sorted(kind, data):
    value = data.draw(values(kind))
    assert isinstance(kind.show(value, PLAIN), str)
    if value != kind.empty:
        raw = through_json(kind.dump(value))
        assert kind.fits(raw)
        assert all(isinstance(word, str) for word in kind.words(raw))
        assert kind.rank(raw) == kind.rank(raw)


def accepts_or_explains(kind: FieldType, text: str, ctx: Context) -> None:
    try:
        value = kind.parse(text, ctx)
    except BadValue:
        return
    kind.show(value, ctx)
    kind.edit(value, ctx)
    if value != kind.empty:
        raw = through_json(kind.dump(value))
        assert kind.fits(raw)
        assert kind.load(raw) == value
        list(kind.words(raw))
        kind.rank(raw)


@any_field
def test_naughty_strings_are_values_or_errors(kind):
    for text in NAUGHTY:
        for ctx in (PLAIN, COMMA):
            accepts_or_explains(kind, text, ctx)


@any_field
@given(text=st.text(max_size=80))
def test_any_text_is_a_value_or_an_error(kind, text):
    accepts_or_explains(kind, text, PLAIN)


json_texts = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@any_field
@given(raw=json_texts)
def test_foreign_json_is_a_value_or_an_error(kind, raw):
    accepts_or_explains(kind, json.dumps(raw), PLAIN)
    try:
        value = kind.load(raw)
    except BadValue:
        return
    through_json(kind.dump(value))
    assert kind.fits(raw)
