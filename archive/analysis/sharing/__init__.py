"""The sections of the report on customer share."""
