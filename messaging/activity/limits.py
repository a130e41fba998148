"""The numbers of the log, each once, with its unit in its name."""

PERIOD_SHOWN_FIRST_DAYS = 30
FILTER_TEXT_MOST_CHARACTERS = 200
