"""The sections of the churn report."""
