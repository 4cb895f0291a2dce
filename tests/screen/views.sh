#!/bin/sh
# Every view, in several sizes, locales and numbers of colours, against captures of the whole screen.
. "${srcdir:-.}/tests/screen/screen.sh"
utf8=C.UTF-8
setting=

# ---- the overview, at the sizes people have ----
for size in 80x24 100x30 160x45; do
    show $size $utf8 full
    await 'live'
    compare "overview-$size"
done
show 80x24 C full
compare overview-80x24-ascii

# ---- looks: 256 colours, 8, none, refused ----
show 80x24 $utf8 broken
compare overview-256-colors -e
type=xterm show 80x24 $utf8 broken
compare overview-8-colors -e
type=vt220 show 80x24 $utf8 broken
compare overview-mono -e
setting=NO_COLOR=1
show 80x24 $utf8 broken
compare overview-no-color -e
show 80x24 $utf8 broken --color always
compare overview-256-colors -e
setting=
show 80x24 $utf8 broken --color never
compare overview-no-color -e

# ---- what is not known, not fresh, not well ----
for scene in connecting waiting partial broken plain failed picking; do
    show 80x24 $utf8 $scene
    compare "$scene-80x24"
done
show 100x30 $utf8 hostile
compare hostile-100x30
show 80x24 C hostile
compare hostile-80x24-ascii
show 79x24 $utf8 full
compare too-small

# ---- a change is marked, for three seconds ----
show 80x24 $utf8 full
await 'Failing over'
signal USR1
await 'finance/audit     2/2'
compare marked -e
signal USR2
compare marked-no-more -e

# ---- components ----
show 80x24 $utf8 full
keys 2
compare components-80x24
keys j j
compare components-drifted
keys Tab PageDown
compare components-detail-scrolled
keys Enter Tab Tab k k Enter
await 'Diff r5'
compare diff-80x24
keys ] ] Space
compare diff-next-change
keys /
await '/'
keys s i d e
compare diff-searching
keys Enter n
compare diff-found
keys Escape Z
compare diff-unfolded
keys Escape Escape
expect 'Components' 'Esc leads back from a diff'
keys L
compare drift-none

# ---- API versions, with filters; five thousand objects ----
show 100x30 $utf8 full
keys 3
compare api-100x30
keys j
compare api-one-version
keys Tab G
compare api-objects
show 100x30 $utf8 many
await 'live'
keys 3
await '5000'
keys G / v 2 Space ! s h o p Space 4 9 9 Enter
compare api-filtered
keys Escape
expect ' of 2500 ' 'Esc clears the filter'

# ---- history ----
show 100x30 $utf8 full
keys 4
compare history-100x30
keys j j m
compare history-base
keys k k Enter
expect 'Diff r3 (-) → r5 (+)' 'Enter compares with the marked base'
show 80x24 C full
keys 4 j
compare history-80x24-ascii

# ---- the rest ----
show 80x24 $utf8 broken
keys !
compare concerns-80x24
keys j j j j Enter
expect 'History' 'Enter on a concern leads where there is more'
for view in workloads databases events; do
    keys : ; keys "$view" Enter
    compare "$view-80x24"
done
keys q
expect 'Components' 'q leads back to the overview'
keys q
compare leaving-80x24
keys Escape
expect_not 'Leave the console' 'Esc declines'
keys ?
compare help-80x24
keys G
compare help-words
keys q : o v e r v e w Enter
expect "There is no command 'overvew'; did you mean 'overview'" 'an unknown command names the nearest'
keys : d i f f Space 2 Space 1 Enter
expect 'Diff r2 (-) → r1 (+)' 'two revisions can be compared by command'
show 80x24 $utf8 partial
keys D
compare diff-failed

# ---- the session's phases ----
show 80x24 $utf8 picking
await 'Which release?'
keys j Enter
expect 'live' 'choosing a release leads to the overview'
keys R
expect 'Which release?' 'R leads back to the releases'
keys 2 j
expect '▸ documentdb-system/hyperpage' 'there is nowhere else to go before one is chosen'
show 80x24 $utf8 failed
await 'does not answer'
signal USR1
expect 'live' 'the screen comes to life when the server does'

plan
