"""What the read view of a record shows besides its fields: a module for each record type that has more to show.

A module defines TABLE, the stored name of its table, and `panels(archive, uid)`.
"""
