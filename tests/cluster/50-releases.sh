# The list of all releases, from labels alone.
. "$SUITE_FOLDER/release.sh"

case_the_staged_release_is_listed() {
    console releases -A
    status_is 0
    holds 'one(d["releases"], name="documentdb-operator")["revision"] == 5' 'one(d["releases"], name="documentdb-operator")["status"] == "deployed"' \
        'one(d["releases"], name="documentdb-operator")["namespace"] == "documentdb-system"' \
        'one(d["releases"], name="documentdb-operator")["updated"].endswith("Z")'
}

case_long_tells_chart_and_version() {
    console releases -n documentdb-system --long
    status_is 0
    holds 'one(d["releases"], name="documentdb-operator")["chart"] == "documentdb-operator-1.3.0"' \
        'one(d["releases"], name="documentdb-operator")["appVersion"] == "1.3.0"'
}

case_an_empty_namespace() {
    fresh_namespace
    console releases -n "$namespace"
    status_is 0
    holds 'd == {"releases": []}'
}

case_the_newest_revision_and_its_status() {
    fresh_namespace
    upgrade alpha
    upgrade alpha --set tag=v2
    upgrade beta
    upgrade_fails beta --set tag=v2
    upgrade_fails gamma
    console releases -n "$namespace"
    status_is 0
    holds '[(r["name"], r["revision"], r["status"]) for r in d["releases"]] == [("alpha", 2, "deployed"), ("beta", 2, "failed"), ("gamma", 1, "failed")]'
}

case_config_maps_are_another_driver() {
    fresh_namespace
    upgrade one
    HELM_DRIVER=configmap upgrade two
    console releases -n "$namespace"
    holds '[r["name"] for r in d["releases"]] == ["one"]'
    HELM_DRIVER=configmap console releases -n "$namespace"
    holds '[r["name"] for r in d["releases"]] == ["two"]'
    HELM_DRIVER=sql console releases -n "$namespace"
    fails_with 2 HELM_DRIVER secret configmap
}

case_the_environments_namespace() {
    fresh_namespace
    upgrade shop
    HELM_NAMESPACE=$namespace console releases
    status_is 0
    holds '[r["name"] for r in d["releases"]] == ["shop"]'
}

case_the_same_as_helm_says() {
    "$HELM" list -A -a -o json >helm.json
    console releases -A
    status_is 0
    python3 -c '
import json
ours = {(r["namespace"], r["name"], r["revision"], r["status"]) for r in json.load(open("out"))["releases"]}
helms = {(r["namespace"], r["name"], int(r["revision"]), r["status"]) for r in json.load(open("helm.json"))}
assert ours == helms, ours ^ helms'
}
