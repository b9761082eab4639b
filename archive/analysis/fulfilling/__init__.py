"""The sections of the fulfilment report."""
