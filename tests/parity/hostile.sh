#!/bin/sh
# Requests that nobody in his right mind sends are refused, and the simulated cluster goes on. Prints TAP.
if ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP python3 is not there"
    exit 0
fi
exec python3 "${srcdir:-.}/tests/parity/hostile.py" "$(pwd)/tests/parity/serve"
