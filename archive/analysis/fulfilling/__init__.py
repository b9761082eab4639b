"""The sections of the report on contract fulfilment."""
