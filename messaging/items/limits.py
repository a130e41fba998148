"""The numbers of what every sent thing shares, each once, with its unit in its name."""

from core.throttle import Limit

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR

# Without 0/O, 1/I/L, 2/Z, 5/S, 8/B and U/V: read aloud or off a fax, no letter is taken for another one.
REFERENCE_LETTERS = "34679ACDEFGHJKMNPQRTWXY"
REFERENCE_CHARACTERS = 12
REFERENCE_GROUPS = 3

# What is offered for the life of an item, as far as the plan goes.
LIVES_OFFERED_HOURS = (1, 4, 24, 72, 168, 336, 720, 1440, 2160, 4320, 8760)

OPENING_IDLE_SECONDS = 30 * MINUTE
OPENING_MOST_SECONDS = 4 * HOUR
SECRET_GIVEN_SECONDS = 30 * MINUTE

PROOF_TRIES = 5
NEW_CODES_A_DAY = Limit("items.new-code", 3, DAY)
# The first code of an opening and three new ones; a right code begins anew.
SENT_CODES_A_DAY = Limit("items.sent-code", 1 + NEW_CODES_A_DAY.most, DAY)
# Nothing is compared where no code lives, so no try is counted; the log takes as many such answers as there are tries.
EXPIRED_CODES_NOTED = Limit("items.expired-code-noted", PROOF_TRIES, DAY)
# Which of several last tries at once stands in the log as the stop; what is given after it is not written down.
STOPS_NOTED = Limit("items.stop-noted", 1, DAY)
TOLD_OF_MISSING_CODE = Limit("items.told-missing-code", 1, DAY)
TOLD_OF_WRONG_SECRETS = Limit("items.told-wrong-secrets", 1, DAY)
PASSWORD_LEAST_CHARACTERS = 8
PASSWORD_MOST_CHARACTERS = 128
NUMBER_DIGITS_SHOWN = 2
HINT_MOST_CHARACTERS = 100
PASSWORD_PAUSE_SECONDS = 15 * MINUTE
PASSWORD_MISSES_STOP = 20

WRONG_SECRETS_PER_NETWORK = Limit("items.wrong-secret", 10, HOUR)

# A link may go to another address than the one before: without these a stolen account would write to thousands.
NEW_LINKS_OF_SENDER = Limit("items.new-link-sender", 60, HOUR)
NEW_LINKS_OF_PERSON = Limit("items.new-link-person", 6, HOUR)

# Limits nothing: a link nobody made is looked at with as much work as one that exists.
LINKS_NOBODY_MADE = Limit("items.link-nobody-made", 0, HOUR)
# Of how many browsers that looked at a link in one hour it is known whether they open it later.
BROWSERS_KNOWN_AN_HOUR = 20
# Of the digest of such a browser; a space ends it, so that none is found across two others.
BROWSER_CHARACTERS = 17
# One event for each file of an opening, or of what its owner fetches, however many parts of it are asked for.
DOWNLOAD_NOTED = Limit("items.download-noted", 1, OPENING_MOST_SECONDS)

EVENTS_A_PASS = 2_000
EVENT_KEPT_DAYS = 400

DRAFT_KEPT_DAYS = 30
DRAFTS_A_ROUND = 200
# As JSON. No form of a million bytes (DATA_UPLOAD_MAX_MEMORY_SIZE) gets there, six bytes for each character included.
DRAFT_MOST_BYTES = 8_000_000

TEXT_BACK_MOST_CHARACTERS = 100_000
RETURN_KEPT_DAYS = 30
# Of what earlier versions wrote, so much gets the layer of its week in one round.
WEEKS_A_ROUND = 2_000
# A file is there before its row; no transaction is open for so long.
UNNAMED_FILE_KEPT_SECONDS = DAY

# The sender is warned of what nobody opened so long before its end, if it lived so long at least.
UNREAD_WARNED_HOURS = 24
WARNED_FROM_LIFE_HOURS = 48
# The owner is warned of a return that was not read so long before it is destroyed.
RETURN_WARNED_DAYS = 3

ROOM_WARNED_FROM_PERCENT = 80
ROOM_ALMOST_USED_PERCENT = 95
TOLD_OF_FULL_SPACE = Limit("items.told-full-space", 1, DAY)
DELIVERY_UNCERTAIN_SECONDS = 30 * MINUTE
DELIVERY_GIVEN_UP_SECONDS = DAY
