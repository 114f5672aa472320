#!/bin/sh
# A new version beside the old one, taken back by itself where it does not serve: `sh deploy/update.sh TREE`, where TREE
# is a folder or an archive (.tar, .tar.gz) of the program. Tried by tests/deploy/test_update.py without systemd.
#
#   KIOSK_HOME  /srv/kiosk: releases/<name>/ each with its own .venv, and the link `current` to the one that runs
#   UNITS       "kiosk.service=http://127.0.0.1:8080/health"; two hubs, one after the other:
#               "hub@8090.service=http://127.0.0.1:8090/health hub@8091.service=http://127.0.0.1:8091/health"
#   STATE       a file of the kiosk that is copied while it stands still: /var/lib/kiosk/kiosk.sqlite ("" at a hub)
#   BEFORE      a command to run first, at a hub: "systemctl start hub-backup"
#   DESK        a kiosk's "http://127.0.0.1:8080/health": nobody is sent away, the update waits until the desk is vacant,
#               at most WAIT seconds (14400), else nothing is changed. A kiosk that does not answer keeps nobody waiting
#   CONFIG      a kiosk's settings, /etc/kiosk/site.toml: its self-test (run.py hall-check) is part of what has to go well;
#               a device that was ready before and is not any more takes the new version back
#   PATIENCE    90: seconds in which a unit has to answer with 200
#   SYSTEMCTL   systemctl;   SETUP  "sh deploy/setup.sh run", in the folder of the new version
set -eu
umask 022
tree=${1:?"usage: update.sh TREE"}
home=${KIOSK_HOME:-/srv/kiosk}
units=${UNITS-kiosk.service=http://127.0.0.1:8080/health}
state=${STATE-}
patience=${PATIENCE:-90}
desk=${DESK-}
config=${CONFIG-}
systemctl=${SYSTEMCTL:-systemctl}
setup=${SETUP:-sh deploy/setup.sh run}

say() { echo "update: $*" || :; } # nobody may be there any more to read it
refuse() {
    say "$*" >&2
    exit 1
}

mkdir -p "$home/releases"
mkdir "$home/.updating" 2>/dev/null || refuse "another update is under way (or died: remove $home/.updating)"
still="" # yes while units stand still because of us
leave() {
    rmdir "$home/.updating"
    if [ -n "$still" ]; then
        for unit in $units; do $systemctl start "${unit%%=*}" || :; done
        say "what stood still was started again" >&2
    fi
}
trap leave EXIT
trap : HUP INT TERM PIPE # a line that breaks breaks no update: a step it ends is a step that failed

# 1. The new version, whole and set up, before anything that runs is touched. What a power cut left half-made goes.
for made in "$home"/releases/*; do
    [ ! -d "$made" ] || [ -e "$made/.complete" ] || rm -rf "$made"
done
old=$(readlink "$home/current" 2>/dev/null || true)
new=releases/$(date -u +%Y%m%dT%H%M%SZ)
[ ! -e "$home/$new" ] || new=$new-$$
mkdir "$home/$new"
if [ -d "$tree" ]; then
    (cd "$tree" && tar -cf - --exclude=./.venv --exclude=./.git --exclude=./var .) | tar -xf - -C "$home/$new"
else
    tar -xf "$tree" -C "$home/$new"
    # an archive with one folder in it, as they are made from a repository
    [ -e "$home/$new/run.py" ] || { mv "$home/$new"/*/* "$home/$new"/; }
fi
(cd "$home/$new" && $setup) || refuse "the new version cannot be set up; nothing was changed"
(cd "$home/$new" && .venv/bin/python run.py --help >/dev/null) || refuse "the new version does not start; nothing was changed"
touch "$home/$new/.complete"
sync
if [ -n "${BEFORE:-}" ]; then
    (cd "$home/${old:-$new}" && $BEFORE) || refuse "no copy could be made first; nothing was changed"
fi

check() { # the self-test, with the program of the new version
    [ -z "$config" ] || (cd "$home/$new" && .venv/bin/python run.py --config "$config" hall-check "$@")
}

vacant() { # 0 where nobody is at the desk, or nobody says so
    "$home/$new/.venv/bin/python" -c '
import json, sys, urllib.request
try:
    told = json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1], timeout=3))
except (OSError, ValueError):
    sys.exit(0)
sys.exit(told.get("desk") not in ("vacant", "out_of_service"))
' "$desk" 2>/dev/null
}

link() { # atomic: whoever starts at this moment finds the one or the other
    ln -sfn "$1" "$home/.next"
    mv -T "$home/.next" "$home/current"
    sync
}

answers() {
    "$home/$new/.venv/bin/python" -c '
import sys, urllib.request
opened = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1], timeout=3)
sys.exit(opened.status != 200)
' "$1" 2>/dev/null
}

serves() { # unit=address: started anew, and answering within our patience
    $systemctl restart "${1%%=*}" || return 1
    until=$(($(date +%s) + patience))
    while ! answers "${1#*=}"; do
        [ "$(date +%s)" -lt "$until" ] || return 1
        ! $systemctl is-failed --quiet "${1%%=*}" || return 1
        sleep 1
    done
}

# 2. Nobody is sent away, not even who came while it was written down what works now.
await() {
    vacant || say "somebody is at the desk; waiting"
    while ! vacant; do
        [ "$(date +%s)" -lt "$limit" ] || refuse "the desk was never vacant; nothing was changed"
        sleep 1
    done
}
limit=$(($(date +%s) + ${WAIT:-14400}))
while :; do
    [ -z "$desk" ] || await
    if [ -n "$old" ]; then check --write "$home/.hall" >/dev/null || rm -f "$home/.hall"; fi
    if [ -z "$desk" ] || vacant; then break; fi
done

# 3. What is on the disk, copied while nobody writes to it.
if [ -n "$state" ] && [ -e "$state" ]; then
    still=yes
    for unit in $units; do $systemctl stop "${unit%%=*}"; done
    rm -rf "$state.before"
    mkdir -m 700 "$state.before"
    for file in "$state" "$state-wal" "$state-shm"; do
        [ ! -e "$file" ] || cp -p "$file" "$state.before/" || refuse "$file cannot be copied; nothing was changed"
    done
fi

# 4. One unit after the other: of two hubs, one serves all the time.
link "$new"
failed=""
for unit in $units; do
    serves "$unit" || { failed=$unit && break; }
    say "${unit%%=*} serves ${new#releases/}"
done
still=""

compare=""
[ ! -e "$home/.hall" ] || compare="--compare $home/.hall"
# shellcheck disable=SC2086  # two words or none
if [ -z "$failed" ] && ! check --seconds "$patience" $compare; then failed="${units%%=*} (its self-test)"; fi

if [ -z "$failed" ]; then
    # The one before stays, older ones go.
    for made in "$home"/releases/*; do
        case $made in "$home/$new" | "$home/$old") ;; *) rm -rf "$made" ;; esac
    done
    say "done; the version before is kept in ${old:-nowhere, this is the first}"
    exit 0
fi

# 5. Back. The old version goes on with what the new one has written where only something was added to it; where it
# cannot, the copy of before comes back and what the new one wrote is kept beside it.
say "${failed%%=*} did not do well within $patience s; going back" >&2
[ -n "$old" ] || refuse "there is no version before"
link "$old"
back() { for unit in $units; do serves "$unit" || return 1; done; }
if back; then refuse "the version before serves again; the new one is in $new"; fi
if [ -n "$state" ] && [ -d "$state.before" ]; then
    still=yes
    for unit in $units; do $systemctl stop "${unit%%=*}"; done
    aside=$state.failed-$(date -u +%Y%m%dT%H%M%SZ)
    mkdir -m 700 "$aside"
    for file in "$state" "$state-wal" "$state-shm"; do [ ! -e "$file" ] || mv "$file" "$aside/"; done
    cp -p "$state.before"/* "$(dirname "$state")/"
    still=""
    if back; then refuse "the version before serves again with the data of before; LOOK AT $aside: submissions may be in it"; fi
fi
refuse "THE VERSION BEFORE DOES NOT SERVE EITHER: look at the log of ${failed%%=*}"
