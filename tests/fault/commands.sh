#!/bin/sh
# Every fault that a user meets, with the real program against a server that misbehaves. Prints TAP.
. "${srcdir:-.}/tests/fault/frame.sh"
exec python3 "$faults/commands.py" "$@"
