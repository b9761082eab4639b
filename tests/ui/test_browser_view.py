"""The columns of each table fit the available width."""

import pytest

from archive.service.listing import columns, default_keys
from archive.ui.screens.browser_view import table_columns
from archive.ui.widgets.table_layout import fit_columns

WIDTHS = [45, 75, 115]  # widths of the table on a screen of 50, 80 and 120 columns


def fitted(table, width):
    return fit_columns(table_columns(table, columns(table, default_keys(table))), width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("table", ["products", "transactions", "contracts", "wallets", "campaigns"])
def test_every_amount_has_its_currency_beside_it(table, width):
    kept = [column for column, _cells in fitted(table, width)]
    amounts = [
        n
        for n, column in enumerate(kept)
        if column.key in ("amount", "value", "total", "cost", "usual_price")
    ]
    assert all(kept[n + 1].key == "currency" for n in amounts)
    assert ("currency" in [column.key for column in kept]) == bool(amounts)


@pytest.mark.parametrize("width", WIDTHS[1:])
@pytest.mark.parametrize("table", ["products", "transactions", "interactions", "contracts", "campaigns"])
def test_labels_are_not_cut_if_several_columns_fit(table, width):
    assert all(len(column.label) <= cells for column, cells in fitted(table, width))


def test_a_date_column_is_no_wider_than_a_date():
    assert dict((column.key, cells) for column, cells in fitted("transactions", 115))["on"] == 14


def test_the_longest_status_of_a_contract_fits():
    status = next(cells for column, cells in fitted("contracts", 75) if column.key == "status")
    assert status >= len("cancelled")
