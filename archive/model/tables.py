"""The tables of an archive by name."""

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

# Referenced tables come before the tables that refer to them: a file with all tables is imported in this order.
TABLES: dict[str, type[Record]] = {
    cls.TABLE: cls for cls in (Customer, Product, Contract, Campaign, Transaction, Interaction, Wallet, Plan)
}
STORED: dict[str, type[Record]] = {**TABLES, ArchiveSettings.TABLE: ArchiveSettings}
"""All stored tables: `TABLES` and the archive's settings, a table with a single record."""
# Records of these tables belong to a customer and are deleted with it.
OF_A_CUSTOMER: tuple[str, ...] = tuple(name for name, cls in TABLES.items() if "customer" in cls.FACTS)
