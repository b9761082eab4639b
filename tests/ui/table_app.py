"""An app with a single table of numbered customers, and helpers to read it."""

from textual.app import App

from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import Column

SIZES = [(80, 24), (120, 40), (50, 20), (20, 5)]
HOSTILE = [
    "[/b]",
    "[@click=app.quit()]x[/]",
    "\x1b]52;c;eA==\x07",
    "日本 [red",
    "\u202etxt",
    "x" * 10_000,
    "👨\u200d👩\u200d👧\u200d👦",
]
COLUMNS = [
    Column("name", "Name", 14, weight=1),
    Column("place", "Place", 12, priority=2, secondary=True),
    Column("sum", "Sum 12 m", 9, priority=1, align="right"),
]


class Source:
    """A source of numbered records that remembers which ids were fetched."""

    def __init__(self, names=()):
        self.names = names
        self.asked = []

    def __call__(self, ids):
        self.asked.extend(ids)
        return [self.cells(id) for id in ids]

    def cells(self, id):
        name = self.names[int(id) % len(self.names)] if self.names else f"Customer {id}"
        return {"name": name, "place": f"Place {id}", "sum": f"{int(id):,}"}


class TableApp(App):
    """An app with a full-screen table that records its messages."""

    def __init__(self, count=0, source=None, columns=COLUMNS):
        super().__init__()
        self.heard = []
        self.source = source or Source()
        self.table = RecordTable(self.source, id="customers")
        self.table.set_columns(columns)
        self.table.set_ids(numbers(count))

    def compose(self):
        yield self.table

    def on_record_table_highlighted(self, event):
        self.heard.append(("highlighted", event.id))

    def on_record_table_opened(self, event):
        assert event.control is self.table
        self.heard.append(("opened", event.id))

    def on_record_table_marked(self, event):
        self.heard.append(("marked", event.ids))

    def heard_of(self, what):
        return [value for kind, value in self.heard if kind == what]


def numbers(count):
    """Return the ids of `count` records."""
    return [str(number) for number in range(count)]


def screen(table):
    """Return the lines of the table as drawn."""
    return [table.render_line(y).text for y in range(table.size.height)]


def style_of(table, y, text):
    """Return the style of a text in a line of the table."""
    return next(segment.style for segment in table.render_line(y) if text in segment.text)
