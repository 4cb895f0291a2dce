#!/bin/sh
# A file includes only from its own room and from lower floors. Prints TAP.
set -u
cd "${srcdir:-.}" || exit 1

# Each room with the rooms whose headers it may include, beside its own.
allowed() {
    case $1 in
    base) echo "" ;;
    playbook | net | simulator) echo "base" ;;
    decision | incident) echo "base playbook" ;;
    kube) echo "base playbook decision incident net" ;;
    helm) echo "base playbook decision incident net kube" ;;
    situation) echo "base playbook decision incident net kube helm" ;;
    rollback) echo "base playbook decision incident net kube helm situation" ;;
    session) echo "base playbook decision incident net kube helm situation rollback" ;;
    command) echo "base playbook decision incident net kube helm situation rollback session simulator" ;;
    ui) echo "base playbook decision situation rollback session" ;;
    *) return 1 ;;
    esac
}

bad=$(mktemp) && trap 'rm -f "$bad"' EXIT
count=0
for file in $(find src ui -name '*.[ch]' | sort); do
    case $file in
    ui/*) room=ui ;;
    src/main.c) continue ;;
    *) room=${file#src/} room=${room%%/*} ;;
    esac
    count=$((count + 1))
    if ! may=$(allowed "$room"); then
        echo "$file: no room of that name is known here" >>"$bad"
        continue
    fi
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$file" | while read -r included; do
        [ "$included" = config.h ] && continue
        target=${included%%/*}
        case " $room $may " in
        *" $target "*) ;;
        *) echo "$file includes $included; $room may use: $room $may" >>"$bad" ;;
        esac
    done
    # Curses belongs to ui/ alone.
    [ "$room" = ui ] || ! grep -Eq '^[[:space:]]*#[[:space:]]*include[[:space:]]*<n?curses' "$file" ||
        echo "$file includes curses; only ui/ draws" >>"$bad"
done
echo "1..2"
[ "$count" -gt 0 ] && echo "ok 1 - $count files were read" || echo "not ok 1 - no file was found"
if [ -s "$bad" ]; then
    sed 's/^/# /' "$bad"
    echo "not ok 2 - every file includes only its own room and lower floors"
else
    echo "ok 2 - every file includes only its own room and lower floors"
fi
