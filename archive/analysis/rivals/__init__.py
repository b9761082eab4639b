"""The sections of the competitor report."""
