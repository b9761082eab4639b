"""The sections of the customer share report."""
