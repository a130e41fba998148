"""Acts on the month's count."""
