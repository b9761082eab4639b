"""The sections of the churn report, one per question."""
