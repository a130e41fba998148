#!/bin/sh
# Run pytest with the arguments given, in a real browser where a test asks for one, and with programs that are not ours
# where they judge a sealed PDF.
# Usage: VENV=.venv sh deploy/test.sh [ARGUMENT…]
set -eu

python="$VENV/bin/python"
for program in qpdf pdfsig; do
    command -v "$program" >/dev/null 2>&1 || sh deploy/system_packages.sh qpdf poppler-utils
done
CHROMIUM=$("$python" deploy/find_browser.py)
export CHROMIUM
DJANGO_SETTINGS_MODULE=tests.settings "$python" manage.py catalogs compile
exec "$python" -m pytest "$@"
