"""Acts on envelopes."""
