"""Puts the apps together: settings, addresses, menu, account page, support pages, outbox, commands."""
