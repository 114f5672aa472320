#!/bin/sh
# A new version beside the old one, taken back by itself where it does not serve: `sh deploy/update.sh TREE`, where TREE
# is a folder or an archive (.tar, .tar.gz) of the program. Tried by tests/deploy/test_update.py without systemd.
#
# An update that a power cut ended is finished by `update.sh --finish`: a version that was never tested is tested, or goes
# back. hall-update.service does it at the next start (by the copy KIOSK_HOME/.update.sh), else the next update does.
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
tree=${1:?"usage: update.sh TREE | --finish"}
home=${KIOSK_HOME:-/srv/kiosk}
units=${UNITS-kiosk.service=http://127.0.0.1:8080/health}
state=${STATE-}
patience=${PATIENCE:-90}
desk=${DESK-}
config=${CONFIG-}
mark=$home/.unfinished
phase=""
setup=${SETUP:-sh deploy/setup.sh run}

say() { echo "update: $*" || :; } # nobody may be there any more to read it
refuse() {
    say "$*" >&2
    exit 1
}

ctl() { ${SYSTEMCTL:-systemctl} "$@" 9>&-; } # what it starts does not hold our lock

mkdir -p "$home/releases"
if [ "$tree" = --finish ]; then
    [ -e "$mark" ] || exit 0
elif [ -e "$mark" ]; then
    say "the update before was cut; it comes to its end first"
    sh "$0" --finish || [ ! -e "$mark" ] || refuse "the update before is not at its end; nothing was changed"
fi
exec 9>"$home/.update-lock"
flock -n 9 || refuse "another update is under way"
still="" # yes while units stand still because of us
leave() {
    [ "$phase" != new ] || [ "$(readlink "$home/current")" = "$new" ] || rm -f "$mark"
    if [ -n "$still" ]; then
        for unit in $units; do ctl start "${unit%%=*}" || :; done
        say "what stood still was started again" >&2
    fi
}
trap leave EXIT
trap : HUP INT TERM PIPE # a line that breaks breaks no update: a step it ends is a step that failed

# The new version, whole and set up, before anything that runs is touched; what a cut left half-made goes.
prepare() {
    for made in "$home"/releases/*; do
        [ ! -d "$made" ] || [ -e "$made/.complete" ] || rm -rf "$made"
    done
    old=$(readlink "$home/current" 2>/dev/null || true)
    new=releases/$(date -u +%Y%m%dT%H%M%SZ)-$$
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
}

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
    ctl restart "${1%%=*}" || return 1
    until=$(($(date +%s) + patience))
    while ! answers "${1#*=}"; do
        [ "$(date +%s)" -lt "$until" ] || return 1
        ! ctl is-failed --quiet "${1%%=*}" || return 1
        sleep 1
    done
}

limit=$(($(date +%s) + ${WAIT:-14400}))
await() {
    vacant || say "somebody is at the desk; waiting"
    while ! vacant; do
        [ "$(date +%s)" -lt "$limit" ] || refuse "the desk was never vacant; nothing was changed"
        sleep 1
    done
}

remember() { # on the disk before anything moves: what --finish has to bring to its end
    phase=$1
    for name in phase old new units state desk config patience; do
        eval "printf '%s %s\\n' $name \"\$$name\""
    done >"$mark.new"
    mv -T "$mark.new" "$mark"
    sync
}

recall() {
    while read -r name value; do
        case $name in phase | old | new | units | state | desk | config | patience) eval "$name=\$value" ;; esac
    done <"$mark"
}

settled() {
    rm -f "$mark"
    sync
}

over() {
    settled
    refuse "$*"
}

neither_serves() { over "THE VERSION BEFORE DOES NOT SERVE EITHER: look at the log of $failed"; }

# Nobody is sent away, not even who came while it was written down what works now.
wait_for_vacancy() {
    while :; do
        [ -z "$desk" ] || await
        if [ -n "$old" ]; then check --write "$home/.hall" >/dev/null || rm -f "$home/.hall"; fi
        if [ -z "$desk" ] || vacant; then break; fi
    done
}

# What is on the disk, copied while nobody writes to it.
keep_state() {
    [ -n "$state" ] && [ -e "$state" ] || return 0
    still=yes
    for unit in $units; do ctl stop "${unit%%=*}"; done
    rm -rf "$state.before"
    mkdir -m 700 "$state.before"
    for file in "$state" "$state-wal" "$state-shm"; do
        [ ! -e "$file" ] || cp -p "$file" "$state.before/" || refuse "$file cannot be copied; nothing was changed"
    done
}

all_serve() {
    for unit in $units; do
        serves "$unit" || { failed=${unit%%=*} && return 1; }
        say "${unit%%=*} serves ${1#releases/}"
    done
}

do_well() { # one unit after the other: of two hubs, one serves all the time; then the self-test
    all_serve "$new" || return 1
    still=""
    compare=""
    [ ! -e "$home/.hall" ] || compare="--compare $home/.hall"
    failed="${units%%=*} (its self-test)"
    # shellcheck disable=SC2086  # two words or none
    check --seconds "$patience" $compare
}

try_new() {
    remember new
    link "$new"
    if do_well; then
        settled
        # The one before stays, older ones go.
        for made in "$home"/releases/*; do
            case $made in "$home/$new" | "$home/$old") ;; *) rm -rf "$made" ;; esac
        done
        say "done; the version before is kept in ${old:-nowhere, this is the first}"
        exit 0
    fi
    still=""
    say "$failed did not do well within $patience s; going back" >&2
    [ -n "$old" ] || over "there is no version before"
}

# The old version goes on with what the new one has written where only something was added to it.
go_back() {
    remember back
    link "$old"
    if all_serve "$old"; then over "the version before serves again; the new one is in $new"; fi
    [ -n "$state" ] && [ -d "$state.before" ] || neither_serves
}

# Where it cannot, the copy of before comes back and what the new one wrote is kept beside it; a second time if need be.
copy_back() {
    remember copy
    still=yes
    for unit in $units; do ctl stop "${unit%%=*}"; done
    aside=$state.failed-$(date -u +%Y%m%dT%H%M%SZ)-$$
    mkdir -m 700 "$aside"
    for file in "$state" "$state-wal" "$state-shm"; do [ ! -e "$file" ] || mv "$file" "$aside/"; done
    cp -p "$state.before"/* "$(dirname "$state")/"
    sync
    still=""
    all_serve "$old" || neither_serves
    over "the version before serves again with the data of before; LOOK AT $aside: submissions may be in it"
}

if [ "$tree" = --finish ]; then
    recall
    say "an update to ${new#releases/} was cut; it comes to its end"
    [ "$phase" != new ] || [ -z "$desk" ] || await
else
    prepare
    cp "$0" "$home/.update.sh.new" && mv -T "$home/.update.sh.new" "$home/.update.sh"
    wait_for_vacancy
    keep_state
    phase=new
fi
[ "$phase" != new ] || try_new
[ "$phase" = copy ] || go_back
copy_back
