#!/bin/sh
# What the browser tests need and the rest of the suite does not: Chromium from Debian's packages, and from PyPI the
# driver and an accessibility engine, at the versions of constraints.txt. From the project's folder: make browser,
# or sh tests/browser/setup.sh [VENV]
set -eu
cd "$(dirname "$0")/../.."
venv="${1:-.venv}"

has_chromium() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; }

stop() {
    echo "browser tests cannot run: $1" >&2
    exit 1
}

if ! has_chromium; then
    command -v apt-get >/dev/null 2>&1 || stop "no chromium on the PATH, and no apt-get here to install it; install Chromium"
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq || stop "apt-get update failed"
    $sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-liberation >/dev/null \
        || stop "apt-get could not install chromium; install it by hand"
    has_chromium || stop "apt-get installed chromium, and it is not on the PATH"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[browser]" \
    || stop "pip could not install the extra 'browser' (playwright, axe-playwright-python)"
# Debian's wrapper grumbles about /dev/shm on some machines; its words matter only where Chromium does not start.
grumbled="$(mktemp)"
trap 'rm -f "$grumbled"' EXIT
"$(command -v chromium || command -v chromium-browser)" --version 2>"$grumbled" || {
    cat "$grumbled" >&2
    stop "chromium is there and does not start"
}
