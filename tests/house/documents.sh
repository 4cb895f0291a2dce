#!/bin/sh
# The manual page, the completion and the README name every command and option that the program has, and no file of the tree is forgotten by
# the translators' list. Prints TAP.
set -u
program=${ROLLBACK_CONSOLE_PROGRAM:?}
source=${srcdir:-.}
echo "1..4"

result() { # number, name; the missing things on standard input
    missing=$(cat)
    if [ -z "$missing" ]; then
        echo "ok $1 - $2"
    else
        printf '%s\n' "$missing" | sed 's/^/# missing: /'
        echo "not ok $1 - $2"
    fi
}

commands=$("$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
options=$({ "$program" --help; for command in $commands; do "$program" "$command" --help; done; } |
    sed -n 's/^  \(-[A-Za-z], \)\{0,1\}--\([a-z-]*\).*/\2/p' | sort -u)
[ -n "$commands" ] && [ -n "$options" ] || { echo "Bail out! the program's help lists nothing"; exit 1; }

for name in $commands $options; do
    sed 's/\\//g' "$source/data/rollback-console.1" | grep -q -- "$name" || echo "$name"
done | result 1 "the manual page names every command and option"
for name in $commands $options; do
    grep -q -- "$name" "$source/data/completions/rollback-console" || echo "$name"
done | result 2 "the completion names every command and option"
for name in $commands; do
    grep -q "\`$name" "$source/README.md" || echo "$name"
done | result 3 "the README names every command"
(cd "$source" && find src ui -name '*.c' -exec grep -l '[^A-Za-z_]N\{0,1\}_("' {} + | sort) | while read -r file; do
    grep -qx "$file" "$source/po/POTFILES.in" || echo "$file"
done | result 4 "every file with texts for people is in po/POTFILES.in"
