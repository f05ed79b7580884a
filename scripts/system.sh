# Shell functions for the set-up scripts: what to tell the user, and how to install a Debian package.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# bounded SECONDS COMMAND…: the command under a deadline, where the system has one to give (macOS has none).
bounded() {
    local seconds=$1
    shift
    if command -v timeout >/dev/null; then timeout --kill-after=5 "$seconds" "$@"; else "$@"; fi
}

# as_root COMMAND…: as it is for root, else through sudo if that asks for no password; fails where neither works.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

apt_install() {
    command -v apt-get >/dev/null || return 1
    as_root apt-get update -qq >&2 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# apt_command PACKAGE…: what a person would type to get the packages.
apt_command() {
    local sudo="sudo "
    [ "$(id -u)" -ne 0 ] || sudo=""
    echo "${sudo}apt-get update && ${sudo}apt-get install -y $*"
}
