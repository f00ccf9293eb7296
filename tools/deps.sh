#!/bin/sh
# Installs what building, demo and tests need and is not there yet: Debian's packages as root or
# through sudo, Python's into build/venv. Quick when nothing is missing. ENVOY_ONLY=1 leaves out
# PostgreSQL and the Python packages that only tests use.
set -eu
cd "$(dirname "$0")/.."

packages="
    gcc clang lld wasi-libc libclang-rt-dev-wasm32 binaryen make pkg-config
    libmicrohttpd-dev libgnutls28-dev libssl-dev libjansson-dev libsqlite3-dev libexpat1-dev
    libxml2-dev libpcre2-dev libcurl4-openssl-dev libpq-dev libyaml-dev zlib1g-dev libcmocka-dev
    openssl curl ca-certificates procps python3 python3-venv clang-format wrk"
# A server that the tests start for themselves; whichever version is there will do.
[ -n "${ENVOY_ONLY:-}" ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages="$packages postgresql"

# The wasm runtime's package carries the version of Debian 12's and Ubuntu 24.04's default clang.
clang_runtime() {
    case $(. /etc/os-release && echo "$ID$VERSION_ID") in
    ubuntu24.04) echo libclang-rt-18-dev-wasm32 libclang-rt-18-dev ;;
    *) echo libclang-rt-14-dev-wasm32 libclang-rt-14-dev ;;
    esac
}

missing_packages() {
    for name in $(echo "$packages" | sed "s/libclang-rt-dev-wasm32/$(clang_runtime)/"); do
        dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || echo "$name"
    done
}

install_packages() {
    if ! command -v apt-get >/dev/null; then
        echo "deps: this is no Debian or Ubuntu; please install the equivalents of:" $packages >&2
        return
    fi
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || { echo "deps: please install, as root:" $missing >&2; exit 1; }
        as_root="sudo"
    fi
    echo "deps: installing" $missing
    log=build/deps.log
    mkdir -p build
    # A second make on the same machine may hold the lock.
    if ! { $as_root apt-get -o DPkg::Lock::Timeout=300 update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
            install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "deps: apt-get failed; the whole of its output is in $log" >&2
        exit 1
    fi
}

# $1: a requirements file, every package pinned by hash.
install_python() {
    stamp=build/venv/.$(echo "$1" | tr / -)
    cmp -s "$1" "$stamp" && return
    [ -x build/venv/bin/python ] || python3 -m venv build/venv
    echo "deps: installing $1 into build/venv"
    build/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
    cp "$1" "$stamp"
}

install_packages
mkdir -p build
(
    # Two runs at once take turns.
    flock 9
    install_python tools/requirements.txt
    [ -n "${ENVOY_ONLY:-}" ] || install_python tests/requirements.txt
) 9>build/.deps.lock
