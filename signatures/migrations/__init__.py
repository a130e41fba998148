"""Database changes of electronic signature."""
