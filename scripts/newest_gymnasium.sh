#!/usr/bin/env bash
# Runs the environments' tests under the newest gymnasium, which d3rlpy's pin keeps out of .venv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=.venv/newest-gymnasium
.venv/bin/pip install --quiet --upgrade --no-deps --target "$folder" gymnasium 2>&1 | grep -v WARNING || true
PYTHONPATH="$folder" .venv/bin/python -c 'import gymnasium; print("gymnasium", gymnasium.__version__)'
PYTHONPATH="$folder" .venv/bin/pytest tests/test_env.py tests/test_actions.py tests/test_spaces.py \
  tests/test_vector.py "$@"
