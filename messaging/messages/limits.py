"""The numbers of secure messages, each once, with its unit in its name."""

from core.throttle import Limit

HOUR = 3600
DAY_HOURS = 24

SUBJECT_MOST_CHARACTERS = 200
SUBJECT_SHOWN_CHARACTERS = 70
BODY_MOST_CHARACTERS = 100_000
INSTRUCTIONS_MOST_CHARACTERS = 1_000

LIFE_HOURS = 7 * DAY_HOURS
OPENINGS = 5
OPENINGS_LEAST = 1
OPENINGS_MOST = 99

# A list of a thousand addresses, each as long as addresses get, with a name and a separator.
PASTED_MOST_CHARACTERS = 300_000
ADDRESSES_NAMED = 20
ROWS_FIRST_DRAWN = 1
# A form has at most a thousand fields, and a row has four.
ROWS_MOST_DRAWN = 230

# By one link. Nobody answers a message ten times in an hour; each reply is a mail to its sender.
REPLIES_PER_NETWORK = Limit("messages.replies", 10, HOUR)
REPLIES_PER_LINK = Limit("messages.replies-by-link", 30, HOUR)
# Forms sent at all, mistakes in them included.
REPLY_FORMS_PER_NETWORK = Limit("messages.reply-forms", 60, HOUR)
# The same text and files within this time are the same reply, whatever form they come in.
SAME_REPLY_SECONDS = 10 * 60

DRAFT_SAVED_EVERY_SECONDS = 10

ROWS_A_PAGE = 50
TIMELINE_MOST_EVENTS = 1_000
