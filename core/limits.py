"""The machinery's numbers, each once, with its unit in its name."""

CODE_DIGITS = 6
CODE_LIFETIME_SECONDS = 10 * 60
CODE_TRIES = 5
# The tries of one challenge are shared by every code sent within this time, so that a resend gives no new ones.
CHALLENGE_SECONDS = 15 * 60
RESEND_WAITS_SECONDS = (60, 120, 300)
SPENT_CODE_KEPT_SECONDS = 24 * 3600
ENDED_WINDOW_KEPT_SECONDS = 24 * 3600

JOB_LEASE_SECONDS = 120
JOB_FIRST_WAIT_SECONDS = 10
JOB_LONGEST_WAIT_SECONDS = 15 * 60
JOB_BATCH = 10
MAIL_GIVEN_UP_SECONDS = 24 * 3600
JOB_BODY_KEPT_DAYS = 7
JOB_KEPT_DAYS = 400
# Then the network is left of an IP address, and nothing of the name of a browser, in every log.
FULL_ADDRESS_KEPT_DAYS = 90
WORKER_POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 15
RETENTION_EVERY_SECONDS = 10 * 60
WORKER_SEEN_SECONDS = 60
CLOCK_DIFFERENCE_SECONDS = 60
DISK_FREE_SHARE = 0.05
DISK_FREE_BYTES = 1_000_000_000

KEYS_AHEAD_DAYS = 3
# The longest life of 365 days ends in the 53rd week ahead at the latest; one more is being made.
KEYS_AHEAD_WEEKS = 54
WEEKLY_KEY_KEPT_WEEKS = 1

# What lies in `arriving/` is left over when nothing was written to it for so long; it is gone within a day.
ARRIVING_KEPT_SECONDS = 12 * 3600

FILE_NAME_CHARACTERS = 255
# What stands behind the last dot and is longer than this is no extension, but part of a sentence.
FILE_EXTENSION_CHARACTERS = 20

# How much more of a form is read once its files are refused. Browsers show an answer only after they sent the rest.
READ_AFTER_REFUSAL_BYTES = 16 * 1_000_000
# The same for who may send files at all: what they typed stands behind them, and no plan's largest send is as large.
READ_FOR_FIELDS_BYTES = 3_000 * 1_000_000
