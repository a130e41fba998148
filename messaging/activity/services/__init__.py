"""What keeps the statistics ready."""
