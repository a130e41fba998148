"""The numbers of electronic signature, each once, with its unit in its name."""

from core.throttle import Limit

HOUR = 3600

MARKS_PER_KIND = 10
MARK_TEXT_MOST_CHARACTERS = 60

# What one draws on: a pad of these whole steps, however large it is on the screen.
PAD_WIDTH_STEPS = 3_000
PAD_HEIGHT_STEPS = 1_500
STROKES_MOST = 200
POINTS_MOST = 6_000
# Less than this from one end to the other is a slip of the pen.
DRAWING_LEAST_STEPS = 40

PICTURE_MOST_BYTES = 2_000_000
PICTURE_MOST_PIXELS = 16_000_000
# One is worked on at a time; more waiting threads would keep every page waiting.
PICTURES_AT_ONCE = 1
PICTURES_WAITING = 3
PICTURE_LEAST_SIDE_PIXELS = 16
# Each scan of a JPEG picture costs a pass over all of it; cameras write ten.
PICTURE_MOST_SCANS = 32
KEPT_WIDTH_PIXELS = 1_200
KEPT_HEIGHT_PIXELS = 400

# How many days before the certificate of the seal ends support is told.
SEAL_END_WARNED_DAYS = (60, 30, 7)
# How long a sealed document is known by its digest, and how long it is kept what happened to its request; of any four
# years in a row one at most is a leap year.
SEALED_KNOWN_YEARS = 10
SEALED_KNOWN_DAYS = SEALED_KNOWN_YEARS * 365 + 3

# Of one document, as it came and as it is presented.
PAPER_MOST_BYTES = 50_000_000
# Room for what sealing adds to it: marks, certificate of completion, seal (docs/decisions/0065-public-check.md).
SEALING_ROOM_BYTES = 10_000_000
# What anybody may have checked.
CHECK_MOST_BYTES = PAPER_MOST_BYTES + SEALING_ROOM_BYTES
CHECKS_PER_NETWORK = Limit("signatures.check", 20, HOUR)
# Of all files that arrive to be checked, in one process; each stands in memory twice while it is worked on.
CHECKED_AT_ONCE_MOST_BYTES = 2 * CHECK_MOST_BYTES
# One is worked on at a time; more waiting threads would keep every page waiting.
CHECKS_AT_ONCE = 1
CHECKS_WAITING = 2

PAPERS_MOST = 10
# Of all documents that are worked on to be presented, in one process; each stands in memory twice meanwhile.
PAPERS_AT_ONCE_MOST_BYTES = 2 * PAPER_MOST_BYTES
# Of all documents of one request.
REQUEST_PAGES_MOST = 500
REQUEST_TITLE_MOST_CHARACTERS = 200
REQUEST_MESSAGE_MOST_CHARACTERS = 2_000
DRAFT_SAVED_EVERY_SECONDS = 10
# Of the picture of a page while zones are placed.
PAGE_WIDTH_PIXELS = 1_000
PAGE_BUSY_SECONDS = 2
# Of all pictures of pages, of drafts and for signers, in one process. One is drawn at a time; more waiting threads
# would keep every other page waiting.
PAGES_AT_ONCE = 1
PAGES_WAITING = 2
# What a composer takes of a single field; what is too long for its form is kept as it was typed.
TYPED_MOST_CHARACTERS = 20_000
ZONES_MOST = 500
# Of one page, for whoever has no scripts: each row has a dozen fields, and a form has a thousand at most.
ZONE_ROWS_MOST = 60
ZONE_LABEL_MOST_CHARACTERS = 60
# What 500 zones take as JSON with long labels, twice.
ZONES_TEXT_MOST_CHARACTERS = 400_000
ANSWER_TEXT_MOST_CHARACTERS = 200
# What one signer may place where no zones were prepared.
PLACED_MOST = 50

# Of the pages of the documents, for one opened link; 500 pages looked at four times in an hour.
PAGE_PICTURES = Limit("signatures.page-picture", 2_000, HOUR)
# On a screen of 360 CSS pixels with three pixels for each, and on a desk.
PAGE_PICTURE_WIDTH_PIXELS = 1_100
# When a browser may ask again for a picture that others kept from being drawn.
PAGE_PICTURE_AGAIN_SECONDS = 3

REQUEST_LIFE_DAYS = 30
REQUEST_LIFE_MOST_DAYS = 180
REASON_MOST_CHARACTERS = 1_000
REMINDER_MOST_CHARACTERS = 1_000
# Until somebody has signed, coming back costs nothing a person would notice: no page tells this number.
REQUEST_OPENINGS = 1_000
END_WARNED_DAYS = 3
# How long the links to the sealed documents are open.
SEALED_LINKS_DAYS = 30
SEALED_KEPT_DAYS = 365
# How long a worker may take for one request before another one takes it up.
SEALING_LEASE_SECONDS = 10 * 60
SEALING_AGAIN_SECONDS = 5 * 60
# What nobody has sealed for so long is told to support, once a day.
SEALING_LATE_SECONDS = 10 * 60
# A time-stamp server that is down is waited for; then the documents are sealed without it, and say so.
TIME_STAMP_WAIT_SECONDS = 4 * 3600

REMINDERS_AN_HOUR = Limit("signatures.reminder-hour", 1, 3600)
REMINDERS_A_DAY = Limit("signatures.reminder-day", 3, 24 * 3600)

TRACKED_ROWS_A_PAGE = 25
# What the page of one request shows of what happened; the log has the rest.
TIMELINE_MOST_EVENTS = 500
