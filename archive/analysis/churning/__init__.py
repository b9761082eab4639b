"""The sections of the report on new and lost customers, a question each."""
