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
# How long a sealed document is known by its digest; of any four years in a row one at most is a leap year.
SEALED_KNOWN_YEARS = 10
SEALED_KNOWN_DAYS = SEALED_KNOWN_YEARS * 365 + 3

# What anybody may have checked.
CHECK_MOST_BYTES = 50_000_000
CHECKS_PER_NETWORK = Limit("signatures.check", 20, HOUR)
# Of all files that arrive to be checked, in one process; each stands in memory twice while it is worked on.
CHECKED_AT_ONCE_MOST_BYTES = 2 * CHECK_MOST_BYTES
# One is worked on at a time; more waiting threads would keep every page waiting.
CHECKS_AT_ONCE = 1
CHECKS_WAITING = 2

PAPERS_MOST = 10
# Of all documents of one request.
REQUEST_PAGES_MOST = 500
REQUEST_MESSAGE_MOST_CHARACTERS = 2_000
ZONES_MOST = 500
ZONE_LABEL_MOST_CHARACTERS = 60
# What 500 zones take as JSON with long labels, twice.
ZONES_TEXT_MOST_CHARACTERS = 400_000
ANSWER_TEXT_MOST_CHARACTERS = 200
# What one signer may place where no zones were prepared.
PLACED_MOST = 50
