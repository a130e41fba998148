"""The pages of logs and statistics."""
