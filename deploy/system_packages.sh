#!/bin/sh
# Install packages of Debian or Ubuntu as root; anywhere else name the one line to type.
# Usage: sh deploy/system_packages.sh NAME…
set -eu

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install with your system's package manager, then try again: $*" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "Please type this line, then try again: sudo apt-get install $*" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "Installing $*…" >&2
apt-get update -qq >&2
apt-get install -qq --yes --no-install-recommends "$@" >/dev/null
