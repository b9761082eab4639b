"""The lines of the Settings screen: every personal setting, and every setting of the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from archive.model.archive_settings import ArchiveSettings
from archive.model.field_types.lists import ListOf
from archive.service.archive import Archive
from archive.settings import Settings, declarations
from archive.text import N_, _, plural

FIRST = (N_("You"), N_("Formats"))
"""Sections that are listed before the settings of the archive."""


class SettingLine(NamedTuple):
    """A setting: its section, label and value as texts for the user, and one line about it."""

    key: str
    section: str
    label: str
    value: str
    is_set: bool
    about: str
    in_archive: bool  # stored in the archive; otherwise in settings.toml
    is_first: bool = False  # of its section
    options: Mapping[str, str] = {}  # labels of the permitted values, if they are few


def setting_lines(archive: Archive, settings: Settings) -> dict[str, SettingLine]:
    """Return the lines by key, in the order of the screen. Keys of archive settings start with "archive."."""
    personal = list(_personal(settings))
    first = [line for line in personal if line.section in map(_, FIRST)]
    rest = [line for line in personal if line not in first]
    lines = [*first, *_own(archive), *rest]
    before = ["", *(line.section for line in lines)]
    return {
        line.key: line._replace(is_first=line.section != section)
        for line, section in zip(lines, before, strict=False)
    }


def _personal(settings: Settings) -> Iterator[SettingLine]:
    for key, setting in declarations().items():
        value = getattr(settings, key)
        if setting.section:
            options = {choice: _(label) for choice, label in setting.choices.items()}
            shown = (
                plural("{n} changed", "{n} changed", len(value)) if isinstance(value, Mapping) else str(value)
            )
            yield SettingLine(
                key,
                _(setting.section),
                _(setting.label),
                options.get(shown, shown) if value else _(setting.empty),
                bool(value),
                _(setting.about),
                in_archive=False,
                options=options,
            )


def _own(archive: Archive) -> Iterator[SettingLine]:
    own, ctx = archive.own, archive.ctx
    for key, field in ArchiveSettings.FIELDS.items():
        value, kind = getattr(own, key), field.type
        shown = (
            " · ".join(kind.line(part, ctx) for part in value)
            if isinstance(kind, ListOf)
            else kind.show(value, ctx)
        )
        yield SettingLine(
            f"archive.{key}",
            _(field.group.label),
            field.title,
            shown or "-",
            bool(shown),
            _(field.hint),
            in_archive=True,
        )
