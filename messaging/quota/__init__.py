"""The month's count of messages."""
