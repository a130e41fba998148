"""What people type to make an envelope, to control it, and to fill it."""
