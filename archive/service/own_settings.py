"""The archive's own settings, and their one-time migration from the settings.toml of older versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from archive.model.archive_settings import UID, ArchiveSettings, Rate
from archive.model.currencies import NO_CURRENCY
from archive.model.tables import TABLES
from archive.settings import Settings
from archive.store import ArchiveDB, Change
from archive.text import _, plural

TABLE = ArchiveSettings.TABLE
_TAKEN = "settings_taken_over"


def own_settings(db: ArchiveDB, settings: Settings) -> ArchiveSettings:
    """Return the archive's settings; before the migration, those of settings.toml."""
    raw = db.table(TABLE).by_uid(UID)
    if raw is not None:
        return ArchiveSettings.load(raw)
    return ArchiveSettings(uid=UID) if db.storage.recall(_TAKEN) else from_personal(settings)


def from_personal(settings: Settings) -> ArchiveSettings:
    """Return the currency and rates of settings.toml, where older versions store them."""
    currency = "" if settings.currency == NO_CURRENCY else settings.currency
    return ArchiveSettings(uid=UID, currency=currency, rates=rates_of(settings.rates))


def rates_of(texts: Mapping[str, str]) -> tuple[Rate, ...]:
    """Return the rates of settings.toml ("USD 2026-01-01": "0.92"), oldest first."""
    words = ((*when.split(), rate) for when, rate in texts.items())
    rates = (
        Rate(currency=currency, since=date.fromisoformat(day), rate=Decimal(rate))
        for currency, day, rate in words
    )
    return tuple(sorted(rates, key=lambda rate: (rate.currency, rate.since)))


def take_over(db: ArchiveDB, settings: Settings, clock: Callable[[], datetime]) -> str:
    """Migrate currency and rates from settings.toml into an archive without settings. Runs once, and has no undo.

    Returns:
        A sentence that names the migrated values, "" if there are none.
    """
    personal = from_personal(settings)
    if not any(len(db.table(name)) for name in TABLES):
        return ""  # opening an empty archive writes nothing
    if (
        db.storage.recall(_TAKEN)
        or db.table(TABLE).by_uid(UID) is not None
        or not (personal.currency or personal.rates)
    ):
        return ""
    label = _("Settings copied from settings.toml")
    db.storage.note(label, [Change(TABLE, UID, personal.dump(), None)], clock(), {_TAKEN: 1})
    return _sentence(personal)


def _sentence(copied: ArchiveSettings) -> str:
    rates = plural("{n} exchange rate", "{n} exchange rates", len(copied.rates))
    sentence = _(
        "The home currency {currency} and {rates} were copied from settings.toml into this archive."
    ).format(currency=copied.currency or "-", rates=rates)
    return f"{sentence} " + _("To show or change them, use `archive settings`.")


def unused_personal(own: ArchiveSettings, settings: Settings) -> str:
    """Return a sentence about values in settings.toml that the archive's own settings override, or ""."""
    personal = from_personal(settings)
    rates = len(set(personal.rates) - set(own.rates))
    parts = []
    if personal.currency not in ("", own.currency):
        parts.append(_("the home currency {currency}").format(currency=personal.currency))
    if rates:
        parts.append(plural("{n} exchange rate", "{n} exchange rates", rates))
    if not parts:
        return ""
    sentence = _("Ignored in settings.toml: {what}. This archive has its own settings.")
    return sentence.format(what=", ".join(parts))


def changed(own: ArchiveSettings, values: Mapping[str, Any]) -> ArchiveSettings:
    """Return the settings with changed values. None clears a setting; rates and holidays are added to existing ones."""
    changes = {key: own.FIELDS[key].type.empty if value is None else value for key, value in values.items()}
    if changes.get("rates"):
        rates = {(item.currency, item.since): item for item in (*own.rates, *changes["rates"])}
        changes["rates"] = tuple(sorted(rates.values(), key=lambda item: (item.currency, str(item.since))))
    if changes.get("holidays"):
        holidays = {item.on: item for item in (*own.holidays, *changes["holidays"])}
        changes["holidays"] = tuple(sorted(holidays.values(), key=lambda item: str(item.on)))
    return own.with_values(**changes)
