"""The sections of the report on campaigns."""
