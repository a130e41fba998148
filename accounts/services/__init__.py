"""Acts on people and their proofs: keyword-only, typed, atomic."""
