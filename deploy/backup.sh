#!/bin/sh
# A whole copy of a running hub: `sh deploy/backup.sh FOLDER` makes FOLDER/hub-<moment> with database, pictures and keys.
# KIOSK_CONFIG and KIOSK_HUB__… as for the hub itself; KEEP=14 lets go of all but the newest fourteen.
# The copy opens what residents handed in: keep it as safely as the hub's own machine.
set -eu
umask 077
target=${1:?"usage: backup.sh FOLDER"}
mkdir -p "$target"
target=$(cd "$target" && pwd)
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

say() { echo "backup: $*"; }

. deploy/places.sh

moment=$(date -u +%Y%m%dT%H%M%SZ)
copy=$target/hub-$moment
making=$copy.part
rm -rf "$target"/hub-*.part
mkdir "$making" "$making/media" "$making/keys"

# First the database, then the pictures: a picture is written before it is named, and never changes.
case $database in
sqlite:///*)
    "$python" -c '
import sqlite3, sys
source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=60)
source.execute("VACUUM INTO ?", (sys.argv[2],))
' "${database#sqlite:///}" "$making/database.sqlite"
    ;;
postgresql+psycopg://*)
    # The address goes by the environment: what stands on a command line is read by everybody on the machine.
    PGURL="postgresql://${database#*://}" "$python" deploy/pg.py pg_dump --format=custom --no-owner --no-privileges \
        --file="$making/database.dump"
    ;;
*) say "cannot copy $database" >&2 && exit 2 ;;
esac
if [ -d "$media" ]; then cp -p "$media"/* "$making/media/" 2>/dev/null || [ -z "$(ls "$media")" ]; fi
cp -p "$keys"* "$making/keys/"
chmod 600 "$making"/keys/*
(cd "$making" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + >SHA256SUMS)
sync
mv "$making" "$copy" # only a whole copy bears its name
say "$copy"

if [ -n "${KEEP:-}" ]; then
    ls -d "$target"/hub-* | sort -r | tail -n +"$((KEEP + 1))" | while read -r old; do
        rm -rf "$old"
        say "let go of $old"
    done
fi
