#!/bin/sh
# The terminal is given back whole, whatever ends the console; it is stopped, resumed, resized, refused.
. "${srcdir:-.}/tests/screen/screen.sh"
setting=

# A shell that notes the terminal's settings before and after, and how the stage ended.
start_noted() {
    rm -f "$folder/pid" "$folder/before" "$folder/after"
    cat >"$folder/noted" <<END
ulimit -c 0
stty -a >$folder/before
LC_ALL=C.UTF-8 TERM=xterm-256color sh -c 'echo \$\$ >$folder/pid.new; mv $folder/pid.new $folder/pid; exec $stage $*'
echo "status \$?"
stty -a >$folder/after.new; mv $folder/after.new $folder/after
exec sleep 1000
END
    run 80x24 "sh $folder/noted"
    await 'live'
}

state() {
    terminal display-message -p "$1"
}

is_left() {
    [ "$(state '#{alternate_on} #{cursor_flag} #{keypad_flag}')" = "0 1 0" ]
}

check_given_back() {
    expect "status $2" "$1 ends the console with status $2"
    if until_true test -f "$folder/after" && cmp -s "$folder/before" "$folder/after"; then
        ok "after $1 the terminal's settings are as before"
    else
        diff "$folder/before" "$folder/after" | sed 's/^/# /'
        not_ok "after $1 the terminal's settings are as before"
    fi
    if until_true is_left; then
        ok "after $1 the alternate screen is left and the cursor is back"
    else
        not_ok "after $1 the alternate screen is left and the cursor is back ($(state '#{alternate_on} #{cursor_flag} #{keypad_flag}'))"
    fi
}

# ---- ends ----
start_noted full
[ "$(state '#{alternate_on}')" = 1 ] && ok 'the console takes the alternate screen' || not_ok 'the console takes the alternate screen'
keys q q
check_given_back 'q q' 0
start_noted full
keys C-c
check_given_back 'Ctrl-C' 0
for ended in TERM:8 HUP:8 INT:8 SEGV:139 ABRT:134 BUS:135 QUIT:131; do
    start_noted full
    signal "${ended%:*}"
    check_given_back "SIG${ended%:*}" "${ended#*:}"
done
start_noted full
signal TERM
expect 'the console was ended by SIGTERM' 'the person is told who ended it'

# ---- the terminal goes away ----
start_noted full
pid=$(cat "$folder/pid")
terminal kill-server
gone() {
    ! kill -0 "$pid" 2>/dev/null
}
if until_true gone; then ok 'without its terminal the console ends'; else not_ok 'without its terminal the console ends'; fi

# ---- stop and go on ----
run 80x24 'PS1="shell> " LC_ALL=C.UTF-8 TERM=xterm-256color ENV= exec sh -i'
await 'shell>'
rm -f "$folder/pid"
keys "sh -c 'echo \$\$ >$folder/pid; exec $stage full'" Enter
await 'live'
keys 4
await 'History'
keys C-z
expect 'topped' 'Ctrl-Z stops the job'
if until_true is_left; then ok 'while stopped the terminal is the shell'"'"'s'; else not_ok 'while stopped the terminal is the shell'"'"'s'; fi
keys fg Enter
expect 'History' 'fg brings the same view back'
keys j
expect '▸ r4' 'and keys are taken again'
signal TSTP
expect 'topped' 'SIGTSTP stops it as well'
keys fg Enter
expect 'History' 'and fg brings it back'
keys C-c
# SIGSTOP cannot be noticed, and a shell may change the terminal meanwhile.
show 80x24 C.UTF-8 full
signal STOP
stty sane <"$(state '#{pane_tty}')"
signal CONT
keys 4
expect 'History' 'after SIGSTOP and SIGCONT the console has its terminal back'

# ---- sizes ----
show 100x30 C.UTF-8 full
await 'live'
terminal resize-window -x 80 -y 24
expect 'also: w Workloads' 'a smaller window is used at once'
terminal resize-window -x 60 -y 10
expect 'The console needs 80×24.' 'a window that is too small is told so'
keys 4
terminal resize-window -x 80 -y 24
expect 'History' 'keys count meanwhile, and the screen is back with room'
terminal resize-window -x 20 -y 2
terminal resize-window -x 1 -y 1
terminal resize-window -x 300 -y 100
expect 'History' 'any size is survived'
signal TERM

# ---- terminals that cannot be drawn on ----
for type in dumb no-such-terminal ''; do
    run 80x24 "TERM=$type LC_ALL=C.UTF-8 $stage full; echo status \$?; exec sleep 1000"
    expect "the terminal type '$type' (TERM)" "TERM='$type' is refused with a reason"
    expect 'status 2' "TERM='$type' ends with status 2"
done
setsid -w "$stage" full >"$folder/out" 2>&1 </dev/null
if [ $? = 2 ] && grep -q 'there is no terminal to draw on' "$folder/out"; then
    ok 'without a terminal there is a reason and status 2'
else
    sed 's/^/# /' "$folder/out"
    not_ok 'without a terminal there is a reason and status 2'
fi

# ---- keys of one's own ----
printf 'history x F4\nquit none\n' >"$folder/keys"
show 80x24 C.UTF-8 full --keys "$folder/keys"
keys x
expect 'History' 'a keys file gives an action another key'
keys F1 '?'
expect 'x, F4' 'and the help tells of it'
printf 'histroy x\n' >"$folder/keys"
run 80x24 "LC_ALL=C.UTF-8 TERM=xterm $stage full --keys $folder/keys; echo status \$?; exec sleep 1000"
expect "keys:1: there is no action 'histroy'" 'a mistake in it names the line'
expect 'status 12' 'and ends with status 12'

# ---- time goes on by itself ----
show 80x24 C.UTF-8 full --real-clock
await 'UTC'
first=$(look | sed -n 's/.* \([0-9:]*\) UTC.*/\1/p')
moves() {
    [ "$(look | sed -n 's/.* \([0-9:]*\) UTC.*/\1/p')" != "$first" ]
}
if until_true moves; then ok 'the clock ticks while nothing else happens'; else not_ok 'the clock ticks while nothing else happens'; fi
show 80x24 C.UTF-8 full --real-clock --flood
await 'live'
keys 4
expect 'History' 'keys are heard in a flood of changes'

plan
