#!/bin/sh
# Make .venv ready: the system's libraries for Cairo and Pango, then the pinned packages and this one, editable.
# Run by the Makefile before everything else: "setup.sh film" brings what a film needs, "setup.sh test" what the tests
# need, too. When all is as the last run left it, it returns at once.
set -eu
cd "$(dirname "$0")/.."

WHAT=${1:-test}
case $WHAT in
film) extras=film,safetensors ;;
*) extras=test ;;
esac

STAMP=.venv/.ready           # what the finished set-up was made from; written last
UNFINISHED=.venv/.unfinished # there while a set-up runs, with its process number

say() { printf 'setup: %s\n' "$*"; }
die() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# --- is there anything to do? -----------------------------------------------------------------------------------------

# The folder is part of it: a virtual environment that was moved or copied still points to the old place.
made_from="$(pwd)
$(cksum pyproject.toml constraints.txt tools/setup.sh)"
if [ -x .venv/bin/python ] && [ -f "$STAMP" ]; then
    case $(cat "$STAMP") in
    "$made_from $WHAT" | "$made_from test") exit 0 ;; # with what the tests need, there is all
    esac
fi

# --- the Python -------------------------------------------------------------------------------------------------------

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.14 python3.13 python3.12 python3.11 python
    fi
    for candidate; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    found=$("$1" --version 2>&1) || found="none ($1)"
    die "Python 3.11 or newer is needed, found $found; install one, or name it: make PYTHON=/path/to/python3.11 film"
}

# --- the system's libraries -------------------------------------------------------------------------------------------

# One line for each thing that is missing; nothing when all is there.
missing() {
    command -v "${CC:-cc}" >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 ||
        echo "a C compiler"
    if command -v "${PKG_CONFIG:-pkg-config}" >/dev/null 2>&1; then
        "${PKG_CONFIG:-pkg-config}" --exists 'cairo >= 1.15.10' || echo "Cairo's development files"
        "${PKG_CONFIG:-pkg-config}" --exists 'pangocairo >= 1.30' || echo "Pango's development files"
    else
        printf '%s\n' "pkg-config" "Cairo's development files" "Pango's development files"
    fi
    "$python" -c 'import ensurepip' 2>/dev/null || echo "Python's venv module"
    "$python" -c 'import os, sysconfig as s; assert os.path.exists(os.path.join(s.get_path("include"), "Python.h"))' \
        2>/dev/null || echo "Python's header files"
}

in_one_line() { printf '%s' "$1" | tr '\n' ',' | sed 's/,/, /g'; }

# The command that installs it all with this system's package manager; nothing when none is known.
install_command() {
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if command -v apt-get >/dev/null 2>&1; then
        echo "apt-get install -y -o DPkg::Lock::Timeout=300 --no-install-recommends" \
            "gcc libc6-dev pkg-config libcairo2-dev libpango1.0-dev" \
            "$(for_its_python "python$version-dev python$version-venv")"
    elif command -v dnf >/dev/null 2>&1; then
        echo "dnf install -y gcc redhat-rpm-config pkgconf-pkg-config cairo-devel pango-devel" \
            "$(for_its_python "python$version-devel")"
    elif command -v pacman >/dev/null 2>&1; then
        echo "pacman -S --needed --noconfirm gcc pkgconf cairo pango"
    elif command -v zypper >/dev/null 2>&1; then
        echo "zypper --non-interactive install gcc pkgconf cairo-devel pango-devel" \
            "$(for_its_python "python$(echo "$version" | tr -d .)-devel")"
    elif command -v apk >/dev/null 2>&1; then
        echo "apk add gcc g++ musl-dev pkgconf cairo-dev pango-dev $(for_its_python python3-dev)"
    elif command -v brew >/dev/null 2>&1; then
        echo "brew install pkgconf cairo pango"
    fi
}

# These packages belong to the system's own Python; another one has its header files and venv module with it.
for_its_python() {
    case $("$python" -c 'import sys; print(sys.base_prefix)') in
    /usr) echo "$1" ;;
    esac
}

system_libraries() {
    lacking=$(missing)
    [ -n "$lacking" ] || return 0
    command=$(install_command)
    [ -n "$command" ] || die "install these by hand, then try again: $(in_one_line "$lacking")"

    case $command in
    brew*) as_root= ;;
    *)
        if [ "$(id -u)" -eq 0 ]; then
            as_root=
        elif ! command -v sudo >/dev/null 2>&1; then
            die "missing: $(in_one_line "$lacking"); run this as root, then try again: $command"
        elif [ -t 0 ]; then
            as_root=sudo
        else
            as_root="sudo -n" # nobody is there to type a password
        fi
        ;;
    esac

    say "missing: $(in_one_line "$lacking"); running: ${as_root:+$as_root }$command"
    log=$(mktemp)
    case $command in
    apt-get*) $as_root apt-get update -qq >"$log" 2>&1 || true ;; # one broken source need not spoil the rest
    esac
    # shellcheck disable=SC2086 # a command and its arguments
    if ! $as_root env DEBIAN_FRONTEND=noninteractive $command >>"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "that failed; run it by hand, then try again: $command"
    fi
    rm -f "$log"
    lacking=$(missing)
    [ -z "$lacking" ] || die "still missing, install by hand, then try again: $(in_one_line "$lacking")"
}

# --- the virtual environment ------------------------------------------------------------------------------------------

# No set-up broke off in it, its Python and pip run, and it was not copied here from another folder.
is_whole() {
    [ ! -e "$UNFINISHED" ] && new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1 &&
        { [ ! -f "$STAMP" ] || [ "$(head -n 1 "$STAMP")" = "$(pwd)" ]; }
}

install_packages() {
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore PIP_USER=0
    pip() { .venv/bin/python -m pip install --quiet -c constraints.txt "$@" >.venv/pip.log 2>&1; }
    # After a change that asks for no other package, nothing is fetched: it works without a network.
    if [ "$python" = .venv/bin/python ] &&
        pip --no-index --no-build-isolation --editable ".[$extras,voice]"; then
        return
    fi
    # With the pinned pip, set-up is the same everywhere; setuptools is for the line above, next time. Most of what is
    # installed is never imported: Python compiles what is, when it is.
    pip pip setuptools || return 1
    pip --no-compile --build-constraint constraints.txt --editable ".[$extras,voice]" && return
    pip --no-compile --build-constraint constraints.txt --editable ".[$extras]" || return 1
    say "the voice cannot be installed on this machine: the film will be silent, with captions"
}

# From another folder, so that nothing in this one is imported or read.
works() { (cd .venv && bin/python -c 'import manim, typst' >/dev/null); }

if [ -e "$UNFINISHED" ] && other=$(cat "$UNFINISHED") && [ -n "$other" ] && kill -0 "$other" 2>/dev/null; then
    die "another set-up is running here (process $other); wait for it, or stop it, then try again"
fi

if [ -d .venv ] && is_whole; then
    python=.venv/bin/python
    say "bringing .venv up to date"
else
    python=$(find_python)
    [ ! -e .venv ] || say "what is in .venv is not whole, or is from another folder; starting afresh"
    rm -rf .venv
    say "making .venv, which takes about a minute, this once"
fi
system_libraries
mkdir -p .venv
rm -f "$STAMP"
echo $$ >"$UNFINISHED"
[ -x .venv/bin/python ] || "$python" -m venv .venv
if ! install_packages; then
    cat .venv/pip.log >&2
    rm -f "$UNFINISHED" # pip leaves things as they were: the next run can go on from here
    die "installing the packages failed, for the reason above; mend that, then try again"
fi
works || die "the packages are installed but do not work, for the reason above; mend that; trying again starts afresh"
printf '%s\n' "$made_from $WHAT" >"$STAMP"
rm -f "$UNFINISHED"
say "ready"
