"""Date forms of the support pages, where Django's own French ones are wrong (5.2 prints 15 03 30 for 15 h 30)."""
