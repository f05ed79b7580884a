#!/usr/bin/env bash
# Lays the virtual environment .venv with everything that `make demo` needs. Idempotent: a second run only compares a
# stamp and looks for the browser. PYTHON names the interpreter to use (3.11 or newer).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/system.sh

python_is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if python_is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found: install it, then run PYTHON=/path/to/python make setup."
}

make_environment() {
    if ! "$1" -c 'import ensurepip' >/dev/null 2>&1; then
        say "This Python cannot make virtual environments yet; installing python3-venv."
        apt_install python3-venv || true
        "$1" -c 'import ensurepip' >/dev/null 2>&1 ||
            fail "Python's venv module is incomplete: run '$(apt_command python3-venv)', then try again."
    fi
    "$1" -m venv --clear .venv
}

environment_is_usable() {
    grep -qsF "$(pwd -P)/.venv" .venv/bin/activate && python_is_new_enough .venv/bin/python &&
        .venv/bin/python -m pip --version >/dev/null 2>&1
}

main() {
    local python key stamp=.venv/.set-up
    python=$(find_python)
    # The folder belongs to the key because a virtual environment holds absolute paths and does not survive a move.
    key=$({ pwd -P; "$python" --version; cat pyproject.toml constraints.txt scripts/setup.sh; } | cksum)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$key" ]; then
        environment_is_usable || make_environment "$python"
        rm -f "$stamp"
        say "Installing the packages of constraints.txt into .venv; the first time this takes some minutes."
        .venv/bin/python -m pip install --disable-pip-version-check -c constraints.txt -e '.[train,dev]'
        echo "$key" >"$stamp"
    fi
    scripts/chromium.sh .venv/bin/python
}

main
