# Which API versions are in use, and how that is known.

case_three_and_three() {
    console api-versions
    status_is 0
    holds 'd["byVersion"] == {"v1": 3, "v2": 3}' 'd["total"] == 6 and len(d["objects"]) == 6' 'sorted(d["served"]) == ["v1", "v2"]' \
        'd["storage"] == "v2"' 'd["deprecated"] == ["v1"]' '"v1" in d["storedVersions"] and "v2" in d["storedVersions"]' \
        'd["resource"] == "documentdbs.db.microsoft.com"' \
        '{o["name"] for o in d["objects"] if o["version"] == "v1"} == {"orders", "sessions", "audit"}' \
        'all(o["evidence"] and o["lastWrittenBy"] for o in d["objects"])' \
        'one(d["objects"], name="orders")["readyForNext"] is True and one(d["objects"], name="audit")["readyForNext"] is False'
}

case_objects_that_an_older_revision_would_orphan() {
    console api-versions
    status_is 0
    holds 'd["orphanedBy"] == {"4": []}'
    console api-versions --to 2
    status_is 0
    holds 'd["orphanedBy"] == {"2": ["dev/sandbox", "finance/ledger", "shop/catalog"]}'
}

case_a_new_object_is_counted() {
    fresh_namespace
    cat >database.yaml <<YAML
apiVersion: db.microsoft.com/v1
kind: DocumentDB
metadata: {name: suite, namespace: $namespace}
spec: {instances: 1, image: "registry.example/db:v1"}
YAML
    "$KUBECTL" create -f database.yaml >/dev/null 2>&1
    at_the_end "$KUBECTL" delete -f database.yaml
    console api-versions
    status_is 0
    # It declares no spec.version: who wrote it last, and with which version, is the evidence.
    holds 'd["byVersion"] == {"v1": 4, "v2": 3}' 'one(d["objects"], name="suite")["evidence"] == "managedFields"'
    sleep 1.1 # managedFields have whole seconds: within one, nobody can tell which write came last
    "$KUBECTL" get documentdbs.v2.db.microsoft.com suite -n "$namespace" -o json | sed 's/"instances": 1/"instances": 2/' >database.json
    "$KUBECTL" replace -f database.json >/dev/null
    console api-versions
    holds 'd["byVersion"] == {"v1": 3, "v2": 4}'
}

case_a_release_without_custom_kinds() {
    . "$SUITE_FOLDER/release.sh"
    fresh_namespace
    upgrade shop
    console api-versions --release shop -n "$namespace"
    status_is 0
}

case_without_evidence_it_is_unknown() {
    fresh_namespace
    cat >database.yaml <<YAML
apiVersion: db.microsoft.com/v1
kind: DocumentDB
metadata: {name: suite, namespace: $namespace}
spec: {instances: 1, image: "registry.example/db:v1"}
YAML
    "$KUBECTL" create -f database.yaml >/dev/null 2>&1
    at_the_end "$KUBECTL" delete -f database.yaml
    # A patch through another version's URL makes the API server forget all managedFields.
    "$KUBECTL" patch documentdbs.v2.db.microsoft.com suite -n "$namespace" --type merge -p '{"spec": {"enhancedMonitoring": true}}' >/dev/null
    console api-versions
    status_is 0
    holds 'd["byVersion"]["v1"] == 3 and d["byVersion"]["v2"] == 3' 'one(d["objects"], name="suite")["version"] is None'
}
