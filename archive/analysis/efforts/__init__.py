"""The sections of the campaign report."""
