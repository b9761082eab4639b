"""The sample archive and the sample sheets, and what makes them."""
