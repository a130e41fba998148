"""The read side: what happened to one's items."""
