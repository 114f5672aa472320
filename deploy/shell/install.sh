#!/bin/sh
# Puts the shell's files where the system reads them: `sudo sh deploy/shell/install.sh [ROOT]`. ROOT is empty but for a
# test, or for an image that is being made. Says what is left to do by hand (docs/installing-the-shell.md).
set -eu
umask 022
root=${1:-}
cd "$(dirname "$0")"

put() { # file place
    mkdir -p "$root$(dirname "$2")"
    install -m 644 "$1" "$root$2"
    echo "shell: $root$2"
}

put policy.json /etc/chromium/policies/managed/kiosk.json
put system/sysusers.conf /etc/sysusers.d/kiosk-shell.conf
put system/99-kiosk.rules /etc/udev/rules.d/99-kiosk.rules
put system/sysctl.conf /etc/sysctl.d/90-kiosk.conf
put system/logind.conf /etc/systemd/logind.conf.d/kiosk.conf
put system/modprobe.conf /etc/modprobe.d/kiosk.conf
put ../systemd/kiosk-shell.service /etc/systemd/system/kiosk-shell.service
put ../systemd/kiosk-shell-x.service /etc/systemd/system/kiosk-shell-x.service
[ ! -d "$root/etc/X11" ] || put xorg.conf /etc/X11/xorg.conf.d/50-kiosk.conf

if [ -n "$root" ]; then exit 0; fi
systemd-sysusers /etc/sysusers.d/kiosk-shell.conf
systemctl daemon-reload
udevadm control --reload
sysctl -q --system
echo "shell: now put the USB numbers of your key pad into /etc/udev/rules.d/99-kiosk.rules, then"
echo "shell: systemctl enable --now kiosk-shell.service && systemctl set-default multi-user.target"
