"""The event log: what happened to items, written, sealed in order, checked, and forgotten in time."""
