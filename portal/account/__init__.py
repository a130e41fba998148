"""The account page: one statement reads it, one SAVE keeps it."""
