#!/bin/sh
# The browser of the touchscreen, started by kiosk-shell.service. PAIRING_KEY, BROWSER and ADDRESS can be set otherwise.
set -eu
key=${PAIRING_KEY:-${CREDENTIALS_DIRECTORY:?"no pairing key: start this from kiosk-shell.service"}/pairing-key}
exec "${BROWSER:-chromium}" --kiosk --no-first-run --disable-translate --disable-pinch --noerrdialogs \
    "${ADDRESS:-http://127.0.0.1:8080}/?key=$(cat "$key")"
