#!/bin/sh
# Brings a hub back from a copy of deploy/backup.sh: `sh deploy/restore.sh FOLDER/hub-<moment>`, with every hub stopped.
# KIOSK_CONFIG and KIOSK_HUB__… say where to. Nothing that is there is written over: an existing SQLite file, key or
# non-empty PostgreSQL database ends this with nothing done.
set -eu
umask 077
copy=${1:?"usage: restore.sh FOLDER/hub-<moment>"}
copy=$(cd "$copy" && pwd)
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

say() { echo "restore: $*"; }
refuse() {
    say "$*" >&2
    exit 1
}

(cd "$copy" && sha256sum --quiet --check SHA256SUMS) || refuse "the copy is damaged, nothing was done"

. deploy/places.sh

for key in "$copy"/keys/*; do
    here=$(dirname "$keys")/$(basename "$key")
    [ ! -e "$here" ] || cmp -s "$key" "$here" || refuse "$here is another key than the copy's: move it away first"
done

case $database in
sqlite:///*)
    file=${database#sqlite:///}
    [ -f "$copy/database.sqlite" ] || refuse "the copy holds no SQLite database"
    [ ! -e "$file" ] || refuse "$file is there: stop the hub and move it away first"
    mkdir -p "$(dirname "$file")"
    cp "$copy/database.sqlite" "$file.part"
    sync
    mv "$file.part" "$file"
    ;;
postgresql+psycopg://*)
    [ -f "$copy/database.dump" ] || refuse "the copy holds no PostgreSQL database"
    PGURL="postgresql://${database#*://}" "$python" deploy/pg.py pg_restore --single-transaction --exit-on-error \
        --no-owner --no-privileges "$copy/database.dump" || refuse "give an empty database; nothing was done"
    ;;
*) refuse "cannot bring back $database" ;;
esac

mkdir -p "$media" "$(dirname "$keys")"
cp -p "$copy"/media/* "$media/" 2>/dev/null || [ -z "$(ls "$copy/media")" ]
for key in "$copy"/keys/*; do
    here=$(dirname "$keys")/$(basename "$key")
    [ -e "$here" ] || cp -p "$key" "$here"
    chmod 600 "$here"
done
sync
say "$("$python" run.py "$@" county restored)"
