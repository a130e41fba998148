"""Acts on secure messages and their drafts."""
