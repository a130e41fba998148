#!/usr/bin/env python
"""Run an administrative command of the portal."""

import os
import sys


def main() -> None:
    """Hand the command line to Django; a setting that cannot be right ends it with one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
