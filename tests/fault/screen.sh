#!/bin/sh
# The dashboard lives on, whatever the server does. Prints TAP.
. "${srcdir:-.}/tests/fault/frame.sh"
command -v tmux >/dev/null 2>&1 || { echo "1..0 # SKIP tmux is not installed"; exit 0; }
exec python3 "$faults/screen.py" "$@"
