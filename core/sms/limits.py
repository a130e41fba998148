"""The numbers of text messages, each once, with its unit in its name."""

from core.throttle import Limit

INPUT_MOST_CHARACTERS = 40
PREFIX_DIGITS = 6
LAST_DIGITS = 4

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

TEXTS_TO_NUMBER_HOUR = Limit("sms.number.hour", 5, HOUR)
TEXTS_TO_NUMBER_DAY = Limit("sms.number.day", 10, DAY)
TEXTS_FOR_ACCOUNT_HOUR = Limit("sms.account.hour", 10, HOUR)
TEXTS_FOR_ACCOUNT_DAY = Limit("sms.account.day", 20, DAY)
TEXTS_TO_PREFIX_TEN_MINUTES = Limit("sms.prefix.ten-minutes", 20, 10 * MINUTE)
TEXTS_TO_PREFIX_HOUR = Limit("sms.prefix.hour", 60, HOUR)
TEXTS_FROM_NETWORK_STRANGER = Limit("sms.network.stranger.hour", 20, HOUR)
TEXTS_FROM_NETWORK_PROVEN = Limit("sms.network.proven.hour", 300, HOUR)
TEXTS_OF_INSTALLATION_HOUR = Limit("sms.installation.hour", 1_000, HOUR)
TEXTS_OF_INSTALLATION_DAY = Limit("sms.installation.day", 5_000, DAY)
# The calendar day is part of the subject; the row only has to outlive the longest day, of 25 hours.
ORGANIZATION_DAY_NAME, ORGANIZATION_DAY_ROW_SECONDS = "sms.organization.day", 26 * HOUR
ORGANIZATION_TEXTS_A_DAY = 500

COUNTRY_WATCHED_SECONDS = HOUR
COUNTRY_STOPS_ABOVE_TEXTS = 20
COUNTRY_STOPS_BELOW_CONFIRMED_PERCENT = 25
# A code still in its reader's hand says nothing about its country: it counts when confirmed, or after this time.
CONFIRMATION_GRACE_SECONDS = 2 * MINUTE

# Each process reads the switch anew after this time: what was switched off is off everywhere within a minute.
SWITCH_READ_EVERY_SECONDS = 30

SEGMENT_CHARACTERS = 160
LINK_TEXT_MOST_SEGMENTS = 2
SEGMENT_OF_SEVERAL_CHARACTERS = 153
NAME_IN_TEXT_MOST_CHARACTERS = 30

PROVIDER_TIMEOUT_SECONDS = 10
UNKNOWN_ASKED_FOR_SECONDS = 60
UNKNOWN_ASKED_EVERY_SECONDS = 15
PROVIDER_CLOCK_DIFFERENCE_SECONDS = 60
PROVIDER_LIST_MOST_TEXTS = 20
CIRCUIT_OPENS_AFTER_FAILURES = 5
CIRCUIT_PAUSE_SECONDS = 30

DELIVERY_RECORD_KEPT_DAYS = 400
