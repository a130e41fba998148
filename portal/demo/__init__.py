"""The demo organization: its people, their licenses, and what happened in the past months."""
