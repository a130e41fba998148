"""The numbers of documents, each once, with its unit in its name."""

PAGES_MOST = 500
# 200 inches, the largest page that every reader can show.
SIDE_MOST_POINTS = 14_400
SIDE_LEAST_POINTS = 1
# Farther from its origin than this a page's measures lose their fractions.
COORDINATE_MOST_POINTS = 100_000
# A page longer than this many times its width cannot be shown as a picture that anybody reads.
LENGTH_MOST_WIDTHS = 20
PICTURE_MOST_PIXELS = 25_000_000
# Of an image, decoded; PDFium draws what is beyond its own limit of 1 GiB as nothing, and others do not.
IMAGE_MOST_BYTES = 1_000_000_000

CHILD_CPU_SECONDS = 10
CHILD_MEMORY_BYTES = 512 * 1024 * 1024
CHILD_OPEN_FILES = 64
# By the clock; on a machine with much to do 10 seconds of CPU may take longer.
CHILD_SECONDS = 45
# How long others wait while one is at work.
TURN_SECONDS = 20
# A document of 50 MB may become larger by being written anew.
ANSWER_MOST_BYTES = 128 * 1024 * 1024
