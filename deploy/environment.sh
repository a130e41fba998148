#!/bin/sh
# Create the virtual environment where it is missing or no longer works.
# Usage: sh deploy/environment.sh FOLDER
set -eu

venv=$1
here=$(dirname "$0")
is_supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))'

find_python() {
    for name in python3.13 python3.12 python3.11 python3 python3.14; do
        if "$name" -c "$is_supported" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
}

if "$venv/bin/python" -c "$is_supported; import pip" >/dev/null 2>&1; then
    exit 0
fi

python=$(find_python)
if [ -z "$python" ]; then
    sh "$here/system_packages.sh" python3 python3-venv
    python=$(find_python)
fi
if [ -z "$python" ]; then
    echo "The portal needs Python 3.11, 3.12, 3.13 or 3.14, and this system's package manager has an older one." >&2
    exit 1
fi
# Debian keeps ensurepip apart: python3-venv for its own Python, python3.12-venv for another one.
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    sh "$here/system_packages.sh" "$python-venv"
fi

echo "Creating $venv with $("$python" --version)…"
"$python" -m venv --clear "$venv"
