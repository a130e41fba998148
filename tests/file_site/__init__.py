"""The portal's settings and middleware around a few addresses that take and give files; for tests and measurements."""
