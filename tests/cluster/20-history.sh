# Revisions of a release: which one lives, and which one is proposed.
. "$SUITE_FOLDER/release.sh"

case_the_staged_release() {
    console history
    status_is 0
    holds 'd["release"] == "documentdb-operator" and d["namespace"] == "documentdb-system"' \
        '[r["revision"] for r in d["revisions"]] in ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])' \
        '{r["revision"]: r["status"] for r in d["revisions"]} == {1: "superseded", 2: "superseded", 3: "failed", 4: "superseded", 5: "deployed"}' \
        '[r["revision"] for r in d["revisions"] if r["live"]] == [5]' \
        '[r["revision"] for r in d["revisions"] if r["target"]] == [4]' \
        '{r["revision"]: r["onceDeployed"] for r in d["revisions"]} == {1: "yes", 2: "yes", 3: "no", 4: "yes", 5: "yes"}' \
        'all(r["updated"].endswith("Z") and r["chart"] and r["appVersion"] for r in d["revisions"])' \
        '"99999" in one(d["revisions"], revision=3)["description"]'
}

case_a_failed_upgrade_lives_and_the_one_before_is_proposed() {
    fresh_namespace
    upgrade shop
    upgrade shop --set tag=v2
    upgrade_fails shop --set tag=v3
    console history --release shop -n "$namespace"
    status_is 0
    holds '{r["revision"]: r["status"] for r in d["revisions"]} == {1: "superseded", 2: "deployed", 3: "failed"}' \
        '[r["revision"] for r in d["revisions"] if r["live"]] == [3]' '[r["revision"] for r in d["revisions"] if r["target"]] == [2]'
}

case_what_was_rolled_back_from_is_never_proposed() {
    fresh_namespace
    upgrade shop
    upgrade shop --set tag=v2
    upgrade shop --set tag=v3
    "$HELM" rollback shop 2 -n "$namespace" >/dev/null
    console history --release shop -n "$namespace"
    status_is 0
    holds '[r["revision"] for r in d["revisions"] if r["live"]] == [4]' '[r["revision"] for r in d["revisions"] if r["target"]] == [1]'
}

case_a_failed_install_is_no_target() {
    fresh_namespace
    upgrade_fails shop
    upgrade shop --set tag=v2
    upgrade shop --set tag=v3
    console history --release shop -n "$namespace"
    status_is 0
    holds 'one(d["revisions"], revision=1)["status"] == "superseded" or one(d["revisions"], revision=1)["status"] == "failed"' \
        'one(d["revisions"], revision=1)["onceDeployed"] == "no"' '[r["revision"] for r in d["revisions"] if r["target"]] == [2]'
}

case_a_first_revision_has_no_target() {
    fresh_namespace
    upgrade shop
    console history --release shop -n "$namespace"
    status_is 0
    holds '[r["live"] for r in d["revisions"]] == [True]' '[r["target"] for r in d["revisions"]] == [False]'
}

case_an_upgrade_that_is_still_pending_lives() {
    fresh_namespace
    upgrade shop
    upgrade shop --set tag=v2
    edit_record shop 2 'record["info"]["status"] = secret["metadata"]["labels"]["status"] = "pending-upgrade"' \
        'record["info"]["description"] = "Preparing upgrade"'
    edit_record shop 1 'record["info"]["status"] = secret["metadata"]["labels"]["status"] = "deployed"'
    console history --release shop -n "$namespace"
    status_is 0
    holds '[r["revision"] for r in d["revisions"] if r["live"]] == [2]' '[r["revision"] for r in d["revisions"] if r["target"]] == [1]'
}

case_numbers_are_sorted_as_numbers() {
    fresh_namespace
    for tag in 1 2 3 4 5 6 7 8 9 10 11; do
        upgrade shop --set tag="v$tag" --history-max 20
    done
    console history --release shop -n "$namespace"
    status_is 0
    holds 'sorted(r["revision"] for r in d["revisions"]) == list(range(1, 12))' \
        '[r["revision"] for r in d["revisions"] if r["live"]] == [11]' '[r["revision"] for r in d["revisions"] if r["target"]] == [10]'
}

case_records_in_config_maps() {
    fresh_namespace
    export HELM_DRIVER=configmap
    upgrade shop
    upgrade shop --set tag=v2
    console history --release shop -n "$namespace"
    status_is 0
    holds '[r["revision"] for r in d["revisions"] if r["live"]] == [2]' '[r["revision"] for r in d["revisions"] if r["target"]] == [1]'
    unset HELM_DRIVER
    console history --release shop -n "$namespace"
    fails_with 9 "'shop'"
}

case_helm_4_records() {
    [ -n "${HELM4:-}" ] || skip "HELM4 is not set"
    fresh_namespace
    HELM=$HELM4 upgrade shop
    HELM=$HELM4 upgrade shop --set tag=v2
    console history --release shop -n "$namespace"
    status_is 0
    holds '[r["applyMethod"] for r in d["revisions"]] == ["ssa", "ssa"]' '[r["revision"] for r in d["revisions"] if r["target"]] == [1]'
}

case_a_release_that_does_not_exist_names_the_nearest() {
    fresh_namespace
    upgrade storefront
    console history --release storfront -n "$namespace"
    fails_with 9 "'storfront'" "'storefront'" "$namespace"
}

case_a_namespace_that_does_not_exist() {
    console history --release documentdb-operator -n documentdb-sistem
    fails_with 9 documentdb-sistem "'documentdb-system'"
}

case_a_name_that_is_anothers_prefix() {
    fresh_namespace
    upgrade web
    upgrade web-shop
    upgrade web-shop --set tag=v2
    upgrade web.v1
    upgrade web.v1 --set tag=v2
    upgrade web.v1 --set tag=v3
    console history --release web -n "$namespace"
    status_is 0
    holds 'd["release"] == "web"' 'len(d["revisions"]) == 1'
    console history --release web.v1 -n "$namespace"
    status_is 0
    holds 'len(d["revisions"]) == 3'
}

case_a_name_that_no_release_can_have() {
    console history --release $'shop\e[31m' -n documentdb-system
    [ "$status" = 9 ] || [ "$status" = 2 ]
    refuses grep -q $'\e' "$out" "$err"
    console history --release 'shop,owner!=helm' -n documentdb-system
    [ "$status" = 9 ] || [ "$status" = 2 ]
}

case_the_table_for_people() {
    plain history
    status_is 0
    grep -q 'documentdb-operator-1.3.0' "$out"
    grep -q 'superseded' "$out"
    refuses grep -q $'\e' "$out"
}
