"""The numbers of envelopes, each once, with its unit in its name."""

from core.throttle import Limit

HOUR = 3600
DAY_HOURS = 24

TITLE_MOST_CHARACTERS = 200
INSTRUCTIONS_MOST_CHARACTERS = 2_000
LIFE_HOURS = 7 * DAY_HOURS
USES = 1
# Until an envelope is filled, coming back costs nothing a person would notice: no page tells this number.
OPENINGS = 1_000

SUBMISSIONS_PER_NETWORK = Limit("envelopes.submissions", 10, HOUR)
# Forms sent at all, mistakes in them included: nobody corrects so often, and files cannot be thrown at it without end.
FORMS_PER_NETWORK = Limit("envelopes.forms", 60, HOUR)
TIMELINE_MOST_EVENTS = 500
RECEIPT_KEPT_DAYS = 30
RECEIPTS_A_ROUND = 200
