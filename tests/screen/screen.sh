# Sourced by the screen's tests: runs the stage in a terminal of its own (tmux), types, waits for what should appear, compares with captures.
#
# A wait polls until the expected has come, with a generous limit, so that a slow machine fails nothing. UPDATE_GOLDEN=1 writes the captures anew;
# read them before keeping them.

stage=${STAGE:-tests/screen/stage}
golden=${srcdir:-.}/tests/screen/golden
limit=300 # tenths of a second

if ! command -v tmux >/dev/null 2>&1; then
    echo "1..0 # SKIP tmux is not installed"
    exit 0
fi

case $stage in /*) ;; *) stage=$PWD/$stage ;; esac
folder=$(mktemp -d) || exit 1
count=0
export LC_ALL=C.UTF-8
unset TMUX NO_COLOR LINES COLUMNS
XDG_CONFIG_HOME=$folder/config
export XDG_CONFIG_HOME

# Each run has a server of its own: one that is just ending must not be met again.
runs=0
terminal() {
    tmux -u -S "$folder/socket-$runs" -f /dev/null "$@" 2>/dev/null
}

finish() {
    terminal kill-server
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

ok() {
    count=$((count + 1))
    echo "ok $count - $1"
}

not_ok() {
    count=$((count + 1))
    echo "not ok $count - $1"
}

plan() {
    echo "1..$count"
}

# run COLUMNSxROWS COMMAND: a shell command line in a fresh terminal. Its own folder is $folder.
run() {
    terminal kill-server
    runs=$((runs + 1))
    size=$1
    terminal new-session -d -x "${size%x*}" -y "${size#*x}" "$2" \; set-option -g status off \; \
        set-option -g remain-on-exit on \; set-option -g escape-time 0 >/dev/null
}

# show COLUMNSxROWS LOCALE SCENE [stage's options]: the stage; its process is in $folder/pid.
show() {
    size=$1 locale=$2
    shift 2
    rm -f "$folder/pid"
    run "$size" "echo \$\$ >$folder/pid.new; mv $folder/pid.new $folder/pid; export LC_ALL=$locale TERM=${type:-xterm-256color} $setting; exec $stage $*"
    until_true is_drawn || echo "# the stage did not appear"
}

# Keys that are typed before the console listens would be the shell's.
is_drawn() {
    look | grep -q ' UTC\|The console needs'
}

keys() {
    for key in "$@"; do
        terminal send-keys "$key"
    done
}

signal() {
    kill -"$1" "$(cat "$folder/pid")"
}

look() {
    terminal capture-pane -p "$@"
}

# Runs a command until it succeeds.
until_true() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt $limit ] || return 1
        sleep 0.1
    done
}

sees() {
    look | grep -qF -- "$1"
}

sees_not() {
    ! sees "$1"
}

# Waits for a text on the screen, quietly; for steps on the way.
await() {
    until_true sees "$1" || echo "# '$1' did not appear"
}

expect() {
    if until_true sees "$1"; then
        ok "$2"
    else
        look | sed 's/^/# /'
        not_ok "$2 (no '$1')"
    fi
}

expect_not() {
    if until_true sees_not "$1"; then ok "$2"; else not_ok "$2 (still '$1')"; fi
}

matches_golden() {
    look $capture_options >"$folder/capture"
    cmp -s "$folder/capture" "$golden/$1"
}

# compare NAME [capture-pane's options]: the whole screen against golden/NAME.
compare() {
    name=$1
    shift
    capture_options=$*
    if [ -n "${UPDATE_GOLDEN:-}" ]; then
        before=none
        look $capture_options >"$folder/capture"
        while [ "$before" != "$(cksum <"$folder/capture")" ]; do
            before=$(cksum <"$folder/capture")
            sleep 0.4
            look $capture_options >"$folder/capture"
        done
        cp "$folder/capture" "$golden/$name"
    fi
    if until_true matches_golden "$name"; then
        ok "the screen is as in $name"
    else
        diff -u "$golden/$name" "$folder/capture" | sed 's/^/# /'
        not_ok "the screen is as in $name"
    fi
}
