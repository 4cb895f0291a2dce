# The whole situation in one document.
. "$SUITE_FOLDER/release.sh"

# watch NAME: status --watch of a release, a line of JSON per change in the file "watched".
watch() {
    timeout 60 "$ROLLBACK_CONSOLE_PROGRAM" status --watch --json --release "$1" -n "$namespace" >watched 2>watch-errors </dev/null &
    at_the_end kill $!
    eventually test -s watched
}

# A second is what is promised; the bound is for a machine that does other things as well.
told_soon() {
    local at
    at=$(date +%s%N)
    until tail -1 watched | python3 -c 'import json, sys; d = json.loads(sys.stdin.readline()); sys.exit(not eval(sys.argv[1]))' "$1" 2>/dev/null; do
        (($(date +%s%N) - at < 10000000000)) || return 1
        sleep 0.05
    done
    echo "told after $((($(date +%s%N) - at) / 1000000)) ms"
}

case_one_document_tells_everything() {
    console status
    status_is 0
    holds '{"cluster", "release", "components", "apiVersions", "workloads", "databases", "ages"} <= set(d)' 'len(d["components"]) == 5' \
        'len(d["databases"]) == 6' 'd["apiVersions"]["byVersion"] == {"v1": 3, "v2": 3}' \
        'one(d["databases"], name="audit")["healthy"] is False' 'one(d["databases"], name="orders")["healthy"] is True' \
        'all(part["state"] in ("live", "unused") for part in d["ages"].values())'
}

case_workloads_are_counted() {
    fresh_namespace
    upgrade shop --set replicas=2 --wait
    console status --release shop -n "$namespace"
    status_is 0
    holds 'one(d["workloads"], kind="Deployment")["ready"] == 2 and one(d["workloads"], kind="Deployment")["desired"] == 2'
    "$KUBECTL" delete deployment shop-web -n "$namespace" >/dev/null
    console status --release shop -n "$namespace"
    status_is 0
    holds '"missing" in json.dumps(one(d["workloads"], kind="Deployment"))'
}

case_a_scaled_deployment_is_told_at_once() {
    fresh_namespace
    upgrade shop --wait
    watch shop
    "$KUBECTL" scale deployment shop-web -n "$namespace" --replicas 3 >/dev/null
    told_soon 'any(w["kind"] == "Deployment" and w["desired"] == 3 for w in d["workloads"])'
}

case_an_upgrade_is_told_at_once() {
    fresh_namespace
    upgrade shop --wait
    watch shop
    upgrade shop --set tag=v2
    told_soon '[r["revision"] for r in d["release"]["revisions"] if r["live"]] == [2]'
    upgrade_fails shop --set tag=v3
    told_soon '[r["revision"] for r in d["release"]["revisions"] if r["live"]] == [3]'
}
