"""The tables of an archive by their names."""

from archive.model.archive_settings import ArchiveSettings
from archive.model.campaign import Campaign
from archive.model.contract import Contract
from archive.model.customer import Customer
from archive.model.fields import Record
from archive.model.interaction import Interaction
from archive.model.plan import Plan
from archive.model.product import Product
from archive.model.transaction import Transaction
from archive.model.wallet import Wallet

# What others name stands before them: a file of all tables is read in this order.
TABLES: dict[str, type[Record]] = {
    cls.TABLE: cls for cls in (Customer, Product, Contract, Campaign, Transaction, Interaction, Wallet, Plan)
}
STORED: dict[str, type[Record]] = {**TABLES, ArchiveSettings.TABLE: ArchiveSettings}
"""All tables of the file: `TABLES` and the archive's own settings, which are one record and no list."""
# Records of these tables belong to a customer and go with it.
OF_A_CUSTOMER: tuple[str, ...] = tuple(name for name, cls in TABLES.items() if "customer" in cls.FACTS)
