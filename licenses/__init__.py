"""Plans, licenses, and what a license allows."""
