"""Acts of electronic signature."""
