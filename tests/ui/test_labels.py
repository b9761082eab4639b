"""Labels of fields fit the column that forms and profiles reserve for them."""

from collections.abc import Iterator

from archive.model.archive_settings import ArchiveSettings
from archive.model.field_types.lists import ListOf
from archive.model.fields import Field
from archive.model.tables import TABLES
from archive.text import cell_width
from archive.ui.safe_text import LABEL_WIDTH


def fields() -> Iterator[Field]:
    """Yield every field of every form, including the fields of list entries."""
    for cls in (*TABLES.values(), ArchiveSettings):
        for field in cls.FIELDS.values():
            yield field
            if isinstance(field.type, ListOf):
                yield from field.type.part.FIELDS.values()


def test_every_label_fits_its_column_with_the_star_of_a_required_field():
    cut = [field.title for field in fields() if cell_width(field.title + " *" * field.required) > LABEL_WIDTH]
    assert cut == []
