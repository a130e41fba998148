"""Template tags of what every sent thing shares."""
