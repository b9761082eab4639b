"""The sections of the report on competitors."""
