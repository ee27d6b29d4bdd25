#!/bin/sh
# Writes the hash-pinned locks from requirements.in and requirements-dev.in.
# Pins that still fit stay as they are; `make lock UPGRADE=1` takes the newest of everything.
set -eu
cd "$(dirname "$0")/.."
set -- --universal --python-version 3.11 --generate-hashes --quiet --no-header
if [ -n "${UPGRADE:-}" ]; then
    set -- "$@" --upgrade
fi
.venv/bin/python -m uv pip compile "$@" requirements.in -o requirements.txt
.venv/bin/python -m uv pip compile "$@" requirements-dev.in -o requirements-dev.txt
echo "Locks written. A new direct dependency also needs its reason in docs/decisions/0002-dependencies.md."
