"""The numbers of signing in and staying safe, each once, with its unit in its name."""

from core.throttle import Limit

PASSWORD_LEAST_CHARACTERS = 15
PASSWORD_MOST_CHARACTERS = 256
NAME_MOST_CHARACTERS = 100
EMAIL_MOST_CHARACTERS = 254
CELL_NUMBER_MOST_CHARACTERS = 40
REASON_MOST_CHARACTERS = 500
TICKET_MOST_CHARACTERS = 40
BROWSER_NAME_MOST_CHARACTERS = 40

HASHES_AT_ONCE = 1
HASHES_WAITING = 10

QUARTER_HOUR = 15 * 60
HOUR = 3600
DAY = 24 * HOUR

WRONG_PASSWORDS_UNKNOWN_BROWSER = Limit("password.account", 5, QUARTER_HOUR)
WRONG_PASSWORDS_KNOWN_BROWSER = Limit("password.browser", 10, QUARTER_HOUR)
WRONG_PASSWORDS_NETWORK = Limit("password.network", 60, QUARTER_HOUR)
# After the first five wrong passwords one more try is possible after each of these waits; the last one repeats, until a
# day passes without a wrong one.
WRONG_PASSWORD_WAITS = tuple(Limit("password.wait", 1, minutes * 60) for minutes in (1, 2, 4, 8, 15))
WRONG_PASSWORDS_AFTER_WAITS = Limit("password.after-waits", 1_000, 24 * 3600)

FAILED_SECOND_FACTORS_HOUR = Limit("second-factor.hour", 10, HOUR)
FAILED_SECOND_FACTORS_DAY = Limit("second-factor.day", 20, DAY)
FAILED_NUMBER_CODES_DAY = Limit("number-code.day", 20, DAY)
FAILED_RECOVERY_CODES_DAY = Limit("recovery.day", 20, DAY)

# The owner is told of the first failure and of the lock, not of every one of a series.
TOLD_OF_KNOWN_BROWSER_LOCK = Limit("told.browser-lock", 1, QUARTER_HOUR)
TOLD_OF_FAILED_SECOND_FACTOR = Limit("told.second-factor", 1, HOUR)
TOLD_OF_SECOND_FACTOR_LOCK = Limit("told.second-factor-lock", 1, HOUR)

RESETS_PER_ADDRESS = Limit("reset.address", 3, HOUR)
RESETS_PER_NETWORK = Limit("reset.network", 20, HOUR)
RESET_LINK_SECONDS = HOUR
FIRST_PASSWORD_LINK_SECONDS = 7 * DAY

HALF_SIGN_IN_SECONDS = 15 * 60
SESSION_IDLE_SECONDS = HOUR
SESSION_ABSOLUTE_SECONDS = 12 * HOUR
STAFF_IDLE_SECONDS = 15 * 60
STAFF_ABSOLUTE_SECONDS = 8 * HOUR
LAST_USE_STAMP_SECONDS = 5 * 60
FRESH_PROOF_SECONDS = 15 * 60
KNOWN_BROWSER_SECONDS = 180 * DAY
PENDING_CHANGE_SECONDS = DAY
SECURITY_LOG_DAYS = 400
SHORTENED_A_PASS = 500
DROPPED_CHANGE_SAID_DAYS = 30
EMAIL_CONFIRMATION_SECONDS = DAY
UNDO_SECONDS = 7 * DAY
EMAIL_CHANGES_PER_ACCOUNT = Limit("email-change.account", 5, DAY)
KEPT_FORM_SECONDS = 12 * HOUR
KEPT_FORMS_MOST = 5

RECOVERY_CODES = 10
RECOVERY_CODE_CHARACTERS = 10
# So long the same form sent again shows the codes that it made.
RECOVERY_CODES_REPEAT_SECONDS = 5 * 60
