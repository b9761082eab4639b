"""Code shared by several reports."""
