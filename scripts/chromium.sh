#!/usr/bin/env bash
# Sees to it that there is a Chromium that starts: one that is already there, else Playwright's own build, else the
# system's package. Takes the Python interpreter that has Playwright.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/system.sh
python=$1

# A browser whose shared libraries are missing fails on --version, too.
chromium_starts() {
    local path
    path=$("$python" -m webvoyager_gym.browser.chromium 2>/dev/null) && bounded 30 "$path" --version >/dev/null 2>&1
}

download() {
    say "No Chromium found; downloading Playwright's."
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=15000 bounded 300 "$python" -m playwright install --no-shell chromium >&2
}

download_libraries() {
    say "Chromium does not start yet; installing the system libraries that it needs."
    as_root "$(command -v "$python")" -m playwright install-deps chromium >&2
}

install_package() {
    say "Installing the system's Chromium with apt-get."
    apt_install chromium
}

main() {
    local step
    for step in true download download_libraries install_package; do
        [ $step != download_libraries ] || "$python" -m webvoyager_gym.browser.chromium >/dev/null 2>&1 || continue
        $step || true
        if chromium_starts; then
            return
        fi
    done
    fail "There is no Chromium that starts: run '$(apt_command chromium)'" \
        "or '$python -m playwright install --with-deps chromium', then try again."
}

main
