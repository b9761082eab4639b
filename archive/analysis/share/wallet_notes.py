"""Notes on wallets left out of share of wallet, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.analysis.common.notes import listed
from archive.analysis.share.wallets import DistinctWallets, WalletPosition
from archive.text import _, plural


def no_share(positions: Sequence[WalletPosition]) -> str:
    """Return why there is no share of wallet: there are no wallets, or all lack something."""
    if not positions:
        return _("No customer has a wallet.")
    reasons = [
        _currencies(positions) if any(position.is_foreign for position in positions) else "",
        _("our sales in them have no known amount")
        if any(position.total and position.unpriced for position in positions)
        else "",
        _("their total is zero") if any(position.total == 0 for position in positions) else "",
        _("their total is unknown") if any(position.wallet.total is None for position in positions) else "",
    ]
    return _("No wallet can be used: {reasons}.").format(reasons="; ".join(filter(None, reasons)))


def _currencies(positions: Sequence[WalletPosition]) -> str:
    names = sorted({position.wallet.currency for position in positions if position.is_foreign})
    return _("no exchange rate for {currencies}").format(currencies=listed(names))


def wallets_left_out(distinct: DistinctWallets) -> str:
    """Return which wallets the share leaves out, for the line below the figure; "" if none."""
    positions = distinct.wallets
    foreign = [position for position in positions if position.is_foreign]
    unpriced = sum(bool(position.total) and position.unpriced for position in positions)
    unknown = sum(position.wallet.total is None for position in positions)
    missing = sum(position.missing for position in positions if position.is_known)
    parts = [
        plural("{n} wallet left out", "{n} wallets left out", len(foreign)) + ": " + _currencies(foreign)
        if foreign
        else "",
        plural("{n} wallet left out: no known total", "{n} wallets left out: no known total", unknown)
        if unknown
        else "",
        plural(
            "{n} wallet left out: no known amount of our sales",
            "{n} wallets left out: no known amount of our sales",
            unpriced,
        )
        if unpriced
        else "",
        plural(
            "{n} of our sales in them left out: no known amount or no exchange rate",
            "{n} of our sales in them left out: no known amount or no exchange rate",
            missing,
        )
        if missing
        else "",
    ]
    return "; ".join(filter(None, parts))


def wallet_notes(positions: Sequence[WalletPosition], distinct: DistinctWallets) -> Iterator[str]:
    """Yield a note for each kind of wallet that should be checked."""
    stale = sum(position.stale for position in positions)
    beyond = sum(bool(position.excess) for position in positions)
    unknown = sum(position.share is None and position.wallet.total is None for position in positions)
    foreign = [position for position in positions if position.is_foreign]
    if stale:
        yield plural(
            "{n} wallet is smaller than our sales in it. Ask the customer for their spend again.",
            "{n} wallets are smaller than our sales in them. Ask the customers for their spend again.",
            stale,
        )
    if beyond:
        yield plural(
            "{n} wallet is smaller than the sales of us and the named suppliers together. Check the amounts.",
            "{n} wallets are smaller than the sales of us and the named suppliers together. "
            "Check the amounts.",
            beyond,
        )
    if unknown:
        yield plural(
            "{n} wallet has no share: it has neither a total nor a rank for every supplier.",
            "{n} wallets have no share: they have neither a total nor a rank for every supplier.",
            unknown,
        )
    if foreign:
        yield (
            plural("{n} wallet has no share", "{n} wallets have no share", len(foreign))
            + f": {_currencies(foreign)}."
        )
    if distinct.nested:
        yield plural(
            "{n} wallet is part of a broader wallet of the same customer and is counted only there.",
            "{n} wallets are part of broader wallets of the same customers and are counted only there.",
            len(distinct.nested),
        )
