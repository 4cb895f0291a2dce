# Fingerprints: which components differ between what lives and what is proposed.
. "$SUITE_FOLDER/release.sh"

case_from_5_to_4() {
    console hashes
    status_is 0
    holds 'd["release"] == "documentdb-operator" and d["namespace"] == "documentdb-system"' 'd["from"] == 5 and d["to"] == 4 and d["toReason"]' \
        'sorted(d["changed"]) == ["cnpg", "operator", "sidecar"]' 'sorted(d["unchanged"]) == ["gateway", "postgres"]' \
        'len(d["components"]) == 5' '{c["name"] for c in d["components"] if c["stateful"]} >= {"postgres"}' \
        'all(len(c[side][key]) == 64 for c in d["components"] for side in ("from", "to") for key in ("imageHash", "configHash"))' \
        'all(c["change"] in ("changed", "same") for c in d["components"])'
}

case_an_image_hash_is_that_of_the_reference() {
    console hashes
    status_is 0
    expected=$(printf %s ghcr.io/microsoft/documentdb-operator:v1.3.1 | sha256sum | cut -d' ' -f1)
    holds 'one(d["components"], name="operator")["from"]["image"] == "ghcr.io/microsoft/documentdb-operator:v1.3.1"' \
        "one(d['components'], name='operator')['from']['imageHash'] == '$expected'" \
        'one(d["components"], name="operator")["from"]["imageHash"] != one(d["components"], name="operator")["to"]["imageHash"]' \
        'one(d["components"], name="sidecar")["from"]["imageHash"] == one(d["components"], name="sidecar")["to"]["imageHash"]' \
        'one(d["components"], name="sidecar")["from"]["configHash"] != one(d["components"], name="sidecar")["to"]["configHash"]'
}

case_fields_say_what_differs() {
    console hashes
    status_is 0
    holds 'any(f["from"] == "debug" and f["to"] == "info" and "LOG_LEVEL" in f["path"] for f in one(d["components"], name="cnpg")["fields"])' \
        'not one(d["components"], name="gateway")["fields"]'
}

case_to_2_everything_differs() {
    console hashes --to 2
    status_is 0
    holds 'd["from"] == 5 and d["to"] == 2' 'sorted(d["changed"]) == ["cnpg", "gateway", "operator", "postgres", "sidecar"]' \
        'd["unchanged"] == []' 'any(o["kind"] == "CustomResourceDefinition" for o in d["others"])'
}

case_the_target_of_4_is_2() {
    console hashes --from 4
    status_is 0
    holds 'd["from"] == 4 and d["to"] == 2'
}

case_the_same_revision_twice_differs_in_nothing() {
    console hashes --from 4 --to 4
    [ "$status" = 0 ] || [ "$status" = 3 ]
    holds 'd["changed"] == [] and d["others"] == []'
}

case_a_revision_that_does_not_exist() {
    console hashes --to 99
    fails_with 9 99 5
    console hashes --to five
    fails_with 2 five
    console hashes --to 0
    fails_with 2 0
}

case_a_failed_sixth_revision_lives_and_5_is_the_target() {
    keep_staged_release
    unpack_staged_chart
    refuses upgrade_staged --set image.operator.tag=v1.4.0 --set breakOnPurpose=true
    console hashes
    status_is 0
    holds 'd["from"] == 6 and d["to"] == 5' '"operator" in d["changed"] and "gateway" in d["unchanged"]'
}

case_an_upgrade_that_stopped_half_way_shows_per_object() {
    fresh_namespace
    upgrade shop
    upgrade_fails shop --set tag=v2
    console hashes --release shop -n "$namespace"
    status_is 0
    holds 'd["from"] == 2 and d["to"] == 1 and d["halfApplied"] is True' 'd["changed"] == ["shop-web"]' \
        'one(d["components"], name="shop-web")["live"]["image"] == "registry.example/web:v2"' \
        'one(d["objects"], kind="Deployment")["matches"] == "live"' 'one(d["objects"], kind="Ingress")["matches"] in ("missing", "target", "neither")'
}

case_after_a_rollback_to_4_the_proposal_is_not_5() {
    keep_staged_release
    "$HELM" rollback documentdb-operator 4 -n documentdb-system --wait >/dev/null
    console hashes
    status_is 0
    holds 'd["from"] == 6 and d["to"] == 2' 'len(d["changed"]) == 5'
    console hashes --to 4
    [ "$status" = 0 ] || [ "$status" = 3 ]
    holds 'd["changed"] == []'
}

case_drift_is_what_applying_the_manifest_would_change() {
    keep_staged_release
    console hashes
    holds 'not any(c["drift"] for c in d["components"])'
    "$KUBECTL" set env deployment/sidecar-injector -n cnpg-system LOG_LEVEL=trace >/dev/null
    console hashes
    status_is 0
    holds 'one(d["components"], name="sidecar")["drift"]' 'not one(d["components"], name="operator")["drift"]'
}

case_labels_that_helm_changes_are_no_change() {
    fresh_namespace
    upgrade shop
    upgrade shop --set label=other
    console hashes --release shop -n "$namespace"
    [ "$status" = 0 ] || [ "$status" = 3 ]
    holds 'd["changed"] == []' '"labels only" in json.dumps(one(d["components"], name="shop-web"))'
}

case_a_changed_config_map_changes_who_reads_it() {
    fresh_namespace
    upgrade shop
    upgrade shop --set greeting=hallo
    console hashes --release shop -n "$namespace"
    status_is 0
    holds 'd["changed"] == ["shop-web"]' '"configuration" in json.dumps(one(d["components"], name="shop-web"))' 'd["unchanged"] == ["shop-store"]'
}

case_other_objects_that_differ_are_listed() {
    fresh_namespace
    upgrade shop
    upgrade shop --set port=81
    console hashes --release shop -n "$namespace"
    status_is 0
    holds 'd["changed"] == []' 'one(d["others"], kind="Service")["name"] == "shop"'
}

case_a_stateful_set_is_stateful() {
    fresh_namespace
    upgrade shop
    upgrade shop --set tag=v2
    console hashes --release shop -n "$namespace"
    status_is 0
    holds 'one(d["components"], name="shop-store")["stateful"]' 'not one(d["components"], name="shop-web")["stateful"]' 'd["changed"] == ["shop-web"]'
}

case_secrets_are_never_told() {
    fresh_namespace
    upgrade shop
    upgrade shop --set secret=second-secret
    console hashes --release shop -n "$namespace"
    [ "$status" = 0 ]
    holds '"second-secret" not in json.dumps(d) and "first-secret" not in json.dumps(d)' 'one(d["others"], kind="Secret")["change"] == "changed"'
    refuses grep -q "$(printf second-secret | base64)" "$out"
}

case_several_releases_are_named() {
    fresh_namespace
    upgrade shop
    upgrade store
    console hashes -n "$namespace"
    fails_with 2 shop store --release
}

case_stored_hashes_are_written_and_pruned() {
    at_the_end "$KUBECTL" delete configmap -n documentdb-system documentdb-component-hashes-r{1,2,3,4,5} --ignore-not-found
    console hashes --store
    status_is 0
    "$KUBECTL" get configmap -n documentdb-system documentdb-component-hashes-r5 -o json >stored.json
    console hashes --store --prune 1
    status_is 0
    [ "$("$KUBECTL" get configmap -n documentdb-system -o name | grep -c component-hashes-r)" = 1 ]
    python3 -c '
import hashlib, json
data = json.load(open("stored.json"))["data"]
assert data["operator-hash"] == hashlib.sha256(b"ghcr.io/microsoft/documentdb-operator:v1.3.1").hexdigest(), data
assert "operator-config" in data'
}

case_read_only_writes_nothing() {
    console hashes --store --read-only
    fails_with 4 read-only
    refuses "$KUBECTL" get configmap -n documentdb-system documentdb-component-hashes-r5
}
