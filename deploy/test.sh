#!/bin/sh
# Run pytest with the arguments given, in a real browser where a test asks for one.
# Usage: VENV=.venv sh deploy/test.sh [ARGUMENT…]
set -eu

python="$VENV/bin/python"
CHROMIUM=$("$python" deploy/find_browser.py)
export CHROMIUM
DJANGO_SETTINGS_MODULE=tests.settings "$python" manage.py catalogs compile
exec "$python" -m pytest "$@"
