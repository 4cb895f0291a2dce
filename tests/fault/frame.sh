# Sourced by the fault tests: where they are, and what they need.
faults=${srcdir:-.}/tests/fault
export PYTHONDONTWRITEBYTECODE=1 PYTHONIOENCODING=utf-8
[ -x "${ROLLBACK_CONSOLE_PROGRAM:?}" ] || { echo "Bail out! there is no program to test"; exit 1; }
python3 -c 'import ssl, sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null || {
    echo "1..0 # SKIP python3 (3.9 or newer, with ssl) is not installed"
    exit 0
}
