"""Field types: how values are parsed, shown, stored and compared."""
