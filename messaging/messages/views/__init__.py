"""The pages of secure messages."""
