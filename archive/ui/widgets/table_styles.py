"""The styles of a table: its parts are component classes, which the painter reads."""

PREFIX = "record-table--"
PARTS = ("row", "header", "sorted", "secondary", "dim", "warn", "mark", "cursor", "empty")

STYLES = """
RecordTable {
    width: 1fr;
    height: 1fr;
    overflow-x: hidden;
    scrollbar-gutter: stable;
    content-align: center middle;
    text-align: center;
    scrollbar-size-vertical: 1;
    scrollbar-background: $background;
    scrollbar-background-hover: $background;
    scrollbar-background-active: $background;
    scrollbar-color: $foreground 20%;
    & > .record-table--header { color: $text-muted; }
    & > .record-table--sorted { text-style: bold; }
    & > .record-table--secondary { color: $text-muted; }
    & > .record-table--dim { color: $text-disabled; }
    & > .record-table--warn { color: $text-warning; }
    & > .record-table--mark { color: $text-accent; text-style: bold; }
    & > .record-table--empty { color: $text-muted; }
    & > .record-table--cursor { background: $primary 30%; text-style: bold; }
    &:focus > .record-table--cursor {
        background: $block-cursor-background;
        color: $block-cursor-foreground;
        text-style: bold;
    }
    &:ansi > .record-table--secondary, &:ansi > .record-table--dim { text-style: dim; }
    /* The cursor is there without any colour, too. */
    &:ansi:blur > .record-table--cursor,
    &:nocolor:blur > .record-table--cursor { text-style: bold underline; }
    &:nocolor:focus > .record-table--cursor { text-style: bold reverse; }
}
"""
