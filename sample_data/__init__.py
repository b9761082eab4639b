"""The sample archive and the sample sheets, with the code that generates them."""
