# Where a hub keeps its database, pictures and keys, asked of the program itself: one truth for hub, copy and return.
# Read by backup.sh and restore.sh (`. deploy/places.sh`) with $python set; KIOSK_CONFIG names the hub's files.
oldIFS=$IFS
IFS=:
set --
for file in ${KIOSK_CONFIG:-}; do
    set -- "$@" --config "$file"
done
IFS=$oldIFS
places=$("$python" run.py "$@" county places)
place() { printf '%s\n' "$places" | sed -n "s/^$1=//p"; }
database=$(place database) media=$(place media) keys=$(place keys)
