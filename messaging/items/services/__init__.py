"""Acts on what was sent."""
