"""Pages of electronic signature."""
