#!/bin/sh
# What the browser tests need and the rest of the suite does not: Chromium from Debian's packages, and from PyPI the
# driver and an accessibility engine. Run from the project's folder: sh tests/browser/setup.sh [VENV]
set -eu
venv="${1:-.venv}"
if ! command -v chromium >/dev/null 2>&1; then
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-liberation
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check "playwright>=1.45" "axe-playwright-python>=0.1.4"
chromium --version
