"""Which types a file may be said to have: those that no browser runs."""

UNKNOWN = "application/octet-stream"
SAFE = frozenset(
    {
        "application/msword",
        "application/pdf",
        "application/rtf",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/zip",
        "audio/mpeg",
        "image/gif",
        "image/heic",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "image/webp",
        "text/csv",
        "text/plain",
        "video/mp4",
        "video/quicktime",
    }
)


def safe_content_type(declared: str) -> str:
    """Return a declared type without its parameters where it is on the list, else that of unknown bytes."""
    bare = declared.partition(";")[0].strip().lower()
    return bare if bare in SAFE else UNKNOWN
