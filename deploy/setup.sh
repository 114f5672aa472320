#!/bin/sh
# Sets this checkout up: `sh deploy/setup.sh run` for the program, `sh deploy/setup.sh test` for tests and tools too.
# A stamp in .venv remembers what was done for which requirements: the second call does nothing and needs no network.
set -eu

task=${1:?"usage: setup.sh run|test"}
case $task in
run)
    packages="gcc libpcsclite-dev swig pcscd fonts-noto-cjk fonts-noto-core libzinnia0 tegaki-zinnia-simplified-chinese"
    requirements=requirements.txt
    ;;
test)
    packages="gcc libpcsclite-dev swig pcscd fonts-noto-cjk fonts-noto-core libzinnia0 tegaki-zinnia-simplified-chinese
        chromium chromium-headless-shell vsmartcard-vpcd postgresql nginx-light opensc pcsc-tools cups-ipp-utils xvfb xdotool"
    requirements=requirements-dev.txt
    ;;
*) echo "setup.sh: run or test, not $task" >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/.."
venv=.venv/bin/python
sum=$(cat deploy/setup.sh "$requirements" requirements-pcsc.txt | cksum | tr ' ' '-')
stamp=.venv/.$task-stamp-$sum

say() { echo "setup: $*"; }

# What is still missing is said at every start, from the stamp itself.
if [ -f "$stamp" ] && "$venv" -c "" 2>/dev/null; then
    cat "$stamp"
    exit 0
fi

python_fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if python_fits "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

has_headers() { "$1" -c 'import os, sysconfig as s; raise SystemExit(not os.path.exists(s.get_path("include") + "/Python.h"))'; }

# Asked by what a package brings, so that machines that have it from elsewhere are left alone.
has() {
    case $1 in
    gcc) command -v gcc || command -v cc ;;
    swig) command -v swig ;;
    libpcsclite-dev) ls /usr/include/PCSC/winscard.h /usr/local/include/PCSC/winscard.h 2>/dev/null | grep . ;;
    pcscd) command -v pcscd || ls /usr/sbin/pcscd ;;
    fonts-noto-cjk) ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ;;
    fonts-noto-core) ls /usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf ;;
    libzinnia0) ls /usr/lib/*/libzinnia.so.0 ;;
    tegaki-zinnia-simplified-chinese) ls /usr/share/tegaki/models/zinnia/handwriting-zh_CN.model ;;
    chromium-headless-shell) command -v chromium-headless-shell ;;
    xvfb) command -v Xvfb ;;
    xdotool) command -v xdotool ;;
    chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
    postgresql) ls /usr/lib/postgresql/*/bin/initdb ;;
    nginx-light) command -v nginx || ls /usr/sbin/nginx ;;
    opensc) command -v opensc-tool ;;
    pcsc-tools) command -v scriptor ;;
    cups-ipp-utils) command -v ippeveprinter || ls /usr/sbin/ippeveprinter ;;
    vsmartcard-vpcd) ls /usr/lib/pcsc/drivers/serial/libifdvpcd.so ;;
    python3-dev | python3.11-dev) has_headers "$python" ;;
    *) false ;;
    esac >/dev/null 2>&1
}

as_root=no
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" -eq 0 ]; then
        as_root=""
    elif sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    fi
fi

updated=no
apt_install() {
    [ "$as_root" != no ] || return 1
    if [ $updated = no ]; then
        updated=yes
        say "reading the package lists of the system"
        $as_root apt-get update -qq || say "the package lists could not be renewed; trying with the old ones"
    fi
    say "installing system packages: $*"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

python=$(find_python) || {
    apt_install python3.11 python3.11-venv python3.11-dev && python=$(find_python)
} || {
    say "Python 3.11 or newer is missing. Install it (Debian 12: apt install python3 python3-venv), then call again."
    exit 1
}

wanted=""
for package in $packages python3-dev; do
    has "$package" || wanted="$wanted $package"
done
if [ -n "$wanted" ] && [ "$as_root" != no ]; then
    # shellcheck disable=SC2086  # one word a package
    apt_install $wanted || for package in $wanted; do apt_install "$package" || true; done
fi

# A half-made or too old environment is made again.
if ! python_fits "$venv" || ! "$venv" -m pip --version >/dev/null 2>&1; then
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv >/dev/null 2>&1 || {
        apt_install python3-venv && "$python" -m venv --clear .venv >/dev/null
    } || {
        say "the package python3-venv is missing: apt install python3-venv, then call again."
        exit 1
    }
fi

# Where pip installs to is this script's business; where it takes packages from stays the user's (PIP_* or pip.conf).
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_HASHES || true
pip_install() { "$venv" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$1"; }

say "installing Python packages of $requirements"
pip_install "$requirements"

lacks=""
for package in $packages; do
    has "$package" || lacks="$lacks $package"
done

missing=""
note() { missing="${missing}setup: $*
"; }

if ! "$venv" -c "import smartcard.scard" 2>/dev/null; then
    say "building the card reader's library (pyscard)"
    if ! pip_install requirements-pcsc.txt >.venv/pyscard.log 2>&1; then
        note "pyscard could not be built (missing:${lacks:- nothing of the system's, see .venv/pyscard.log}):" \
            "real card readers do not work, the card reader is simulated. After installing: make setup"
    fi
fi
for package in $lacks; do
    case $package in
    pcscd) note "pcscd is missing: real card readers do not work, the card reader is simulated. apt install pcscd" ;;
    fonts-noto-cjk) note "fonts-noto-cjk is missing: receipts use the subset in devices/printer/fonts. apt install fonts-noto-cjk" ;;
    fonts-noto-core) note "fonts-noto-core is missing: languages in Arabic letters are drawn with what the system has. apt install fonts-noto-core" ;;
    libzinnia0 | tegaki-zinnia-simplified-chinese) note "$package is missing: no writing by hand on the screen, pinyin only. apt install $package" ;;
    xvfb | xdotool) note "$package is missing: the tests of the browser's shell are skipped. apt install $package, then: make setup" ;;
    chromium-headless-shell) note "chromium-headless-shell is missing: the tests in a browser take Chromium itself and longer. apt install chromium-headless-shell, then: make setup" ;;
    chromium) note "chromium is missing: the tests in a browser are skipped. apt install chromium, then: make setup" ;;
    vsmartcard-vpcd) note "vsmartcard-vpcd is missing: the tests through pcscd are skipped. apt install vsmartcard-vpcd, then: make setup" ;;
    postgresql) note "postgresql is missing: the hub is tested on SQLite only. apt install postgresql, then: make setup" ;;
    opensc | pcsc-tools) note "$package is missing: the tests by its tools are skipped. apt install $package, then: make setup" ;;
    cups-ipp-utils) note "cups-ipp-utils is missing: the tests with an IPP printer are skipped. apt install cups-ipp-utils, then: make setup" ;;
    esac
done

rm -f .venv/."$task"-stamp-*
printf '%s' "$missing" >"$stamp"
printf '%s' "$missing"
