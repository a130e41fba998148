"""Log lines as JSON, made of allowed fields only: what is not on the list is left out."""

import json
import logging
from datetime import UTC, datetime

ALLOWED_FIELDS = (
    *("kind", "job", "step", "row", "fault", "request_id", "method", "status", "reason", "certainty"),
    *("region", "sent", "confirmed", "organization", "number", "worker", "count", "user", "digest"),
)


def logging_of(*, level: str) -> dict[str, object]:
    """Return the setting LOGGING.

    Args:
        level: from which on the portal's own lines are written; those of libraries are written as warnings.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"as_warning": {"()": lambda: as_warning}},
        "formatters": {"fields": {"()": "portal.logs.FieldsFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "fields"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "portal": {"handlers": ["console"], "level": level, "propagate": False},
            "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            # Scanners ask under names that are not ours all day; the answer is 400, and nobody has to be woken for it.
            "django.security.DisallowedHost": {"filters": ["as_warning"]},
        },
    }


def as_warning(record: logging.LogRecord) -> bool:
    """Let a record pass as a warning, whatever it was."""
    record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
    return True


class FieldsFormatter(logging.Formatter):
    """Writes time, level, logger, event and the allowed fields of a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage() if record.name.startswith("portal") else _event_of_library(record),
        }
        line |= {name: getattr(record, name) for name in ALLOWED_FIELDS if hasattr(record, name)}
        request = getattr(record, "request", None)
        if request is not None:
            line["request_id"] = getattr(request, "request_id", "")
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            line["trace"] = _places(record)
        return json.dumps(line, default=str)


def _event_of_library(record: logging.LogRecord) -> str:
    """Return a library's message without its values, which may be anything a visitor typed."""
    status = getattr(record, "status_code", None)
    return f"answered {status}" if status else str(record.msg)[:200]


def _places(record: logging.LogRecord) -> list[str]:
    """Return where it happened, without the values and without the exception's text."""
    trace, places = record.exc_info[2] if record.exc_info else None, []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]
