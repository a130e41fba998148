"""The pages of envelopes."""
