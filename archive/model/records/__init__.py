"""The record types, one module each. `archive.model.tables` finds them."""
