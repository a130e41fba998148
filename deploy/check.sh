#!/bin/sh
# Check style, types, layers, migrations and the settings of a production installation; name every check that failed.
# Usage: VENV=.venv sh deploy/check.sh
set -eu

bin="$VENV/bin"
python="$bin/python"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=""
# mypy reads the tests' settings, which make a folder, and ends without tidying up.
TMPDIR=$work
export TMPDIR

check() {
    title=$1
    shift
    if "$@" >"$work/output" 2>&1; then
        echo "ok      $title"
    else
        echo "failed  $title"
        cat "$work/output"
        failed="$failed, $title"
    fi
}

as_demo() {
    env DATABASE_URL= CACHE_URL= PORTAL_ENV=demo HOST=127.0.0.1 \
        PORTAL_DATA_DIR="$work/demo" PORTAL_KEY_DIR="$work/demo/keys" "$@"
}

as_production() {
    env DATABASE_URL= CACHE_URL= PORTAL_ENV=production HOST=127.0.0.1 \
        PORTAL_DATA_DIR="$work/data" PORTAL_KEY_DIR="$work/keys" \
        PORTAL_NAME="Portal" PUBLIC_URL="https://portal.example" \
        MAIL_FROM="portal@portal.example" SUPPORT_EMAIL="help@portal.example" \
        EMAIL_URL="smtp+tls://portal:password@mail.example:587" SMS_URL="none" TRUSTED_PROXIES="127.0.0.1" "$@"
}

mkdir "$work/demo" "$work/data"
as_demo "$python" manage.py create_keys >/dev/null
as_production "$python" manage.py create_keys >/dev/null

# As long as all others together, so it runs beside them.
as_demo "$python" -m mypy . >"$work/types" 2>&1 &
types=$!
types_hold() {
    wait "$types" || {
        cat "$work/types"
        return 1
    }
}

check "style" "$python" -m ruff check .
check "form" "$python" -m ruff format --check .
check "template form" "$python" -m djlint --check templates
check "template style" "$python" -m djlint --lint templates
check "layers" "$bin/lint-imports"
check "migrations" as_demo "$python" manage.py makemigrations --check --dry-run
check "production settings" as_production "$python" manage.py check --deploy --fail-level WARNING
check "types" types_hold

if [ -n "$failed" ]; then
    echo "Failed: ${failed#, }"
    exit 1
fi
echo "All checks passed."
