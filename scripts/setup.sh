#!/bin/sh
# Prepares this folder: `sh scripts/setup.sh run` for `make run`, `sh scripts/setup.sh test` for `make test`.
#
# It needs nothing but Python 3.11 or newer. What the system lacks (virtual environments, the libraries of
# the PDF renderer, and for tests a browser with Chinese fonts) is named and, on Debian and Ubuntu, installed
# with apt: after a question where a person sits at the terminal, at once in CI and scripts that run as root.
# Python packages go into .venv, from the locks, each file checked against its hash.
# Stamps in .venv say what has been done, so the second time takes a moment.
set -eu

mode=${1:-run}
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
venv_python=.venv/bin/python

say() { printf '%s\n' "$*"; }

fail() {
    printf '\n' >&2
    for line in "$@"; do printf '%s\n' "$line" >&2; done
    exit 1
}

# --- What the system must have -------------------------------------------------------------------------------

check_python() {
    command -v "$python" >/dev/null 2>&1 || fail \
        "Python is missing. The portal needs Python 3.11 or newer." \
        "Debian, Ubuntu: apt-get install python3 python3-venv. Other systems: https://www.python.org/downloads/" \
        "If it has another name, say it: PYTHON=python3.12 make $mode"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
        "$("$python" --version) is too old: the portal needs Python 3.11 or newer." \
        "If a newer one is installed, name it: PYTHON=python3.12 make $mode"
}

can_load() { # is this shared library there for Python? Exact where ldconfig's list or a path would guess.
    "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" >/dev/null 2>&1
}

find_browser() { # prints the browser for tests; the same order as in tests/browser/conftest.py
    if [ -n "${PORTAL_CHROMIUM:-}" ]; then
        echo "$PORTAL_CHROMIUM"
    elif [ -x /usr/bin/chromium-headless-shell ]; then
        echo /usr/bin/chromium-headless-shell
    elif [ -x /usr/bin/chromium ]; then
        echo /usr/bin/chromium
    fi
}

has_chinese_font() {
    [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] && return 0
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]
}

distribution=other
if [ -r /etc/os-release ]; then
    # ID=debian, or ID=ubuntu with ID_LIKE=debian
    distribution=$(. /etc/os-release && case " $ID ${ID_LIKE:-} " in
        *" ubuntu "*) echo ubuntu ;; *" debian "*) echo debian ;; *) echo other ;; esac)
fi
system=$(uname -s)

missing=""   # Debian package names
lacks=""     # the same in words, for other systems
need() { missing="$missing $1"; lacks="$lacks
  - $2"; }

find_missing() {
    "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 || need python3-venv "Python's modules venv and ensurepip"
    if [ "$system" = Linux ]; then
        can_load libpango-1.0.so.0 || need libpango-1.0-0 "Pango (text layout of the PDF renderer)"
        can_load libpangoft2-1.0.so.0 || need libpangoft2-1.0-0 "PangoFT2 (fonts of the PDF renderer)"
        can_load libharfbuzz-subset.so.0 || need libharfbuzz-subset0 "HarfBuzz's subset library (without it every PDF takes 3.5 times as long)"
    fi
    if [ "$mode" = test ]; then
        if [ "$system" = Linux ]; then
            can_load libatomic.so.1 || need libatomic1 "libatomic (the driver of the browser tests)"
            can_load libstdc++.so.6 || need libstdc++6 "libstdc++ (the driver of the browser tests)"
        fi
        if [ "$distribution" = debian ] && [ -z "$(find_browser)" ]; then
            need chromium-headless-shell "Chromium without windows (browser tests)"
        fi
        if [ "$system" = Linux ]; then
            has_chinese_font || need fonts-noto-cjk "a Chinese font (browser tests look at Chinese pages)"
        fi
    fi
}

# Sets $as_root to what must stand before a command that needs root, or fails with what to do instead.
find_root() {
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] && [ -z "${CI:-}" ] || sudo -n true 2>/dev/null; }; then
        as_root=sudo
    else
        fail "This machine lacks:$lacks" "" "Ask somebody with root rights to run:" \
            "  apt-get install --no-install-recommends$missing" "Then run make $mode again."
    fi
}

install_missing() {
    [ -n "$missing" ] || return 0
    if [ "$distribution" = other ] || ! command -v apt-get >/dev/null 2>&1; then
        fail "This system lacks:$lacks" "" \
            "Please install it with your system's own tool, then run make $mode again." \
            "On Debian and Ubuntu the packages are called:$missing" \
            "Fedora: pango harfbuzz chromium google-noto-sans-cjk-fonts. macOS: brew install pango."
    fi
    find_root
    say "To be installed with apt-get:$missing"
    if [ -t 0 ] && [ -t 1 ] && [ -z "${CI:-}" ]; then
        printf 'Install these now? [Y/n] '
        read -r answer
        case "$answer" in
            [Nn]*) fail "Nothing was installed. When you are ready:" \
                "  ${as_root:+$as_root }apt-get install --no-install-recommends$missing" "Then run make $mode again." ;;
        esac
    fi
    log=$(mktemp)
    # shellcheck disable=SC2086  # $as_root may be empty, and $missing is a list
    if $as_root apt-get update -qq >"$log" 2>&1 &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >>"$log" 2>&1
    then
        rm -f "$log"
    else
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install:$missing" "Its last lines stand above. When it is mended, run make $mode again."
    fi
}

# --- The virtual environment and its packages ----------------------------------------------------------------

locks="-r requirements.txt"
lock_files="requirements.txt"
if [ "$mode" = test ]; then
    locks="-r requirements.txt -r requirements-dev.txt"
    lock_files="requirements.txt requirements-dev.txt"
fi

fingerprint() { # of what .venv should hold: the locks and Python's version
    # shellcheck disable=SC2086
    "$venv_python" - $lock_files <<'PY'
import hashlib, pathlib, sys
print(sys.version.split()[0], *(hashlib.sha256(pathlib.Path(name).read_bytes()).hexdigest() for name in sys.argv[1:]))
PY
}

make_venv() {
    if [ -e .venv ] && ! "$venv_python" -c 'import pip' >/dev/null 2>&1; then
        say "The virtual environment in .venv no longer works (another Python?); it is made anew."
        rm -rf .venv
    fi
    if [ ! -e .venv ]; then
        say "Making the virtual environment in .venv ..."
        "$python" -m venv .venv
    fi
}

install_packages() {
    stamp=.venv/stamp-packages-$mode
    wanted=$(fingerprint)
    [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && return 0
    # What tests need includes what running needs.
    if [ "$mode" = run ] && [ "$(cut -d' ' -f1,2 .venv/stamp-packages-test 2>/dev/null || true)" = "$wanted" ]; then
        return 0
    fi
    say "Installing the locked Python packages ..."
    # shellcheck disable=SC2086
    "$venv_python" -m pip install --disable-pip-version-check --no-input --quiet --require-hashes $locks || fail \
        "The Python packages could not be installed; pip's message stands above." \
        "Behind a proxy: set HTTPS_PROXY. If the package index is slow or out of reach, name a mirror:" \
        "  PIP_INDEX_URL=https://mirror.example/simple make $mode"
    rm -f .venv/stamp-packages-*
    printf '%s\n' "$wanted" >"$stamp"
}

install_browser() { # on systems other than Debian the browser comes from Playwright
    [ "$mode" = test ] && [ -z "$(find_browser)" ] || return 0
    say "Installing Playwright's browser (once) ..."
    "$venv_python" -m playwright install chromium || fail \
        "Playwright could not install its browser. Install Chromium yourself and name it:" \
        "  PORTAL_CHROMIUM=/path/to/chromium make test"
    "$venv_python" - <<'PY' && return 0
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    p.chromium.launch(args=["--no-sandbox"]).close()
PY
    find_root
    say "The browser lacks system libraries; Playwright installs them with apt ..."
    # shellcheck disable=SC2086
    $as_root "$PWD/$venv_python" -m playwright install-deps chromium
}

compile_translations() {
    for po in portal/translations/*/LC_MESSAGES/messages.po; do
        [ -e "$po" ] || continue
        mo=${po%.po}.mo
        if [ ! -e "$mo" ] || [ -n "$(find "$po" -newer "$mo")" ]; then
            "$venv_python" -m babel.messages.frontend -q compile --input-file "$po" --output-file "$mo"
        fi
    done
}

check_python
if [ ! -e ".venv/stamp-system-$mode" ]; then
    find_missing
    install_missing
fi
make_venv
install_packages
install_browser
compile_translations
: >".venv/stamp-system-$mode"
