"""Acts on plans and licenses."""
