#!/usr/bin/env bash
# Runs one case: frame.sh FILE CASE FOLDER. A case is a function; the first command in it that fails makes it fail, and says where.
#
# What a case may use:
#   console ARGUMENT…      runs the program with --json; sets $status, $out and $err (files), and never fails itself
#   plain ARGUMENT…        the same without --json
#   status_is N            the exit status
#   holds EXPRESSION…      each Python expression is true; `d` is the document that was printed, `err` what was said on standard error
#   fails_with N WORD…     status N, an error document with a message and a hint (which wrong use, 2, may do without), and every WORD in one of them
#   fresh_namespace        sets $namespace to a new namespace, deleted at the end
#   at_the_end COMMAND…    is run at the end of the case, whatever happens; the last one first
#   refuses COMMAND…       the command does not succeed (use this, not '!': bash looks into functions behind '!')
#   skip REASON            leaves the case out
#   eventually COMMAND…    tries again until it holds, for half a minute
set -uE -o pipefail

file=$1 case=$2 folder=$3
out=$folder/out err=$folder/err status=
: >"$out"
: >"$err"
cleanups=()

console() {
    plain "$@" --json
}

plain() {
    shown="rollback-console $*"
    timeout 60 "$ROLLBACK_CONSOLE_PROGRAM" "$@" >"$out" 2>"$err" </dev/null && status=0 || status=$?
}

status_is() {
    [ "$status" = "$1" ]
}

holds() {
    python3 "$SUITE_FOLDER/holds.py" "$out" "$err" "$@"
}

fails_with() {
    local code=$1
    shift
    status_is "$code" || { echo "the status is $status, not $code"; return 1; }
    holds 'set(d) == {"error"}' 'd["error"]["code"]' 'd["error"]["message"]'
    [ "$code" = 2 ] || holds 'd["error"]["hint"]'
    for word; do
        python3 -c '
import json, sys
error = json.load(open(sys.argv[1]))["error"]
sys.exit(sys.argv[2] not in error["message"] + " " + (error["hint"] or "") and f"\"{sys.argv[2]}\" is not said")' "$out" "$word"
    done
}

refuses() {
    if "$@"; then
        return 1
    fi
}

at_the_end() {
    cleanups=("$(printf '%q ' "$@")" "${cleanups[@]}")
}

fresh_namespace() {
    namespace=suite-$$-$RANDOM
    "$KUBECTL" create namespace "$namespace" >/dev/null
    at_the_end "$KUBECTL" delete namespace "$namespace" --wait=false
}

skip() {
    trap - ERR
    echo "$*"
    exit 77
}

eventually() {
    local deadline=$((SECONDS + 30))
    until ("$@") >/dev/null 2>&1; do
        ((SECONDS < deadline)) || { "$@"; return; }
        sleep 0.2
    done
}

finish() {
    local result=$? command
    trap - ERR
    for command in "${cleanups[@]}"; do
        eval "$command" >/dev/null 2>&1 || echo "cleaning up: $command failed"
    done
    exit $result
}

# The line of the case itself, not of a helper that it called.
tell() {
    local line=$1 depth
    trap - ERR
    for depth in "${!FUNCNAME[@]}"; do
        [ "${FUNCNAME[depth]}" != "$case" ] || [ "$depth" = 1 ] || line=${BASH_LINENO[depth - 1]}
    done
    echo "${file##*/}:$line: $(sed -n "${line}s/^ *//p" "$file")"
    [ -z "${shown:-}" ] || echo "after: $shown (status $status)"
    sed 's/^/  stdout: /' "$out" | cut -c1-400 | head -20
    sed 's/^/  stderr: /' "$err" | cut -c1-400 | head -20
    exit 1
}

trap finish EXIT
trap 'tell "$LINENO"' ERR
cd "$folder"
# shellcheck source=/dev/null
. "$file"
"$case"
